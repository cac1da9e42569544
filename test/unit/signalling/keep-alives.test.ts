import t from 'tap';
import { FakeClock } from '../../../src/core/clock.js';
import { KeepAlives } from '../../../src/signalling/agent/keep-alives.js';
import type { Address, Flow, TransportName } from '../../../src/signalling/transport/flow.js';

function flowOver(transport: TransportName): { flow: Flow; sent: string[]; kept: number[] } {
  const sent: string[] = [];
  const kept: number[] = [];
  const flow: Flow = {
    transport,
    reliable: transport !== 'udp',
    local: { address: '192.0.2.1', port: 5060 },
    remote: { address: '198.51.100.7', port: 5060 },
    alive: true,
    send: (bytes) => void sent.push(bytes.toString()),
    ...(transport !== 'udp' && { keepAlive: (ms: number) => void kept.push(ms) }),
  };
  return { flow, sent, kept };
}

function keeping(): { clock: FakeClock; keepAlives: KeepAlives; lost: Address[] } {
  const clock = new FakeClock();
  const lost: Address[] = [];
  return { clock, keepAlives: new KeepAlives(clock, (registrar) => void lost.push(registrar)), lost };
}

void t.test('over UDP line breaks go out at the interval, as long as the registration holds', (t) => {
  const { clock, keepAlives } = keeping();
  const { flow, sent } = flowOver('udp');
  keepAlives.hold(flow, 20_000, 60_000);
  clock.advance(59_000);
  t.same(sent, ['\r\n\r\n', '\r\n\r\n']);
  keepAlives.hold(flow, 20_000, 60_000);
  clock.advance(600_000);
  t.equal(sent.length, 4, 'a refresh prolongs it, and it ends');
  keepAlives.hold(flow, 20_000, 60_000);
  keepAlives.hold(flow, 20_000, 0);
  clock.advance(60_000);
  t.equal(sent.length, 4, 'what was taken back is not kept open');
  t.equal(clock.pendingTimers, 0);
  t.end();
});

void t.test('a connection is pinged, and its loss is told', (t) => {
  const { clock, keepAlives, lost } = keeping();
  const { flow, kept } = flowOver('tls');
  keepAlives.hold(flow, 20_000, 60_000);
  t.same(kept, [20_000]);
  keepAlives.closed(flow);
  t.same(lost, [flow.remote]);
  keepAlives.closed(flow);
  t.equal(lost.length, 1, 'once');
  keepAlives.hold(flow, undefined, 60_000);
  clock.advance(60_000);
  keepAlives.closed(flow);
  t.equal(lost.length, 1, 'the registration had ended before');
  t.end();
});
