import { randomUUID } from 'node:crypto';
import { startUserAgent } from '../../src/user-agent.js';
import { speak } from '../bench/caller-speech.js';
import { callAgent, type FinishedCall, type RudeCaller } from '../bench/rude-caller.js';
import { ADMIN_KEY, type ApiCall, type ServerProcess, startServerProcess } from '../bench/server-process.js';

type Phone = Awaited<ReturnType<typeof startUserAgent>>;

/** A caller's call as it went, and what the server wrote down about it. */
export type Judged = FinishedCall & { record: ApiCall };

/** The server under test, and a telephone to call it with. */
export class AgentLine {
  readonly #server: ServerProcess;
  readonly #phone: Phone;
  readonly #spoken = new Map<string, Promise<Int16Array>>();

  private constructor(server: ServerProcess, phone: Phone) {
    this.#server = server;
    this.#phone = phone;
  }

  static async open(): Promise<AgentLine> {
    const server = await startServerProcess('');
    return new AgentLine(server, await startUserAgent({}, { bind: '127.0.0.1', voices: 1 }));
  }

  /** At 16 kHz; made once. */
  say(text: string, voice: string): Promise<Int16Array> {
    const key = `${voice}: ${text}`;
    const spoken = this.#spoken.get(key) ?? speak(this.#phone.tts, text, voice);
    this.#spoken.set(key, spoken);
    return spoken;
  }

  /** Makes an agent over REST and returns the address it answers at. */
  async createAgent(settings: object): Promise<string> {
    const sipUser = `eval-${randomUUID().slice(0, 8)}`;
    const response = await fetch(`${this.#server.url}/api/v1/agents`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: sipUser, sip_user: sipUser, system_prompt: 'Be brief.', ...settings }),
    });
    if (!response.ok) throw new Error(`POST agents: ${response.status} ${await response.text()}`);
    return sipUser;
  }

  /** Calls are looked up once all of them are over: the server finishes its record after the caller has hung up. */
  async call(agent: string, scripts: readonly ((caller: RudeCaller) => Promise<void>)[], atOnce: number): Promise<Judged[]> {
    const uri = `sip:${agent}@127.0.0.1:${this.#server.sipPort}`;
    const waiting = scripts.entries();
    const finished: FinishedCall[] = [];
    const lane = async (): Promise<void> => {
      for (const [index, script] of waiting) finished[index] = await callAgent(this.#phone, uri, script);
    };
    await Promise.all(Array.from({ length: atOnce }, lane));
    const records = new Map((await this.#server.calls({ details: true })).map((call) => [call.sip_call_id, call]));
    return finished.map((call) => {
      const record = records.get(call.sipCallId);
      if (!record) throw new Error(`the server has no record of ${call.sipCallId}`);
      return { ...call, record };
    });
  }

  async close(): Promise<void> {
    await this.#phone.close();
    await this.#server.stop();
  }
}

/** What the server understood of the caller, and what its agent said. */
export const callerWords = ({ record }: Judged): string[] => wordsIn(record, 'user');
export const agentWords = ({ record }: Judged): string[] => wordsIn(record, 'agent');

const wordsIn = (record: ApiCall, role: string): string[] =>
  record.transcript.filter((entry) => entry.role === role).map((entry) => entry.message);
