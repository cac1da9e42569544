import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import t, { type Test } from 'tap';
import { eventually } from '../support/offhook-process.js';
import { authorization, challengeOf, RegisteredPhone, type Who } from '../support/registered-phone.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { header, type RawMessage } from '../support/sip-peer.js';
import { newCall, requestText } from '../support/sip-texts.js';

/** Nobody is trusted but the machine's usual address, so that others of 127.0.0.0/8 are strangers. */
const STRANGERS = { port: 0, trustedSources: ['127.0.0.1'] };

/** A socket of its own loopback address, and what it has received. */
async function stranger(t: Test, server: TestServer, address: string) {
  const socket = createSocket('udp4').bind(0, address);
  await once(socket, 'listening');
  t.teardown(() => void socket.close());
  const received: string[] = [];
  socket.on('message', (bytes) => received.push(bytes.toString()));
  const { port } = socket.address();
  let count = 0;
  const send = (method: string, { user = 'echo', extra = '' } = {}): void => {
    count += 1;
    const id = `${method}-${address}-${port}-${count}`;
    const text = [
      `${method} sip:${user}@127.0.0.1 SIP/2.0`,
      `Via: SIP/2.0/UDP ${address}:${port};branch=z9hG4bK${id};rport`,
      'Max-Forwards: 70',
      `From: <sip:x@${address}>;tag=${id}`,
      `To: <sip:${user}@127.0.0.1>`,
      `Call-ID: ${id}`,
      `CSeq: 1 ${method}`,
      `Contact: <sip:x@${address}:${port}>`,
      `${extra}Content-Length: 0`,
    ].join('\r\n');
    socket.send(`${text}\r\n\r\n`, server.sipPort, '127.0.0.1');
  };
  const statuses = (): number[] => received.map((message) => Number(message.slice(8, 11)));
  return { send, statuses };
}

const bansOf = async (server: TestServer): Promise<{ source: string; reason: string }[]> =>
  ((await (await server.api('/api/v1/bans')).json()) as { data: { source: string; reason: string }[] }).data;

void t.test('who asks for users that there are not is banned: nothing more is answered, on UDP and on TCP', async (t) => {
  const server = await startTestServer({ sip: { ...STRANGERS, bans: { offences: 5 } } });
  t.teardown(() => server.close());
  const prober = await stranger(t, server, '127.0.0.66');
  const neighbour = await stranger(t, server, '127.0.0.67');
  const open = connect({ port: server.sipPort, host: '127.0.0.1', localAddress: '127.0.0.66' });
  const closed = once(open, 'close');
  await once(open, 'connect');
  for (let i = 0; i < 5; i += 1) prober.send('INVITE', { user: `ext${i}` });
  const banned = await eventually(async () => {
    const bans = await bansOf(server);
    return bans.length > 0 ? bans : undefined;
  }, 'a ban');
  t.match(banned, [{ source: '127.0.0.66/32', reason: 'unknown_user' }]);
  await closed;
  const before = prober.statuses().length;
  prober.send('OPTIONS');
  neighbour.send('OPTIONS');
  await eventually(async () => neighbour.statuses().includes(200) || undefined, 'the neighbour is served');
  t.notOk(prober.statuses().slice(before).includes(200), 'the prober is not');
  const late = connect({ port: server.sipPort, host: '127.0.0.1', localAddress: '127.0.0.66' });
  late.on('error', () => {});
  await once(late, 'close');
  const metrics = await (await server.api('/metrics')).text();
  t.match(metrics, /^offhook_sip_bans 1$/m);
  t.match(metrics, /^offhook_sip_offences_total\{kind="unknown_user"\} 5$/m);

  t.equal((await server.api('/api/v1/bans/127.0.0.66', { method: 'DELETE' })).status, 200);
  await eventually(async () => {
    prober.send('OPTIONS');
    return prober.statuses().slice(before).includes(200) || undefined;
  }, 'served again once the ban is lifted');
});

void t.test('with unknownSources: drop a stranger gets not one byte, and a trunk is served', async (t) => {
  const trunk = { name: 'carrier', kind: 'static', host: 'carrier.example', sources: ['127.0.0.70'], inbound: [] };
  const server = await startTestServer({ sip: { ...STRANGERS, unknownSources: 'drop' }, trunks: [trunk] });
  t.teardown(() => server.close());
  const scanner = await stranger(t, server, '127.0.0.66');
  const carrier = await stranger(t, server, '127.0.0.70');
  for (const method of ['INVITE', 'OPTIONS', 'REGISTER', 'MESSAGE', 'BYE', 'CANCEL', 'NOTIFY', 'FOO']) scanner.send(method);
  scanner.send('OPTIONS', { extra: 'CSeq: 2 OPTIONS\r\n' });
  carrier.send('OPTIONS');
  await eventually(async () => carrier.statuses().includes(200) || undefined, 'the trunk is answered');
  // Whatever was to be said to those who came before has been said by then.
  carrier.send('INVITE', { user: 'nobody' });
  await eventually(async () => carrier.statuses().some((status) => status >= 400) || undefined, 'the trunk is refused its call');
  t.same(scanner.statuses(), []);
});

void t.test('scanners are passed over in silence; who is one gets banned', async (t) => {
  const server = await startTestServer({ sip: { ...STRANGERS, bans: { offences: 3 } } });
  t.teardown(() => server.close());
  const scanner = await stranger(t, server, '127.0.0.66');
  for (let i = 0; i < 3; i += 1) scanner.send('OPTIONS', { extra: 'User-Agent: friendly-scanner\r\n' });
  const bans = await eventually(async () => {
    const present = await bansOf(server);
    return present.length > 0 ? present : undefined;
  }, 'a ban');
  t.match(bans, [{ source: '127.0.0.66/32', reason: 'scanner' }]);
  t.same(scanner.statuses(), []);
});

void t.test('a source that nobody knows holds so many connections and no more; others are served', async (t) => {
  const server = await startTestServer({ sip: { ...STRANGERS, admission: { connectionsPerSource: 5 } } });
  t.teardown(() => server.close());
  const dial = (localAddress: string) => connect({ port: server.sipPort, host: '127.0.0.1', localAddress }).on('error', () => {});
  const sockets = Array.from({ length: 200 }, () => dial('127.0.0.66'));
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
  });
  const closed = sockets.map((socket) => once(socket, 'close'));
  await eventually(async () => sockets.filter((socket) => socket.closed).length === 195 || undefined, 'all but five are closed');
  const other = dial('127.0.0.67');
  t.teardown(() => void other.destroy());
  await once(other, 'connect');
  const line = 'SIP/2.0/TCP 127.0.0.67;branch=z9hG4bK1';
  const headers = `From: <sip:a@h>;tag=1\r\nTo: <sip:b@h>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0`;
  other.write(`OPTIONS sip:b@127.0.0.1 SIP/2.0\r\nVia: ${line}\r\nMax-Forwards: 70\r\n${headers}\r\n\r\n`);
  const [answer] = (await once(other, 'data')) as [Buffer];
  t.match(answer.toString(), /^SIP\/2\.0 200 /);
  for (const socket of sockets) socket.destroy();
  await Promise.all(closed);
});

/** A text, with proof where it is asked for; the final answer. */
async function sendText(phone: RegisteredPhone, who: Who, port: number): Promise<RawMessage> {
  const call = newCall();
  const uri = `sip:echo@127.0.0.1:${port}`;
  const ask = (headers: readonly string[]): Promise<RawMessage> => {
    const text = requestText(phone.sip, 'MESSAGE', call, {
      uri,
      to: `<${uri}>`,
      cseq: call.cseq,
      headers: ['Content-Type: text/plain', ...headers],
      body: 'Hello',
    });
    phone.sip.send(text.replace(/^From: .*$/m, `From: <sip:${who.username}@127.0.0.1>;tag=${call.fromTag}`));
    return phone.sip.next((m) => m.status >= 200 && header(m, 'CSeq') === `${call.cseq} MESSAGE`, 'an answer');
  };
  const first = await ask([]);
  if (first.status !== 407) return first;
  const proven = authorization('Proxy-Authorization', challengeOf(first, 'SHA-256'), who, { method: 'MESSAGE' });
  call.cseq += 1;
  return ask([proven]);
}

/** An answer without what differs between any two. */
const stripped = ({ startLine, headers }: RawMessage): string =>
  [
    startLine,
    ...[...headers].map(([name, values]) => (/^(via|from|to|call-id)$/.test(name) ? name : `${name}: ${values.join()}`)),
  ].join('\n');

void t.test(
  'with unknownSources: challenge phones and trunks prove who they are, and a guess is as wrong as a stranger',
  async (t) => {
    const desk = { username: 'desk', password: 'a quiet place' };
    const branch = { username: 'branch', password: 'a loud place' };
    const trunk = {
      name: 'branch',
      kind: 'accept',
      host: 'branch.example',
      ...branch,
      inbound: [{ called: '*', agent: 'echo' }],
    };
    const server = await startTestServer({
      sip: { port: 0, unknownSources: 'challenge', bans: { enabled: false } },
      phones: [desk],
      trunks: [trunk],
    });
    t.teardown(() => server.close());
    for (const who of [desk, branch]) {
      const phone = await RegisteredPhone.open(t, server.sipPort, who);
      const asked = await phone.invite('echo');
      t.equal(asked.answer.status, 407, `${who.username} is asked`);
      const call = await phone.call('echo');
      t.equal(call.answer.status, 200, `${who.username} calls`);
      await phone.hangUp(call);
      t.equal((await sendText(phone, who, server.sipPort)).status, 200, `${who.username} writes`);
    }
    const answers = [];
    for (const who of [
      { ...desk, password: 'guessed' },
      { ...branch, password: 'guessed' },
      { username: 'nobody', password: 'guessed' },
    ]) {
      const phone = await RegisteredPhone.open(t, server.sipPort, who);
      const { answer } = await phone.call('echo');
      const text = await sendText(phone, who, server.sipPort);
      t.match([answer.status, text.status], [403, 403]);
      answers.push(`${stripped(answer)}\n${stripped(text)}`);
    }
    t.equal(new Set(answers).size, 1, 'which of them exist nobody can tell');
  },
);
