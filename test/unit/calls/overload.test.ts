import t from 'tap';
import { sampleAgent } from '../../support/sample-records.js';
import { rest, startFixture } from './call-fixture.js';

function overloadable(t: { teardown(task: () => void): void }) {
  let overloaded = false;
  const f = startFixture({ overloaded: () => overloaded });
  t.teardown(() => f.remove());
  return {
    ...f,
    setOverloaded: (value: boolean): void => {
      overloaded = value;
    },
  };
}

const request = () => ({
  agent: sampleAgent(),
  number: '+15550100',
  startingMessage: undefined,
  contextData: {},
  taskId: undefined,
});

void t.test('an overloaded server refuses calls that come in with 503 and Retry-After, and says so in the record', async (t) => {
  const f = overloadable(t);
  f.setOverloaded(true);
  const invite = await f.call('echo');
  t.match(invite.sent, [{ status: 503, headers: { 'Retry-After': /^\d+$/ } }]);
  t.match(f.row(), { status: 'failed', sipCode: 503, termination: { result: 'server_error', reason: 'overloaded' } });
  t.equal(f.sessions.length, 0, 'it costs no media session');
  f.setOverloaded(false);
  t.same((await f.call('echo')).sent.at(-1), 200);
});

void t.test('calls that are there go on, whatever the load', async (t) => {
  const f = overloadable(t);
  const invite = await f.call('echo');
  f.setOverloaded(true);
  await f.call('echo');
  await rest();
  t.equal(invite.dialog.hangups, 0);
  t.equal(f.sessions[0]?.closed, 0);
  t.equal(f.service.activeCalls(), 1);
});

void t.test('an overloaded server places no call, and has no room for the scheduler', async (t) => {
  const f = overloadable(t);
  const place = f.service.prepare(request());
  f.setOverloaded(true);
  t.equal(f.service.room(), 0);
  t.throws(() => f.service.prepare(request()), { code: 'capacity_exhausted', publicMessage: /overloaded/ });
  place.start({ recorded: false });
  await rest();
  t.equal(f.callees.length, 1, 'one that had its place is dialled');
  f.setOverloaded(false);
  t.equal(f.service.room(), 2);
});
