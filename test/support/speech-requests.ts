import type { AgentSettings } from '../../src/domain/agent.js';
import { END_CALL_TOOL, type ReplyRequest, type SynthesisRequest } from '../../src/domain/ports/speech.js';

export const plainAgent: AgentSettings = {
  name: 'Test agent',
  systemPrompt: 'You sell bicycles.',
  startingMessage: 'Hello!',
  language: 'en-US',
  voiceSettings: {},
  dtmfRules: {},
  script: undefined,
  knowledge: undefined,
  providers: {},
};

export function replyRequest(said: string, changes: Partial<ReplyRequest> = {}): ReplyRequest {
  const messages = [{ role: 'user', content: said }] as const;
  return { agent: plainAgent, messages, tools: [END_CALL_TOOL], signal: new AbortController().signal, ...changes };
}

export function synthesisRequest(text: string, changes: Partial<SynthesisRequest> = {}): SynthesisRequest {
  return { text, language: 'en-US', voiceSettings: {}, signal: new AbortController().signal, ...changes };
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

/** A sound no two samples of which are alike, so that a lost, doubled or shifted byte shows. */
export function ramp(samples: number): Int16Array {
  return Int16Array.from({ length: samples }, (_, i) => ((i * 7_919) % 65_536) - 32_768);
}

/** All chunks one after the other. */
export function joined(chunks: readonly { pcm: Int16Array }[]): Int16Array {
  return Int16Array.from(chunks.flatMap((chunk) => [...chunk.pcm]));
}
