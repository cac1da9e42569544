import type { AgentSettings } from '../domain/agent.js';
import type { Call, TranscriptEntry } from '../domain/call.js';
import type { UtteranceReader } from '../domain/ports/reports.js';
import type { ExtractedValue, ReportContent, ReportOutcome, ReportStatistics } from '../domain/report.js';
import { digitOf, spoken } from './conversation-facts.js';

export type ReportMaterial = {
  call: Pick<Call, 'direction' | 'agentName' | 'answeredAtMs' | 'answeredBy' | 'termination'>;
  agent: AgentSettings;
  entries: readonly TranscriptEntry[];
  statistics: ReportStatistics;
};

const MAX_ITEMS = 20;
const MAX_QUOTED_CHARACTERS = 200;
/** How questions begin in English, where the recogniser writes no question mark. */
const QUESTION =
  /^(?:(?:and|so|but|okay|well|hello|hi|um|uh|sorry|excuse me)\s+)*(?:what|when|where|who|whose|which|why|how|can|could|would|will|do|does|did|is|are|may|should|have|has)\b/iu;
const EMAIL = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;
const SPOKEN_EMAIL = /\b([\p{L}\p{N}_-]+(?: dot [\p{L}\p{N}_-]+)*) at ([\p{L}\p{N}-]+(?: dot [\p{L}\p{N}-]+)+)\b/giu;
const SLOT_NAMES: Readonly<Record<string, string>> = { day: 'days', time: 'times', number: 'numbers', name: 'names' };

/** A report that claims nothing but what the records show: counted, quoted, or matched with the agent's script. */
export function embeddedReport(material: ReportMaterial, reader: UtteranceReader): ReportContent {
  const { call, agent, entries } = material;
  const said = spoken(entries, 'caller').filter(({ text }) => text !== '');
  const readings = said.map(({ text }) => reader.read(agent, text));
  const intents = unique(readings.flatMap(({ intent }) => intent ?? []));
  const questions = unique(said.map(({ text }) => text).filter((text) => text.includes('?') || QUESTION.test(text)));
  const keys = entries.flatMap((entry) => digitOf(entry) ?? []).join(' ');

  const extracted: Record<string, ExtractedValue> = {};
  const put = (key: string, values: readonly string[]): void => {
    if (values.length > 0) extracted[key] = values;
  };
  put('intents', intents);
  put('questions', questions.map(quotable));
  for (const [slot, name] of Object.entries(SLOT_NAMES)) put(name, unique(readings.flatMap(({ slots }) => slots[slot] ?? [])));
  put('emails', unique(said.flatMap(({ text }) => emailsIn(text))));
  if (keys !== '') extracted['keys_pressed'] = keys;

  const requests = intents.length > 0 ? [`Recognised requests: ${intents.join(', ')}`] : [];
  const summary = [howItWas(material), whoSpoke(material.statistics), ...requests.map((text) => `${text}.`), howItEnded(call)];

  return {
    summary: summary.filter((part) => part !== '').join(' '),
    outcome: outcomeOf(call, said.length > 0 || keys !== ''),
    sentiment: undefined,
    topics: intents.map((intent) => intent.replace(/[-_]+/gu, ' ')),
    keyPoints: [
      ...questions.map((question) => `The caller asked: “${quotable(question)}”`),
      ...requests,
      ...(keys === '' ? [] : [`Keys pressed: ${keys}`]),
    ].slice(0, MAX_ITEMS),
    actionItems: [],
    extractedData: extracted,
  };
}

function outcomeOf({ answeredAtMs, answeredBy }: ReportMaterial['call'], anySaid: boolean): ReportOutcome {
  if (answeredAtMs === undefined) return 'not_answered';
  if (answeredBy?.verdict === 'machine') return 'voicemail';
  return anySaid ? 'unknown' : 'no_conversation';
}

function howItWas({ call, statistics }: ReportMaterial): string {
  const kind = call.direction === 'inbound' ? 'Inbound call to' : 'Outbound call by';
  const name = call.agentName === '' ? 'an agent' : call.agentName;
  return call.answeredAtMs === undefined
    ? `${kind} ${name}, not answered.`
    : `${kind} ${name}, ${seconds(statistics.durationMs)}.`;
}

function whoSpoke({ callerUtterances, callerSpeechMs, agentUtterances, agentSpeechMs, interruptions }: ReportStatistics): string {
  if (callerUtterances + agentUtterances === 0) return '';
  const interrupted = interruptions === 0 ? '' : ` The agent was interrupted ${times(interruptions)}.`;
  return (
    `The caller spoke ${times(callerUtterances)} (${seconds(callerSpeechMs)}), ` +
    `the agent ${times(agentUtterances)} (${seconds(agentSpeechMs)}).${interrupted}`
  );
}

const ENDINGS: Readonly<Record<string, string>> = {
  caller_hangup: 'The caller hung up.',
  callee_hangup: 'The called party hung up.',
  agent_hangup: 'The agent hung up.',
  silence: 'The agent hung up after a long silence.',
  voicemail_left: 'The agent left its message on an answering machine.',
  voicemail: 'An answering machine was hung up on.',
  fax: 'A fax machine was hung up on.',
  api_hangup: 'It was ended through the API.',
  cost_limit: 'It was ended because it had cost as much as it may.',
  max_duration: 'It was ended at the longest duration allowed.',
};

function howItEnded({ termination }: Pick<Call, 'termination'>): string {
  if (!termination) return '';
  return ENDINGS[termination.reason] ?? `It ended with: ${termination.reason.replaceAll('_', ' ')}.`;
}

const emailsIn = (text: string): string[] => [
  ...[...text.matchAll(EMAIL)].map(([email]) => email),
  ...[...text.matchAll(SPOKEN_EMAIL)].map(([, user = '', host = '']) =>
    `${user}@${host}`.replaceAll(/ dot /giu, '.').toLowerCase(),
  ),
];

const unique = (values: readonly string[]): string[] => [...new Set(values)].slice(0, MAX_ITEMS);
const quotable = (text: string): string =>
  text.length > MAX_QUOTED_CHARACTERS ? `${text.slice(0, MAX_QUOTED_CHARACTERS)}…` : text;
const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`;
const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);
