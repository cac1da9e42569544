import t from 'tap';
import { startHttpServer } from '../../../src/api/http/server.js';
import { Recordings } from '../../../src/calls/recordings.js';
import { newCallId } from '../../../src/core/ids.js';
import { RecordingKeys } from '../../../src/core/recording-seal.js';
import { CallSessions } from '../../../src/sessions/call-sessions.js';
import { startHarness } from '../../support/http-harness.js';
import { sampleCall, sampleCompletedCall, sampleEntry, sampleTurn } from '../../support/sample-records.js';

void t.test('health, readiness and metrics need no key; readiness follows the drain', async (t) => {
  const api = await startHarness(t);
  t.equal((await api.raw('/healthz')).status, 200);
  t.equal((await api.raw('/readyz')).status, 200);
  api.setReady(false);
  t.equal((await api.raw('/readyz')).status, 503);
  t.equal((await api.raw('/healthz')).status, 200, 'draining is no illness');
  const metrics = await api.raw('/metrics');
  t.equal(metrics.status, 200);
  t.match(metrics.headers.get('content-type'), /^text\/plain/);
});

void t.test('a port that is taken is one clear line', async (t) => {
  const api = await startHarness(t);
  const port = Number(new URL(api.url).port);
  const unused = {} as never;
  const options = {
    bind: '127.0.0.1',
    port,
    bodyLimitBytes: 1024,
    rateLimitPerMinute: 1,
    corsOrigins: [],
    documents: unused,
    agents: unused,
    tasks: unused,
    policies: unused,
    trunks: unused,
    routes: unused,
    texts: unused,
    textHooks: unused,
    sessions: { onEvent: () => () => {} } as never,
    callSessions: new CallSessions(),
    textAnswers: unused,
    memory: unused,
    routeTester: unused,
    phones: unused,
    doNotCall: unused,
    bans: unused,
    campaigns: unused,
    recruiting: unused,
    contacts: unused,
    calls: unused,
    callFigures: unused,
    publicNumbers: unused,
    callControl: unused,
    callRemoval: undefined as never,
    reports: unused,
    subscriptions: unused,
    keys: unused,
    identity: { sessions: unused, organizations: unused, members: unused, invitations: unused },
    idempotency: unused,
    actions: unused,
    voices: unused,
    audioFiles: unused,
    fetch: unused,
    feeds: unused,
    webhooks: unused,
  };
  const more = {
    recordings: new Recordings('/nowhere', new RecordingKeys([])),
    metrics: unused,
    readiness: () => ({ state: 'ready' as const, reasons: [] }),
    log: unused,
    clock: unused,
  };
  await t.rejects(
    startHttpServer({ ...options, ...more }),
    new RegExp(`^HTTP address 127\\.0\\.0\\.1:${port} is already in use$`),
  );
});

void t.test('the OpenAPI document resolves every reference', async (t) => {
  const api = await startHarness(t);
  const document = (await (await api.raw('/openapi.json')).json()) as {
    openapi: string;
    paths: Record<string, object>;
    components: unknown;
  };
  t.equal(document.openapi, '3.1.0');
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
    (match) => match[1] ?? '',
  );
  const { schemas } = document.components as { schemas: Record<string, unknown> };
  t.ok(references.length > 10);
  t.same(
    references.filter((name) => !(name in schemas)),
    [],
  );
  t.match(schemas.AgentCreate, { required: ['name', 'system_prompt'] });
});

void t.test('the documentation page is whole without any other file', async (t) => {
  const api = await startHarness(t);
  const page = await (await api.raw('/docs')).text();
  t.match(page, '/api/v1/calls/{id}/recording/stream');
  t.match(page, '/ws/calls/{callId}');
  t.notMatch(page, /<(script|link|img|iframe)|@import|url\(| (src|srcset|on\w+)=/);
  const links = [...page.matchAll(/ href="([^"]*)"/g)].map((match) => match[1] ?? '');
  t.ok(links.length > 50);
  for (const link of new Set(links)) {
    const found = link.startsWith('#') ? page.includes(` id="${link.slice(1)}"`) : (await api.raw(link)).status === 200;
    t.ok(found, `${link} leads somewhere`);
  }
});

void t.test("the call's page needs a key, and hands it to the player", async (t) => {
  const api = await startHarness(t);
  const call = sampleCompletedCall(undefined, { fromUri: 'sip:<script>alert(1)</script>@192.0.2.1' });
  await api.database.calls.insert(call);
  await api.database.calls.appendTranscript(sampleEntry(call.id, 1));
  await api.database.calls.appendTurn(sampleTurn(call.id, 1));
  t.equal((await api.raw(`/console/calls/${call.id}`)).status, 401);
  t.equal((await api.raw(`/console/calls/${newCallId()}?api_key=${api.key}`)).status, 404);
  t.equal((await api.raw(`/console/calls/${call.id}?api_key=${api.otherKey}`)).status, 404, "another tenant's is none");
  const response = await api.raw(`/console/calls/${call.id}?api_key=${api.key}`);
  t.equal(response.status, 200);
  t.match(response.headers.get('content-security-policy'), "default-src 'none'");
  const page = await response.text();
  t.match(page, '&lt;script&gt;alert(1)');
  t.notMatch(page, '<script');
  t.match(page, 'No recording is available');
  const running = sampleCall({ status: 'in_progress', recordingPath: 'recordings/x.wav' });
  await api.database.calls.insert(running);
  t.match(await (await api.raw(`/console/calls/${running.id}?api_key=${api.key}`)).text(), 'has not ended');
});
