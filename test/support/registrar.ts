import { header, type RawMessage, SipPeer } from './sip-peer.js';
import { responseText } from './sip-texts.js';

type Answer = { status: number; reason?: string; headers?: readonly string[] } | undefined;

/** A registrar that knows no rules: each REGISTER is answered as the test says, or not at all. */
export class TestRegistrar {
  readonly peer: SipPeer;
  readonly asked: RawMessage[] = [];
  /** Where it says that it sees who asks: as if there was NAT in between. */
  seenAs: { address: string; port: number } | undefined;
  answer: (register: RawMessage) => Answer = (register) => granting(register, Number(header(register, 'Expires')));

  private constructor(peer: SipPeer) {
    this.peer = peer;
  }

  /** `serverPort`: of the SIP server whose requests it answers. */
  static async start(
    t: { teardown(task: () => Promise<void>): void },
    serverPort?: number | (() => number),
    address?: string,
  ): Promise<TestRegistrar> {
    const peer = await SipPeer.udp(serverPort, address);
    const registrar = new TestRegistrar(peer);
    peer.onMessage((message) => registrar.#on(message));
    t.teardown(() => peer.close());
    return registrar;
  }

  #on(message: RawMessage): void {
    if (message.status !== 0 || message.method !== 'REGISTER') return;
    this.asked.push(message);
    const answer = this.answer(message);
    if (!answer) return;
    const text = responseText(message, answer.status, answer.reason ?? 'As told', 'registrar', answer.headers);
    const { address, port } = this.seenAs ?? {};
    this.peer.send(address === undefined ? text : text.replace(';rport', `;received=${address};rport=${port}`));
  }
}

/** 200 with the contact that was sent, bound for so long. */
export const granting = (register: RawMessage, expiresS: number): Answer => ({
  status: 200,
  headers: expiresS === 0 ? [] : [`Contact: ${header(register, 'Contact')};expires=${expiresS}`],
});
