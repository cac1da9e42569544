import t from 'tap';
import { startTestServer, type TestServer } from '../support/server.js';
import { SipPeer } from '../support/sip-peer.js';
import { ackText, inviteText, newCall, requestText } from '../support/sip-texts.js';

async function callTo(server: TestServer, peer: SipPeer, user: string): Promise<number> {
  const call = newCall();
  const uri = `sip:${user}@127.0.0.1:${server.sipPort}`;
  peer.send(inviteText(peer, call, { uri, to: `<${uri}>` }));
  const answer = await peer.next((m) => m.method === 'INVITE' && m.status >= 200, 'final response');
  if (answer.status === 200) {
    peer.send(ackText(peer, call, answer, { uri }));
    peer.send(requestText(peer, 'BYE', call, { uri, to: answer.headers.get('to')?.[0] ?? '', cseq: 2 }));
    await peer.status(200, 'BYE');
  } else peer.send(ackText(peer, call, answer, { uri, branch: call.branch }));
  return answer.status;
}

void t.test('a number of a trunk of the configuration reaches its agent; unknown sources are refused', async (t) => {
  const server = await startTestServer({
    sip: { port: 0, unknownSources: 'reject' },
    trunks: [
      {
        name: 'carrier',
        kind: 'static',
        host: 'carrier.example',
        sources: ['127.0.0.0/30'],
        codecs: ['PCMU'],
        numbers: { country: 'DE', in: 'national' },
        inbound: [{ called: '+49301234567', agent: 'echo' }],
      },
    ],
  });
  t.teardown(() => server.close());
  const peer = await SipPeer.udp(server.sipPort);
  t.teardown(() => peer.close());
  t.equal(await callTo(server, peer, '0301234567'), 200);
  const trunks = (await (await server.api('/api/v1/trunks')).json()) as { data: { id: string }[] };
  const id = trunks.data[0]?.id ?? '';
  const listed = (await (await server.api('/api/v1/calls')).json()) as { data: object[] };
  t.match(listed.data, [{ legs: [{ trunk: { id, name: 'carrier' } }], to_uri: /^sip:0301234567@/ }]);
  t.equal(await callTo(server, peer, '0309999999'), 404);
  await server.api(`/api/v1/trunks/${id}`, { method: 'PATCH', body: '{"sources":["192.0.2.1"]}' });
  t.equal(await callTo(server, peer, '0301234567'), 403);
  const after = (await (await server.api('/api/v1/calls')).json()) as { meta: { total: number } };
  t.equal(after.meta.total, 2, 'the refused one is no call');
});
