import t from 'tap';
import { freePort } from '../support/free-port.js';
import { startDispatcher } from '../support/kamailio-dispatcher.js';
import { callsWhen, placeCall } from '../support/rest.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { runSipp } from '../support/sipp.js';

const NUMBER = '+49301234567';

/** How many calls it has taken, all of them over by now. */
async function taken(server: TestServer): Promise<number> {
  return (await callsWhen(server, (calls) => calls.every(({ status }) => status === 'completed'))).length;
}

void t.test(
  'kamailio spreads calls over two nodes, with hold and BYE through it; one that goes down is missed by nobody',
  async (t) => {
    const nodes = [await startTestServer(), await startTestServer()] as const;
    t.teardown(() => Promise.all(nodes.map((node) => node.close())));
    const port = await freePort();
    const kamailio = await startDispatcher({ folder: t.testdir(), port, nodes: nodes.map(({ sipPort }) => sipPort) });
    t.teardown(() => kamailio.stop());
    const call = { scenario: 'through-proxy', service: 'echo', target: { host: '127.0.0.1', port }, holdMs: 200 };
    t.match(await runSipp({ ...call, calls: 8, callsPerSecond: 20 }), { successful: 8, failed: 0 });
    t.same([await taken(nodes[0]), await taken(nodes[1])], [4, 4]);
    await nodes[0].close();
    t.match(await runSipp({ ...call, calls: 6, callsPerSecond: 20 }), { successful: 6, failed: 0 });
    t.equal(await taken(nodes[1]), 10);
  },
);

void t.test(
  'a call out over kamailio as outbound proxy: the callee holds it, then has the agent hang up, all by the same way',
  async (t) => {
    const [port, gatewayPort] = [await freePort(), await freePort()];
    const kamailio = await startDispatcher({ folder: t.testdir(), port, nodes: [], gatewayPort });
    t.teardown(() => kamailio.stop());
    const proxy = `sip:127.0.0.1:${port};lr`;
    const server = await startTestServer({
      trunks: [{ name: 'carrier', kind: 'static', host: 'carrier.example', outbound_proxy: proxy, outbound: [{}] }],
    });
    t.teardown(() => server.close());
    const callee = runSipp({ scenario: 'callee-holds', localPort: gatewayPort });
    const id = await placeCall(server, NUMBER);
    t.match(await callee, { successful: 1, failed: 0 });
    const [call] = await callsWhen(server, ([newest]) => newest?.status === 'completed');
    t.match(call, { id, ended_by: 'agent', legs: [{ trunk: { name: 'carrier' } }] });
  },
);
