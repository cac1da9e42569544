import { isUtf8 } from 'node:buffer';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import * as fc from 'fast-check';
import t from 'tap';
import { systemClock } from '../../../src/core/clock.js';
import { answerChecker } from '../../support/answer-checker.js';
import { type FuzzRequest, requestsOf } from '../../support/fuzz/fuzz-request.js';
import { KNOWN_ID } from '../../support/fuzz/schema-arbitrary.js';
import { operationsOf, servedDocument } from '../../support/openapi.js';
import { overviewKeys } from '../../support/overview-keys.js';
import { sampleCall, sampleCompletedCall, sampleEntry } from '../../support/sample-records.js';
import { startTestServer, TEST_KEY, type TestServer } from '../../support/server.js';
import { SipPeer } from '../../support/sip-peer.js';
import { responseText } from '../../support/sip-texts.js';

/** The same requests each time; `OFFHOOK_FUZZ_SEED=random` looks further, and a number that was printed looks again. */
const SEED = process.env['OFFHOOK_FUZZ_SEED'] ?? '20260131';
const RUNS = Number(process.env['OFFHOOK_FUZZ_RUNS'] ?? 40);
const LIMIT_MS = RUNS <= 40 ? 50_000 : 3_600_000;
/** An answer that takes longer is none. */
const PATIENCE_MS = 20_000;
const MAX_IDS = 20;
const REQUESTS_OF_A_KEY = 90;
/** For its dozen operations. */
const OVERVIEW_KEYS = Math.ceil((12 * RUNS) / REQUESTS_OF_A_KEY);

type Answer = { status: number; headers: Headers; text: string };

/** Sends what `fetch` would not, and resolves when the answer is there; of an endless one, with its beginning. */
async function send(port: number, { method, path, headers, body }: FuzzRequest, key: string): Promise<Answer> {
  const framing = body ? { 'content-length': body.length } : {};
  const options = { port, host: '127.0.0.1', method, path };
  const outgoing = request({ ...options, headers: { authorization: `Bearer ${key}`, ...framing, ...headers } });
  const cancel = systemClock.schedule(PATIENCE_MS, () => outgoing.destroy(new Error('no answer')));
  try {
    outgoing.end(body);
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    const answer = { status: response.statusCode ?? 0, headers: new Headers(response.headers as Record<string, string>) };
    if (response.headers['content-type'] === 'text/event-stream') {
      response.destroy();
      return { ...answer, text: '' };
    }
    return { ...answer, text: await text(response) };
  } finally {
    cancel();
  }
}

/** The ids that the server has given out so far by kind, the newest first. */
class KnownIds {
  readonly #ids = new Map<string, string[]>();

  /** From the answer of an operation on `/agents`, or on one of them. */
  learn(path: string, body: string): void {
    const kind = kindOf(path);
    const found = [...body.matchAll(/"data":\[?\{"id":"([0-9a-f-]{36})"/g)].map((match) => match[1] ?? '');
    this.#ids.set(kind, [...new Set([...found, ...(this.#ids.get(kind) ?? [])])].slice(0, MAX_IDS));
  }

  fill({ path, body, ...rest }: FuzzRequest): FuzzRequest {
    const idOf = (kind: string, index: number): string => {
      const ids = this.#ids.get(kind) ?? [];
      return ids[index % ids.length] ?? '00000000-0000-7000-8000-00000000dead';
    };
    const fill = (made: string): string =>
      made.replaceAll(KNOWN_ID, (_, kind: string, index: string) => idOf(kind, Number(index)));
    // Bytes that are no UTF-8 hold no placeholder either.
    const filled = body?.includes('@') && isUtf8(body) ? Buffer.from(fill(body.toString('utf8'))) : body;
    return { ...rest, path: fill(path), body: filled };
  }
}

/** `agents` of `/api/v1/agents/{id}/x`. */
const kindOf = (path: string): string => /([\w-]+)(\/\{.*)?$/.exec(path)?.[1] ?? '';

void t.test(
  'whatever is asked, the answer is one the document promises, no answer is a failure of ours, and the server lives on',
  { timeout: LIMIT_MS * 4 },
  async (t) => {
    // Whoever is called is busy.
    const callee = await SipPeer.udp(() => server.sipPort);
    t.teardown(() => callee.close());
    callee.onMessage((message) => {
      if (message.method === 'INVITE' && message.status === 0) callee.send(responseText(message, 486, 'Busy Here', 'callee'));
    });
    const outbound = { gatewayUri: `sip:{number}@127.0.0.1:${callee.port}`, callsPerSecond: 50 };
    const server: TestServer & { close(): Promise<void> } = await startTestServer({
      http: { port: 0, rateLimitPerMinute: 1_000_000 },
      outbound,
    });
    t.teardown(() => server.close());
    const seed = SEED === 'random' ? Math.floor(systemClock.nowMs() % 2 ** 31) : Number(SEED);
    t.comment(`OFFHOOK_FUZZ_SEED=${seed} OFFHOOK_FUZZ_RUNS=${RUNS}`);
    const document = await servedDocument({ raw: (path) => server.api(path) });
    const check = answerChecker(document);
    const known = new KnownIds();
    const running = sampleCall({ status: 'in_progress' });
    const recorded = sampleCompletedCall(undefined, { recordingPath: 'recording.wav' });
    await writeFile(join(server.dataDir, 'recording.wav'), Buffer.alloc(1000));
    const waiting = sampleCall();
    for (const call of [recorded, running, waiting]) await server.calls.insert(call);
    await server.calls.appendTranscript(sampleEntry(running.id, 1));
    for (const call of [recorded, running, waiting]) known.learn('/calls', `"data":{"id":"${call.id}"`);

    const operations = operationsOf(document).sort((a, b) => rank(a.method) - rank(b.method));
    const keyFor = await keysOf(server);
    const endMs = systemClock.monotonicMs() + LIMIT_MS;
    for (const [index, operation] of operations.entries()) {
      const statuses = new Map<number, number>();
      const property = fc.asyncProperty(requestsOf(operation, document), async (made) => {
        const answer = await send(server.httpPort, known.fill(made), keyFor(operation.path));
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        if (answer.status >= 500 && answer.status !== 503) throw new Error(`answered ${answer.status}: ${answer.text}`);
        const faults = check(`${operation.method} ${operation.path}`, answer);
        if (faults.length > 0) throw new Error(faults.join('\n'));
        known.learn(operation.path, answer.text);
      });
      const shareMs = (endMs - systemClock.monotonicMs()) / (operations.length - index);
      const details = await fc.check(property, { seed, numRuns: RUNS, interruptAfterTimeLimit: Math.max(100, shareMs) });
      // Time that ran out is no fault of the server's.
      const failed = details.failed && details.counterexample !== null;
      const tally = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${count} × ${status}`);
      t.notOk(failed, `${operation.name}: ${failed ? explain(details) : tally.join(', ')}`);
    }
    t.equal((await server.api('/healthz')).status, 200);
  },
);

/** The paths of the dialect that lets nobody ask more than a hundred times a minute are asked by many. */
async function keysOf({ dataDir }: TestServer): Promise<(path: string) => string> {
  const keys = await overviewKeys(dataDir, OVERVIEW_KEYS);
  let asked = 0;
  return (path) => {
    if (!/^\/(calls|agents|texts)\b/.test(path)) return TEST_KEY;
    asked += 1;
    return keys[Math.floor(asked / REQUESTS_OF_A_KEY) % keys.length] ?? TEST_KEY;
  };
}

/** What makes things comes first, what takes them away last. */
const rank = (method: string): number => ['post', 'get', 'patch', 'put', 'delete'].indexOf(method);

function explain({ counterexample, errorInstance }: fc.RunDetails<[FuzzRequest]>): string {
  const [sent] = counterexample ?? [];
  const body = sent?.body?.toString('latin1').slice(0, 500);
  const reason = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  return `${reason}\n${sent?.method} ${sent?.path} ${JSON.stringify(sent?.headers)} ${body}`;
}
