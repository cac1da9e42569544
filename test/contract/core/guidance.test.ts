import t from 'tap';
import { newCallId } from '../../../src/core/ids.js';
import { type HttpHarness, OTHER_TENANT, startHarness } from '../../support/http-harness.js';
import { sampleCall, sampleCompletedCall } from '../../support/sample-records.js';

async function runningCall(api: HttpHarness): Promise<string> {
  const call = sampleCall({ status: 'in_progress' });
  await api.database.calls.insert(call);
  return call.id;
}

const UNGUIDED = { mode: 'regular', operator: null, muted: false, instructions: null };

void t.test(
  'POST /calls/:id/mute and unmute, PUT mode and instructions 200: how the agent is led now, on the call too',
  async (t) => {
    const api = await startHarness(t);
    const id = await runningCall(api);
    t.same((await api.call('GET', `/calls/${id}`)).body.data.guidance, UNGUIDED);
    const rows: [method: string, path: string, body: object | undefined, command: object, shown: object][] = [
      ['POST', 'mute', undefined, { muted: true }, { muted: true }],
      ['POST', 'unmute', {}, { muted: false }, { muted: false }],
      [
        'PUT',
        'mode',
        { mode: 'operator', operator: 'Ann' },
        { mode: 'operator', operator: 'Ann' },
        { mode: 'operator', operator: 'Ann' },
      ],
      ['PUT', 'mode', { mode: 'copilot' }, { mode: 'copilot', operator: undefined }, { mode: 'copilot', operator: null }],
      [
        'PUT',
        'mode',
        { mode: 'regular', operator: 'Ann' },
        { mode: 'regular', operator: undefined },
        { mode: 'regular', operator: null },
      ],
      ['PUT', 'instructions', { instructions: 'Be brief.' }, { instructions: 'Be brief.' }, { instructions: 'Be brief.' }],
      ['PUT', 'instructions', { instructions: null }, { instructions: undefined }, { instructions: null }],
    ];
    for (const [method, path, body, command, shown] of rows) {
      const { status, body: answer } = await api.call(method, `/calls/${id}/${path}`, body);
      t.equal(status, 200, path);
      t.match(answer.data, { call_id: id, ...shown }, path);
      t.same(api.commands.at(-1), { id, ...command }, path);
      t.match((await api.call('GET', `/calls/${id}`)).body.data.guidance, shown, path);
    }
  },
);

void t.test('400 with the field at fault, 404 and 409, and nothing reaches the call', async (t) => {
  const api = await startHarness(t);
  const id = await runningCall(api);
  const over = sampleCompletedCall(undefined);
  const theirs = sampleCall({ status: 'in_progress', tenantId: OTHER_TENANT });
  for (const call of [over, theirs]) await api.database.calls.insert(call);
  const rows: [path: string, body: unknown, field: string][] = [
    ['mode', {}, 'mode'],
    ['mode', { mode: 'OPERATOR' }, 'mode'],
    ['mode', { mode: 'operator', operator: ' ' }, 'operator'],
    ['mode', { mode: 'operator', operator: 'x'.repeat(201) }, 'operator'],
    ['mode', { mode: 'operator', who: 'Ann' }, 'who'],
    ['instructions', {}, 'instructions'],
    ['instructions', { instructions: '' }, 'instructions'],
    ['instructions', { instructions: 'x'.repeat(5001) }, 'instructions'],
    ['instructions', { instructions: 'a\u0000b' }, 'instructions'],
  ];
  for (const [path, body, field] of rows) {
    const { status, body: answer } = await api.call('PUT', `/calls/${id}/${path}`, body);
    t.equal(status, 400, `${path} ${JSON.stringify(body).slice(0, 60)}`);
    t.match(answer.details.fields, [{ field }]);
  }
  for (const [method, path, body] of [
    ['POST', 'mute', undefined],
    ['POST', 'unmute', undefined],
    ['PUT', 'mode', { mode: 'operator' }],
    ['PUT', 'instructions', { instructions: null }],
  ] as const) {
    for (const other of [newCallId(), theirs.id, 'x'])
      t.equal((await api.call(method, `/calls/${other}/${path}`, body)).status, 404);
    t.equal((await api.call(method, `/calls/${over.id}/${path}`, body)).status, 409, path);
  }
  t.same(api.commands, []);
});
