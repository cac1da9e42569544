import { stat } from 'node:fs/promises';
import type { CallerStep } from '../caller/scripted-caller.js';
import type { Call, TranscriptEntry } from '../domain/call.js';

/** What the demo's caller does. Without a recogniser the agent still hears *that* somebody speaks, and keys carry the meaning. */
export function demoSteps(understands: boolean): CallerStep[] {
  if (!understands) {
    return [
      { type: 'say', text: 'What are your opening hours?' },
      { type: 'press', digits: '1' },
      { type: 'interrupt', text: 'Wait a moment please, I have another question.' },
      { type: 'press', digits: '2' },
      { type: 'press', digits: '#' },
    ];
  }
  return [
    { type: 'say', text: 'What are your opening hours?' },
    { type: 'say', text: 'Tell me about off hook.' },
    { type: 'interrupt', text: 'How much does a repair cost?' },
    { type: 'press', digits: '2' },
    { type: 'say', text: 'Nothing else, goodbye.' },
  ];
}

export type Check = { what: string; ok: boolean };

/** Everything the demo promises, each held against what is on record. `verbatim` = the replies are the script's own words. */
export async function judge(
  call: Call,
  entries: readonly TranscriptEntry[],
  options: { understands: boolean; verbatim: boolean; recordingFile: string; callerExitCode: number | null },
): Promise<Check[]> {
  const agent = entries.filter((entry) => entry.speaker === 'agent');
  const caller = entries.filter((entry) => entry.speaker === 'caller');
  const cut = agent.find((entry) => entry.interrupted);
  const said = (words: string): boolean => !options.verbatim || agent.some((entry) => entry.text.includes(words));
  const understood = caller.filter((entry) => entry.text !== '' && !entry.text.startsWith('[digit'));
  const recordingBytes = await stat(options.recordingFile).then(
    (file) => file.size,
    () => 0,
  );
  const checks: Check[] = [
    { what: 'the agent greeted', ok: agent[0] !== undefined && agent[0].heardText !== '' && entries[0]?.speaker === 'agent' },
    { what: 'the agent was cut off in mid-sentence', ok: cut !== undefined && cut.heardText.length < cut.text.length },
    { what: 'and answered what it was interrupted with', ok: cut !== undefined && answered(cut, agent, options) },
    {
      what: 'a key press did what the rule says',
      ok: caller.some((entry) => entry.text.includes('digit 2')) && said('River Street'),
    },
    { what: 'the agent said goodbye to the last word', ok: agent.at(-1)?.interrupted === false },
    { what: 'and hung up', ok: call.termination?.reason === 'agent_hangup' && options.callerExitCode === 0 },
    { what: 'the recording is there', ok: recordingBytes > 100_000 },
  ];
  if (options.understands) {
    checks.splice(1, 0, { what: 'the caller was understood', ok: understood.length >= 3 });
    checks.splice(2, 0, { what: 'and answered to the point', ok: said('nine to six') });
  }
  return checks;
}

function answered(
  cut: TranscriptEntry,
  agent: readonly TranscriptEntry[],
  options: { understands: boolean; verbatim: boolean },
): boolean {
  const after = agent.filter((entry) => entry.sequence > cut.sequence);
  return options.verbatim && options.understands ? after[0]?.text.includes('sixty dollars') === true : after.length > 0;
}
