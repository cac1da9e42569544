import type { AgentSettings } from '../../src/domain/agent.js';
import type { SpeechSuite } from '../../src/domain/ports/speech.js';
import { OpenAiServer } from './openai-server.js';

/**
 * An OpenAI-compatible server with real audio: what it is asked to say is spoken, and what it is sent is listened to, by the
 * providers of `suite`; it thinks with the suite's model and the agent's script. Whoever starts it closes it.
 */
export async function startEmbeddedOpenAiServer(suite: SpeechSuite, agent: AgentSettings): Promise<OpenAiServer> {
  return await OpenAiServer.start({
    speech: ({ input, signal }) =>
      suite.tts.synthesize({ text: input, language: agent.language, voiceSettings: agent.voiceSettings, signal }),
    transcription: async ({ pcm, signal }) => {
      const { language } = agent;
      const vocabulary = suite.vocabulary ?? { sentences: [] };
      const utterance = suite.stt.open({ language, vocabulary, band: 'narrow', signal });
      utterance.write(pcm);
      return (await utterance.finish()).text;
    },
    chat: ({ messages, tools, signal }) => suite.llm.reply({ agent, messages, tools, signal }),
  });
}
