import t from 'tap';
import { FakeClock } from '../../../src/core/clock.js';
import { InviteClientTransaction } from '../../../src/signalling/transaction/invite-client.js';
import { InviteServerTransaction } from '../../../src/signalling/transaction/invite-server.js';
import { NonInviteClientTransaction } from '../../../src/signalling/transaction/non-invite-client.js';
import { NonInviteServerTransaction } from '../../../src/signalling/transaction/non-invite-server.js';
import { RFC_TIMING } from '../../../src/signalling/transaction/timing.js';

/** A port of either side that keeps a diary: what happened, and at which millisecond. */
function diary(reliable: boolean) {
  const clock = new FakeClock(0);
  const events: string[] = [];
  const note = (what: string): void => {
    events.push(`${clock.nowMs()} ${what}`);
  };
  const port = {
    clock,
    timing: RFC_TIMING,
    reliable,
    send: (bytes?: Buffer) => note(bytes ? `send ${bytes.toString()}` : 'send'),
    sendAck: (response: string) => note(`ack ${response}`),
    onResponse: (response: string) => note(`up ${response}`),
    onTimeout: () => note('timeout'),
    onTerminated: () => note('terminated'),
  };
  return { clock, events, port };
}

const response = (status: number): [number, Buffer] => [status, Buffer.from(String(status))];

void t.test('INVITE client: timer A doubles without a cap, timer B gives up at 64*T1', async (t) => {
  const { clock, events, port } = diary(false);
  const transaction = new InviteClientTransaction<string>(port);
  clock.advance(100_000);
  t.same(events, [
    '0 send',
    '500 send',
    '1500 send',
    '3500 send',
    '7500 send',
    '15500 send',
    '31500 send',
    '32000 timeout',
    '32000 terminated',
  ]);
  t.equal(transaction.state, 'terminated');
  t.equal(clock.pendingTimers, 0);
});

void t.test('INVITE client: over a reliable transport nothing is repeated, timer B still runs', async (t) => {
  const { clock, events, port } = diary(true);
  const transaction = new InviteClientTransaction<string>(port);
  clock.advance(40_000);
  t.equal(transaction.state, 'terminated');
  t.same(events, ['0 send', '32000 timeout', '32000 terminated']);
});

void t.test('INVITE client: a provisional ends the repeating and the giving up', async (t) => {
  const { clock, events, port } = diary(false);
  const transaction = new InviteClientTransaction<string>(port);
  transaction.onResponse(100, '100');
  transaction.onResponse(180, '180');
  clock.advance(600_000);
  t.same(events, ['0 send', '0 up 100', '0 up 180']);
  t.equal(transaction.state, 'proceeding');
});

void t.test('INVITE client: a failure is acknowledged each time it comes, until timer D', async (t) => {
  const { clock, events, port } = diary(false);
  const transaction = new InviteClientTransaction<string>(port);
  transaction.onResponse(486, 'busy');
  clock.advance(31_000);
  transaction.onResponse(486, 'busy');
  transaction.onResponse(200, 'late');
  clock.advance(1000);
  t.same(events, ['0 send', '0 ack busy', '0 up busy', '31000 ack busy', '32000 terminated']);
});

void t.test('INVITE client: timer D is zero over a reliable transport', async (t) => {
  const { clock, events, port } = diary(true);
  const transaction = new InviteClientTransaction<string>(port);
  transaction.onResponse(603, 'no');
  clock.advance(0);
  t.same(events, ['0 send', '0 ack no', '0 up no', '0 terminated']);
});

void t.test('INVITE client: every 2xx goes up in the accepted state, until timer M (RFC 6026)', async (t) => {
  const { clock, events, port } = diary(false);
  const transaction = new InviteClientTransaction<string>(port);
  transaction.onResponse(180, '180');
  transaction.onResponse(200, 'fork1');
  clock.advance(10_000);
  transaction.onResponse(200, 'fork2');
  transaction.onResponse(180, 'late');
  transaction.onResponse(486, 'late');
  clock.advance(22_000);
  t.same(events, ['0 send', '0 up 180', '0 up fork1', '10000 up fork2', '32000 terminated']);
});

void t.test('non-INVITE client: timer E doubles up to T2, timer F gives up', async (t) => {
  const { clock, events, port } = diary(false);
  const transaction = new NonInviteClientTransaction<string>(port);
  clock.advance(60_000);
  t.equal(transaction.state, 'terminated');
  t.same(events, [
    '0 send',
    '500 send',
    '1500 send',
    '3500 send',
    '7500 send',
    '11500 send',
    '15500 send',
    '19500 send',
    '23500 send',
    '27500 send',
    '31500 send',
    '32000 timeout',
    '32000 terminated',
  ]);
  t.equal(clock.pendingTimers, 0);
});

void t.test('non-INVITE client: after a provisional it repeats every T2', async (t) => {
  const { clock, events, port } = diary(false);
  const transaction = new NonInviteClientTransaction<string>(port);
  transaction.onResponse(100, '100');
  clock.advance(9000);
  t.same(events, ['0 send', '0 up 100', '500 send', '4500 send', '8500 send']);
});

void t.test('non-INVITE client: the final response goes up once, timer K absorbs the rest', async (t) => {
  const { clock, events, port } = diary(false);
  const transaction = new NonInviteClientTransaction<string>(port);
  transaction.onResponse(200, 'ok');
  clock.advance(4999);
  transaction.onResponse(200, 'ok');
  t.equal(transaction.state, 'completed');
  clock.advance(1);
  t.same(events, ['0 send', '0 up ok', '5000 terminated']);
});

void t.test('INVITE server: repeated requests get the last provisional again', async (t) => {
  const { clock, events, port } = diary(false);
  const transaction = new InviteServerTransaction(port);
  transaction.onRetransmission();
  transaction.respond(...response(100));
  transaction.respond(...response(180));
  transaction.onRetransmission();
  clock.advance(100_000);
  t.same(events, ['0 send 100', '0 send 180', '0 send 180']);
});

void t.test('INVITE server: a failure repeats by timer G until its ACK, timer I absorbs further ones', async (t) => {
  const { clock, events, port } = diary(false);
  const transaction = new InviteServerTransaction(port);
  transaction.respond(...response(486));
  clock.advance(8000);
  t.equal(transaction.onAck(), true);
  clock.advance(4999);
  t.equal(transaction.onAck(), true, 'a repeated ACK is absorbed');
  transaction.onRetransmission();
  clock.advance(1);
  t.same(events, ['0 send 486', '500 send 486', '1500 send 486', '3500 send 486', '7500 send 486', '13000 terminated']);
});

void t.test('INVITE server: without an ACK timer H gives up at 64*T1', async (t) => {
  const { clock, events, port } = diary(false);
  const transaction = new InviteServerTransaction(port);
  transaction.respond(...response(500));
  clock.advance(32_000);
  t.equal(events.at(-1), '32000 terminated');
  t.equal(events.length, 12, 'at 0, 0.5, 1.5, 3.5, 7.5 and then every 4 s');
  t.equal(clock.pendingTimers, 0);
});

void t.test('INVITE server: over a reliable transport a failure is sent once', async (t) => {
  const { clock, events, port } = diary(true);
  const transaction = new InviteServerTransaction(port);
  transaction.respond(...response(404));
  clock.advance(20_000);
  transaction.onAck();
  clock.advance(0);
  t.same(events, ['0 send 404', '20000 terminated']);
});

void t.test('INVITE server: a 2xx leads to accepted, which absorbs INVITEs and passes the ACK on (RFC 6026)', async (t) => {
  const { clock, events, port } = diary(false);
  const transaction = new InviteServerTransaction(port);
  t.equal(transaction.respond(...response(200)), true);
  transaction.onRetransmission();
  t.equal(transaction.onAck(), false, 'the ACK of a 2xx is for the dialog');
  t.equal(transaction.respond(...response(200)), false);
  transaction.resendAccepted();
  clock.advance(31_999);
  t.equal(transaction.state, 'accepted');
  clock.advance(1);
  t.same(events, ['0 send 200', '0 send 200', '32000 terminated']);
});

void t.test('non-INVITE server: repeated requests get the last response until timer J', async (t) => {
  const { clock, events, port } = diary(false);
  const transaction = new NonInviteServerTransaction(port);
  transaction.onRetransmission();
  transaction.respond(...response(100));
  transaction.onRetransmission();
  t.equal(transaction.respond(...response(200)), true);
  t.equal(transaction.respond(...response(500)), false);
  clock.advance(31_999);
  transaction.onRetransmission();
  clock.advance(1);
  t.same(events, ['0 send 100', '0 send 100', '0 send 200', '31999 send 200', '32000 terminated']);
});

void t.test('non-INVITE server: timer J is zero over a reliable transport', async (t) => {
  const { clock, events, port } = diary(true);
  const transaction = new NonInviteServerTransaction(port);
  transaction.respond(...response(200));
  clock.advance(0);
  t.same(events, ['0 send 200', '0 terminated']);
});
