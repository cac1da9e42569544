import { FakeClock } from '../../src/core/clock.js';
import { DEFAULT_TENANT } from '../../src/core/ids.js';
import { silentLogger } from '../../src/core/log.js';
import type { Agent } from '../../src/domain/agent.js';
import type { Toolboxes } from '../../src/domain/ports/toolbox.js';
import type { SessionEvent } from '../../src/sessions/session-events.js';
import { NullRecognizer } from '../../src/speech/embedded/null-recognizer.js';
import { openDatabase } from '../../src/storage/database.js';
import { FakeLlm, FakeTts } from './fake-speech.js';
import { temporaryDirectory } from './offhook-process.js';
import { sampleAgent } from './sample-records.js';
import { textSessions } from './text-sessions.js';

type Options = { agent?: Partial<Agent>; toolboxes?: Toolboxes; keys?: string[]; dataDir?: string };

/** Sessions of one agent with a stand-in for its model. */
export async function sessionParts(t: { teardown(handler: () => void | Promise<void>): void }, options: Options = {}) {
  const clock = new FakeClock();
  const dataDir = options.dataDir ?? temporaryDirectory(t);
  const database = await openDatabase(dataDir);
  const llm = new FakeLlm(clock);
  const suite = { stt: new NullRecognizer(), llm, tts: new FakeTts(clock) };
  const { toolboxes, keys = [] } = options;
  const sessions = textSessions({ database, dataDir, suite, clock, log: silentLogger, keys, ...(toolboxes && { toolboxes }) });
  const agent = sampleAgent({ startingMessage: undefined, ...options.agent });
  await database.agents.insert(agent);
  const events: SessionEvent[] = [];
  sessions.onEvent((event) => events.push(event));
  const open = () => sessions.open(DEFAULT_TENANT, { agentId: agent.id, extType: 'web', extId: 'visitor-1' });
  t.teardown(async () => {
    await sessions.shutDown();
    await database.close();
  });
  return { clock, dataDir, database, llm, sessions, agent, events, open };
}
