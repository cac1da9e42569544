import t from 'tap';
import { FarEnd } from '../support/far-end.js';
import { startHttpEndpoint } from '../support/http-endpoint.js';
import { eventually } from '../support/offhook-process.js';
import { Phone } from '../support/phone.js';
import { startTestServer } from '../support/server.js';
import { rms, toneShare } from '../support/signal.js';
import { SipPeer } from '../support/sip-peer.js';
import { hears, saying } from '../support/transfers.js';

type Answer = { data: Record<string, unknown>; error?: string };
type Participant = { id: string; status: string; reason: string | null };

void t.test(
  'over REST a colleague is called into a call, heard, told of by webhook and hung up on; nobody who may not be called',
  async (t) => {
    const gateway = await SipPeer.udp();
    const colleague = await FarEnd.open(gateway);
    t.teardown(async () => {
      await gateway.close();
      await colleague.rtp.close();
    });
    const hook = await startHttpEndpoint(t, () => ({}));
    const server = await startTestServer({
      outbound: { gatewayUri: `sip:{number}@127.0.0.1:${gateway.port}`, allowedPrefixes: ['+1555'] },
      webhooks: { allowPrivate: true, subscriptions: [{ url: hook.url, events: ['participant_joined', 'participant_left'] }] },
    });
    t.teardown(() => server.close());
    const ask = async (method: string, path: string, body?: object): Promise<Answer & { status: number }> => {
      const answer = await server.api(`/api/v1${path}`, { method, ...(body && { body: JSON.stringify(body) }) });
      return { status: answer.status, ...((await answer.json()) as Answer) };
    };

    const phone = await (await Phone.open(t, server.sipPort)).answered('tone');
    const [call] = (await ask('GET', '/calls')).data as unknown as { id: string }[];
    const path = `/calls/${call?.id}/participants`;
    t.equal((await ask('POST', path, { target: '+4930123456' })).status, 403, 'beyond the prefixes');
    await ask('POST', '/do-not-call', { number: '+15550199' });
    t.match(await ask('POST', path, { target: '+15550199' }), { status: 403, error: /do-not-call/ });

    const asked = await ask('POST', path, { target: '+15550123' });
    t.match(asked, { status: 202, data: { participant: { mode: 'talk', status: 'pending' } } });
    const { id } = asked.data['participant'] as Participant;
    await colleague.invited();
    await colleague.answer(200, 'OK');
    const stop = saying(colleague, 1_000);
    await colleague.rtp.until(() => hears(colleague, 440), 'the colleague hears what the caller is told');
    await phone.rtp.until(() => phone.rtp.received.slice(-5).some((packet) => holds(phone.rtp.decode(packet))), 'and is heard');
    await stop();
    const present = await eventually(async () => {
      const { data } = await ask('GET', path);
      const [first] = data['participants'] as Participant[];
      return first?.status === 'joined' ? first : undefined;
    }, 'on record as joined');
    t.match(present, { id, sip_code: 200 });

    const bye = colleague.asked('BYE');
    t.match(await ask('DELETE', `${path}/${id}`), { status: 200, data: { participant: { status: 'left', reason: 'removed' } } });
    await bye;
    t.equal((await ask('PATCH', `${path}/${id}`, { mode: 'listen' })).status, 409, 'who has left is not heard in any way');
    await phone.hangUp();
    await eventually(async () => (hook.requests.length >= 2 ? hook.requests : undefined), 'both webhooks');
    const told = hook.requests.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
    t.same(new Set(told.map((event) => event['event_type'])), new Set(['participant_joined', 'participant_left']));
    t.match(told[0], { call_id: call?.id, data: { participant: { id, target: '+15550123' } } });
    t.match(await ask('GET', path), { data: { participants: [{ id, status: 'left' }] } }, 'on record after the end');
  },
);

/** Whether another tone than the 440 Hz of the call is in it. */
function holds(samples: Int16Array): boolean {
  return rms(samples) > 500 && toneShare(samples, 1_000, 8_000) > 0.2;
}
