import { readFileSync } from 'node:fs';
import t from 'tap';
import { eventually } from '../support/offhook-process.js';
import { Phone } from '../support/phone.js';
import { startTestServer, type TestServer } from '../support/server.js';

/** What a label may be, by metric names that begin with ours; each takes its values from a list that does not grow with use. */
const LABELS: Readonly<Record<string, RegExp>> = {
  direction: /^(inbound|outbound)$/,
  result: /^[a-z_]{1,30}$/,
  stage: /^[a-z_]{1,20}$/,
  kind: /^[a-z_]{1,20}$/,
  state: /^[a-z_]{1,20}$/,
  reason: /^[a-z_]{1,20}$/,
  outcome: /^[a-z_]{1,20}$/,
  ended_by: /^[a-z]{1,20}$/,
  q850: /^(none|\d{1,3})$/,
  missing: /^(inbound|outbound|both)$/,
  agent: /^(other|[0-9a-f]{8}-[0-9a-f-]{27})$/,
  provider: /^[a-z][a-z0-9_-]{0,39}$/,
  served: /^(yes|no)$/,
  route: /^(other|(GET|POST|PUT|PATCH|DELETE) \/api\/[a-z0-9{}/._-]+)$/i,
  status: /^[1-5]\d\d$/,
  le: /^(\+Inf|[\d.]+)$/,
};
const ID_OR_NUMBER = /[0-9a-f]{8}-[0-9a-f]{4}|\+\d{4,}|sip:/i;

const server = await startTestServer();
t.teardown(() => server.close());

const scrape = async (from: TestServer): Promise<string> => (await from.api('/metrics')).text();
const valueOf = (text: string, series: string): number | undefined => {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length));
};

void t.test(
  'a call, requests and a task show in the figures, under routes and not under what they were asked with',
  async (t) => {
    const agent = JSON.stringify({ name: 'Desk', system_prompt: 'x' });
    const created = (await (await server.api('/api/v1/agents', { method: 'POST', body: agent })).json()) as {
      data: { id: string };
    };
    const { id } = created.data;
    const due = { agent_id: id, name: 'Call', to_number: '+15550100', scheduled_at: '2999-01-01T00:00:00Z' };
    t.equal((await server.api('/api/v1/tasks', { method: 'POST', body: JSON.stringify(due) })).status, 201);
    await server.api(`/api/v1/agents/${id}`);
    await server.api(`/API/v1/agents/${id}/`);
    await server.api('/api/v1/agents/00000000-0000-7000-8000-00000000ffff');
    await server.api(`/api/v1/agents/${id}/no-such-thing`);
    await server.api('/api/v1/%2B15550100');

    const phone = await (await Phone.open(t, server.sipPort)).answered('tone');
    phone.rtp.sendBurst(new Int16Array(1600), phone.remoteRtpPort);
    await phone.rtp.more(10);
    t.equal(valueOf(await scrape(server), 'offhook_calls_active'), 1);
    t.equal(valueOf(await scrape(server), 'offhook_media_sessions'), 1);
    await phone.hangUp();
    const text = await eventually(async () => {
      const present = await scrape(server);
      return valueOf(present, 'offhook_calls_total{direction="inbound",result="success"}') === 1 ? present : undefined;
    }, 'the call has ended');

    t.equal(valueOf(text, 'offhook_call_setup_seconds_count{direction="inbound"}'), 1);
    t.equal(valueOf(text, 'offhook_rtp_jitter_seconds_count'), 1);
    t.equal(valueOf(text, 'offhook_rtp_loss_ratio_count'), 1);
    t.equal(valueOf(text, 'offhook_http_requests_total{route="GET /api/v1/agents/{id}",status="200"}'), 2);
    t.equal(valueOf(text, 'offhook_http_requests_total{route="GET /api/v1/agents/{id}",status="404"}'), 1);
    t.equal(valueOf(text, 'offhook_http_requests_total{route="other",status="404"}'), 2);
    t.equal(valueOf(text, 'offhook_http_request_seconds_count{route="POST /api/v1/tasks"}'), 1);
    t.equal(valueOf(text, 'offhook_tasks_scheduled'), 1);
    t.equal(valueOf(text, 'offhook_tasks_due'), 0);
    t.ok((valueOf(text, 'offhook_database_bytes') ?? 0) > 0);
    t.ok((valueOf(text, 'offhook_media_ticks_total') ?? 0) > 0);
    t.equal(valueOf(text, 'offhook_load_shedding{reason="event_loop"}'), 0);
  },
);

void t.test('every label of ours is known, and its values come from a short list', async (t) => {
  const lines = (await scrape(server)).split('\n').filter((line) => line.startsWith('offhook_'));
  const seen = new Set<string>();
  for (const line of lines) {
    for (const [, label = '', value = ''] of line.matchAll(/[{,](\w+)="([^"]*)"/g)) {
      seen.add(label);
      if (!LABELS[label]?.test(value)) t.fail(`label ${label} of ${line}`);
      if (label !== 'agent' && ID_OR_NUMBER.test(value)) t.fail(`an id or a number in ${line}`);
    }
  }
  for (const label of ['direction', 'route', 'status', 'reason', 'kind', 'le']) t.ok(seen.has(label), `${label} was looked at`);
});

type Panel = { type: string; title: string; targets?: { expr: string }[] };

void t.test('the Grafana dashboard asks only for figures that exist', async (t) => {
  const text = await scrape(server);
  const served = new Set([...text.matchAll(/^# TYPE (\w+) /gm)].map(([, name = '']) => name));
  const source = readFileSync('docs/grafana/offhook.json', 'utf8');
  const { panels } = JSON.parse(source) as { panels: Panel[] };
  const charts = panels.filter(({ type }) => type !== 'row');
  t.ok(charts.length > 20);
  for (const { title, targets = [] } of charts) {
    t.ok(targets.length > 0, title);
    for (const { expr } of targets) {
      const names = expr.match(/\b(?:offhook|nodejs|process)_\w+/g) ?? [];
      t.ok(names.length > 0, expr);
      for (const name of names) {
        if (!served.has(name) && !served.has(name.replace(/_(?:bucket|sum|count)$/, ''))) t.fail(`${title}: no metric ${name}`);
      }
    }
  }
  const ours = [...served].filter((name) => name.startsWith('offhook_'));
  const unused = ours.filter((name) => !source.includes(name));
  if (unused.length > 0) t.comment(`not on the dashboard: ${unused.join(', ')}`);
});
