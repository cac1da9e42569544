import { randomUUID } from 'node:crypto';
import { startUserAgent } from '../../src/user-agent.js';
import { speak } from '../bench/caller-speech.js';
import { callAgent, type FinishedCall, type RudeCaller } from '../bench/rude-caller.js';
import { ADMIN_KEY, type ApiCall, type ServerProcess, startServerProcess } from '../bench/server-process.js';
import type { EchoPath } from '../support/echo-line.js';
import { EchoedLine } from './echo-path.js';

export type Script = (caller: RudeCaller) => Promise<void>;
type Phone = Awaited<ReturnType<typeof startUserAgent>>;

/** A caller's call as it went, and what the server wrote down about it. */
export type Judged = FinishedCall & { record: ApiCall };

/** The server under test, and a telephone to call it with. */
export class AgentLine {
  readonly #server: ServerProcess;
  readonly #phone: Phone;
  /** Of agents, by their addresses. */
  readonly #ids = new Map<string, string>();
  readonly #spoken = new Map<string, Promise<Int16Array>>();

  private constructor(server: ServerProcess, phone: Phone) {
    this.#server = server;
    this.#phone = phone;
  }

  /** `configYaml` and `env`: what the server is to have beside the defaults. */
  static async open(configYaml = '', env: Record<string, string> = {}): Promise<AgentLine> {
    const server = await startServerProcess(configYaml, { env });
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
    const body = { name: sipUser, sip_user: sipUser, system_prompt: 'Be brief.', ...settings };
    this.#ids.set(sipUser, (await this.#post('agents', body)).id);
    return sipUser;
  }

  /** Gives the agent of that address something to do. */
  async createAction(agent: string, action: object): Promise<void> {
    await this.#post(`agents/${this.#ids.get(agent)}/actions`, action);
  }

  async #post(path: string, body: object): Promise<{ id: string }> {
    const response = await fetch(`${this.#server.url}/api/v1/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${await response.text()}`);
    return ((await response.json()) as { data: { id: string } }).data;
  }

  /** With `line`, each over a line that returns the agent's voice. Calls are looked up once all of them are over: the server finishes its record after the caller has hung up. */
  async call(agent: string, scripts: readonly Script[], atOnce: number, line?: (index: number) => EchoPath): Promise<Judged[]> {
    const uri = `sip:${agent}@127.0.0.1:${this.#server.sipPort}`;
    const waiting = scripts.entries();
    const finished: FinishedCall[] = [];
    const lane = async (): Promise<void> => {
      for (const [index, script] of waiting) {
        const echoed = line && (await EchoedLine.open(line(index)));
        try {
          finished[index] = await callAgent(this.#phone, uri, script, echoed);
        } finally {
          await echoed?.close();
        }
      }
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
