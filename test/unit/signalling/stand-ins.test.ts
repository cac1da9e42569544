import t from 'tap';
import { AgentHarness, peerResponse } from '../../support/agent-harness.js';

const URI = 'sip:198.51.100.7:5062';
const BACKUP = { transport: 'udp', address: '203.0.113.9', port: 5070 } as const;
const ROUTE = `${URI};transport=udp;x-backup=${BACKUP.address}:${BACKUP.port}`;
/** After so long without a word the next server is tried. */
const PATIENCE_MS = 4_000;

function register(harness: AgentHarness, expiresS = 3600): void {
  const headers = ['Call-ID: binding', 'From: <sip:u@h>;tag=1', `Expires: ${expiresS}`];
  const outcome = harness.request(`REGISTER ${URI} SIP/2.0`, headers, { routeUrl: ROUTE });
  if (!outcome.ok) throw new Error(outcome.reason);
}

const answer = (harness: AgentHarness, status = 200, headers: readonly string[] = []): void => {
  const { message, to } = harness.lastSent();
  harness.receive(peerResponse(message, status, 'registrar', headers), to);
};

/** The first server is silent, the backup takes the registration. */
function registerAtBackup(harness: AgentHarness): void {
  register(harness);
  harness.clock.advance(PATIENCE_MS);
  answer(harness);
}

void t.test('a registration that a backup took is asked for again when the first server has its turn', (t) => {
  const harness = new AgentHarness();
  registerAtBackup(harness);
  t.match(harness.lastSent().to, BACKUP);
  harness.clock.advance(59_999);
  t.same(harness.due, []);
  harness.clock.advance(1);
  t.match(harness.due, [{ address: BACKUP.address }]);
  register(harness);
  t.equal(harness.lastSent().to.address, '198.51.100.7');
  answer(harness);
  harness.clock.advance(3_600_000);
  t.equal(harness.due.length, 1, 'back at the first: that is all');
  t.end();
});

void t.test('a first server that stays silent is tried less and less often', (t) => {
  const harness = new AgentHarness();
  registerAtBackup(harness);
  const waits: number[] = [];
  for (let round = 0; round < 6; round += 1) {
    const fromMs = harness.clock.nowMs();
    while (harness.due.length <= round) harness.clock.advance(1_000);
    waits.push(harness.clock.nowMs() - fromMs);
    registerAtBackup(harness);
  }
  t.same(waits, [60_000, 120_000, 240_000, 480_000, 600_000, 600_000]);
  t.end();
});

void t.test('503 leaves the first server for as long as it says, or for a minute', (t) => {
  for (const [headers, waitMs] of [
    [['Retry-After: 120'], 120_000],
    [['Retry-After: 1'], 5_000],
    [[], 60_000],
  ] as const) {
    const harness = new AgentHarness();
    register(harness);
    answer(harness, 503, headers);
    answer(harness);
    harness.clock.advance(waitMs - 1);
    t.same(harness.due, []);
    harness.clock.advance(1);
    t.equal(harness.due.length, 1);
  }
  t.end();
});

void t.test('what was taken back, or a refresh has brought home, is not asked for', (t) => {
  const ended = new AgentHarness();
  registerAtBackup(ended);
  register(ended, 0);
  answer(ended);
  const home = new AgentHarness();
  registerAtBackup(home);
  home.clock.advance(59_000);
  // Another request has found the first server alive.
  home.request(`OPTIONS ${URI} SIP/2.0`, [], { routeUrl: `${URI};transport=udp` });
  answer(home);
  register(home);
  answer(home);
  for (const harness of [ended, home]) {
    harness.clock.advance(3_600_000);
    t.same(harness.due, []);
    harness.agent.close();
    t.equal(harness.clock.pendingTimers, 0);
  }
  t.end();
});
