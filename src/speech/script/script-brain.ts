import type { AgentSettings, Script, ScriptIntent } from '../../domain/agent.js';
import type { Expectation } from '../../domain/expectation.js';
import type { UtteranceReader } from '../../domain/ports/reports.js';
import {
  type ChatMessage,
  END_CALL_TOOL,
  type LanguageModel,
  type ReplyEvent,
  type ReplyRequest,
  type ToolCall,
} from '../../domain/ports/speech.js';
import { type IntentMatch, IntentMatcher } from './intent-matcher.js';
import { Knowledge, sentencesOf } from './knowledge.js';
import { Recent } from './recent.js';
import { fillReply, type SlotValues, slotValues } from './slots.js';
import { lastToolStep, type ToolStep, toolCallOf, wordsFor } from './tool-step.js';

const DEFAULT_FALLBACK = 'I am sorry, I did not understand that. Could you say it in other words?';
const NOTHING_TO_REPEAT = 'How can I help you?';
const REPEAT = 'repeat';
/** Agents whose scripts and knowledge stay compiled. */
const CACHED_AGENTS = 32;

/** An intent below this gives way to a knowledge passage that has nearly every informative word of the question. */
const DOUBTFUL_SCORE = 0.62;
const CERTAIN_COVERAGE = 0.9;

/** Two intents weigh words badly, so what everybody may say must be said nearly as it stands. */
const EVERYDAY_SCORE = 0.7;

/** What every caller may say to any agent. The script is asked first. */
const EVERYDAY: Pick<Script, 'intents'> = {
  intents: [
    {
      name: 'goodbye',
      phrases: ['goodbye', 'bye', 'bye bye', 'good bye then', 'thank you goodbye', 'nothing else goodbye'],
      reply: 'Goodbye!',
      endCall: true,
    },
    {
      name: REPEAT,
      phrases: ['could you repeat that', 'repeat that please', 'say that again', 'come again', 'what did you say', 'pardon'],
      reply: '',
      endCall: false,
    },
  ],
};

/** `tool`: what is to be done before anything is said. */
type Decision = { text: string; endCall: boolean; expect?: Expectation; tool?: ToolCall };

/** A language model without a language model: matches what the caller said with the agent's script, then with its knowledge. */
export class ScriptBrain implements LanguageModel, UtteranceReader {
  readonly name = 'script';
  readonly #everyday = new IntentMatcher(EVERYDAY, EVERYDAY_SCORE);
  readonly #matchers = new WeakMap<Script, IntentMatcher>();
  readonly #compiled = new Recent(CACHED_AGENTS, (script) => new IntentMatcher(JSON.parse(script) as Script));
  readonly #knowledge = new Recent(
    CACHED_AGENTS,
    (text) => new Knowledge(text),
    (knowledge) => knowledge.close(),
  );

  /** Streams sentence by sentence, so that the first is spoken while the rest is not yet synthesised. */
  async *reply(request: ReplyRequest): AsyncGenerator<ReplyEvent> {
    const { agent, messages, signal } = request;
    const step = lastToolStep(messages, agent.script?.intents ?? []);
    if ((!step && messages.at(-1)?.role !== 'user') || signal.aborted) return;
    const decision = step ? told(step, slotsHeard(messages)) : this.#decide(agent, messages, knowledgeOf(request));
    const { text, endCall, expect } = decision;
    if (decision.tool) {
      yield { type: 'tool', call: decision.tool };
      return;
    }
    if (expect) yield { type: 'expect', expectation: expect };
    const sentences = sentencesOf(text);
    for (const [i, sentence] of sentences.entries()) {
      if (signal.aborted) return;
      yield { type: 'text', text: i < sentences.length - 1 ? `${sentence} ` : sentence };
    }
    if (endCall && !signal.aborted) {
      yield { type: 'tool', call: { id: `end_call_${messages.length}`, name: END_CALL_TOOL.name, arguments: {} } };
    }
  }

  read(agent: AgentSettings, text: string): { intent: string | undefined; slots: SlotValues } {
    const slots = slotValues(text);
    return { intent: this.#match(agent, text, slots)?.intent.name, slots };
  }

  /** Compiles what the agent's first turn needs. */
  prepare(agent: AgentSettings): void {
    if (agent.script) this.#matcherFor(agent.script);
    if (agent.knowledge) this.#knowledge.get(agent.knowledge);
  }

  close(): void {
    this.#knowledge.clear();
  }

  #decide(agent: AgentSettings, messages: readonly ChatMessage[], knowledge: string): Decision {
    const slots = slotsHeard(messages);
    const heard = heardSinceReply(messages);
    const whole = heard.join(' ');
    // The last utterance decides. One that makes no sense alone may be the rest of a sentence cut in two by a pause.
    const attempts = heard.length > 1 ? [heard.at(-1)!, whole] : [whole];
    for (const attempt of attempts) {
      const match = this.#match(agent, attempt, slots);
      const answer = knowledge === '' ? undefined : this.#knowledge.get(knowledge).answer(attempt);
      if (answer && (!match || (match.score < DOUBTFUL_SCORE && answer.coverage >= CERTAIN_COVERAGE))) {
        return { text: answer.text, endCall: false };
      }
      if (match) return this.#act(agent, match.intent, slots, messages);
    }
    return { text: agent.script?.fallback.trim() || DEFAULT_FALLBACK, endCall: false };
  }

  #act(agent: AgentSettings, intent: ScriptIntent, slots: SlotValues, messages: readonly ChatMessage[]): Decision {
    const { tool, endCall, expect } = intent;
    const text = textOf(intent, slots, messages);
    const index = agent.script?.intents.findIndex(({ name }) => name === intent.name) ?? -1;
    if (tool === undefined || index < 0) return { text, endCall, ...(expect && { expect }) };
    return { text: '', endCall: false, tool: toolCallOf(intent, index, tool, slots, messages.length) };
  }

  #match(agent: AgentSettings, text: string, slots: SlotValues): IntentMatch | undefined {
    return (agent.script && this.#matcherFor(agent.script).match(text, slots)) ?? this.#everyday.match(text);
  }

  /** A call keeps its agent's settings for its whole length; another call of the same agent has a copy of them. */
  #matcherFor(script: Script): IntentMatcher {
    const matcher = this.#matchers.get(script) ?? this.#compiled.get(JSON.stringify(script));
    this.#matchers.set(script, matcher);
    return matcher;
  }
}

function told(step: ToolStep, slots: SlotValues): Decision {
  const { endCall = false, expect } = step.intent ?? {};
  return { text: fillReply(wordsFor(step), slots), endCall: endCall && step.done, ...(expect && step.done && { expect }) };
}

/** The agent's own text, or else that and what was found in its documents. */
function knowledgeOf({ agent, material }: ReplyRequest): string {
  const passages = (material?.passages ?? []).map(({ heading, text }) => `# ${heading.split(' > ').at(-1) ?? ''}\n${text}`);
  return [agent.knowledge ?? '', ...passages].filter((text) => text !== '').join('\n\n');
}

function textOf(intent: ScriptIntent, slots: SlotValues, messages: readonly ChatMessage[]): string {
  if (intent.name === REPEAT && intent.reply === '') {
    return messages.findLast((message) => message.role === 'assistant' && message.content !== '')?.content ?? NOTHING_TO_REPEAT;
  }
  return fillReply(intent.reply, slots);
}

/** What the caller said since the agent last spoke, oldest first. */
function heardSinceReply(messages: readonly ChatMessage[]): string[] {
  const since = messages.slice(messages.findLastIndex((message) => message.role !== 'user') + 1);
  return since.flatMap((message) => (message.role === 'user' && message.utterances) || [message.content]);
}

/** Slots the caller has filled so far; a later value replaces an earlier one. */
function slotsHeard(messages: readonly ChatMessage[]): SlotValues {
  const values: SlotValues = {};
  for (const message of messages) if (message.role === 'user') Object.assign(values, slotValues(message.content));
  return values;
}
