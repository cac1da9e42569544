import t from 'tap';
import { startTestServer, type TestServer } from '../support/server.js';
import { header, type RawMessage, SipPeer } from '../support/sip-peer.js';
import { responseText, SDP } from '../support/sip-texts.js';

const BREAKS = ['\r\n', '\n', '\r', '\r\n\r\n'];
const INJECTED = 'X-Injected: 1';
/** U+010D and U+010A: what becomes of them when somebody takes the low byte of each for the character. */
const DISGUISED = '\u010d\u010a';

async function ask(server: TestServer, method: string, path: string, body: object = {}) {
  const answer = await server.api(`/api/v1${path}`, { method, body: JSON.stringify(body) });
  return { status: answer.status, data: ((await answer.json()) as { data: Record<string, unknown> }).data };
}

async function serverBefore(carrier: SipPeer) {
  return startTestServer({
    outbound: { allowedHosts: ['127.0.0.1'] },
    trunks: [{ name: 'spare', kind: 'static', host: '127.0.0.1', port: carrier.port, inbound: [] }],
  });
}

const trunkTo = (carrier: SipPeer, more: object): object => ({
  name: 'carrier',
  kind: 'static',
  host: '127.0.0.1',
  port: carrier.port,
  outbound: [{ prefix: '+', priority: 1, weight: 1 }],
  ...more,
});

const notInjected = ({ headers, text }: RawMessage): boolean =>
  !headers.has('x-injected') && text.indexOf(INJECTED) <= text.indexOf('\r\n\r\n') && !/[\r\n]X-Injected/.test(text);

void t.test('no field of the API carries a line break into SIP', async (t) => {
  const carrier = await SipPeer.udp(() => server.sipPort);
  t.teardown(() => carrier.close());
  const server = await serverBefore(carrier);
  t.teardown(() => server.close());
  const agent = (await ask(server, 'POST', '/agents', { name: 'Desk', system_prompt: 'x' })).data['id'];
  const task = { agent_id: agent, name: 'Call', to_number: '+493012345' };

  for (const mark of [...BREAKS, DISGUISED]) {
    const bad = `x${mark}${INJECTED}`;
    const uri = `sip:x@127.0.0.1${mark}${INJECTED}`;
    for (const [what, path, body] of [
      ['number', '/tasks', { ...task, to_number: `+493012345${mark}${INJECTED}` }],
      ['URI', '/tasks', { ...task, to_number: uri }],
      ['text to', '/texts', { to: `+4930123${mark}${INJECTED}`, text: 'x' }],
      ['text from', '/texts', { to: '+493012345', from: bad, text: 'x' }],
      ['phone', '/phones', { username: bad, password: 'a long password' }],
      ['host', '/trunks', trunkTo(carrier, { host: bad })],
      ['username', '/trunks', trunkTo(carrier, { username: bad, password: 'p' })],
      ['from user', '/trunks', trunkTo(carrier, { identity: { from_user: bad } })],
      ['from domain', '/trunks', trunkTo(carrier, { identity: { from_domain: bad } })],
      ['name of a header', '/trunks', trunkTo(carrier, { headers: { [`X-A${mark}X-Injected`]: '1' } })],
    ] as const) {
      t.equal((await ask(server, 'POST', path, body)).status, 400, `${what} ${JSON.stringify(mark)}`);
    }
  }
  for (const mark of BREAKS) {
    const bad = `x${mark}${INJECTED}`;
    for (const [what, more] of [
      ['value of a header', { headers: { 'X-A': bad } }],
      ['asserted identity', { identity: { asserted_identity: `sip:x@127.0.0.1${mark}${INJECTED}` } }],
      ['display name', { identity: { display_name: bad } }],
      ['user of the proof', { username: 'x', auth_username: bad, password: 'p' }],
    ] as const) {
      t.equal((await ask(server, 'POST', '/trunks', trunkTo(carrier, more))).status, 400, `${what} ${JSON.stringify(mark)}`);
    }
  }

  const disguised = `x${DISGUISED}${INJECTED}`;
  const identity = { display_name: `Desk" <sip:y@h>${DISGUISED}${INJECTED}` };
  const made = await ask(server, 'POST', '/trunks', trunkTo(carrier, { identity, headers: { 'X-A': disguised } }));
  t.equal(made.status, 201);

  const body = `Hello\r\n${INJECTED}\r\n\r\nBYE sip:x SIP/2.0\r\n`;
  t.equal((await ask(server, 'POST', '/texts', { to: '+493012345', text: body })).status, 201);
  const message = await carrier.request('MESSAGE');
  carrier.send(responseText(message, 200, 'OK', 'a'));
  t.equal(message.body, body, 'a text is the body, whole');
  t.equal(Number(header(message, 'Content-Length')), Buffer.byteLength(body));
  t.notOk(message.headers.has('x-injected'));

  const id = String((await ask(server, 'POST', '/tasks', task)).data['id']);
  const call = String((await ask(server, 'POST', `/tasks/${id}/execute`)).data['call_id']);
  const invite = await carrier.request('INVITE');
  t.ok(notInjected(invite), invite.text);
  t.match(header(invite, 'From'), /^"Desk/);
  carrier.send(responseText(invite, 200, 'OK', 'a', [`Contact: <sip:x@127.0.0.1:${carrier.port}>`], SDP));
  await carrier.request('ACK');
  for (const mark of BREAKS) {
    for (const target of [`+49301${mark}${INJECTED}`, `sip:x@127.0.0.1${mark}${INJECTED}`]) {
      const { status } = await ask(server, 'POST', `/calls/${call}/transfer`, { target });
      t.equal(status, 400, `transfer ${JSON.stringify(target)}`);
    }
    t.equal((await ask(server, 'POST', `/calls/${call}/dtmf`, { digits: `1${mark}2` })).status, 400);
  }
  const ending = ask(server, 'POST', `/calls/${call}/end`);
  carrier.send(responseText(await carrier.request('BYE'), 200, 'OK', ''));
  await ending;
});
