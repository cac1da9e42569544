import { createSocket, type Socket } from 'node:dgram';
import { isIPv4, isIPv6 } from 'node:net';
import type { OwnAddresses } from '../../core/own-addresses.js';
import { plainAddress } from '../../core/source-list.js';
import { parseDatagram } from '../message/parse-message.js';
import type { Address, Flow, TransportEvents } from './flow.js';

/** Room for the bursts of a busy trunk while the loop is elsewhere. */
const SOCKET_BUFFER_BYTES = 4 * 1024 * 1024;

/** One datagram socket for all peers. */
export class UdpTransport {
  readonly #socket: Socket;
  readonly #events: TransportEvents;
  readonly #addresses: OwnAddresses;
  readonly #v6: boolean;
  #port = 0;
  #closed = false;

  constructor(bind: string, addresses: OwnAddresses, events: TransportEvents) {
    this.#addresses = addresses;
    this.#events = events;
    this.#v6 = isIPv6(bind);
    this.#socket = createSocket({ type: this.#v6 ? 'udp6' : 'udp4' });
    this.#socket.on('message', (bytes, peer) => this.#receive(bytes, { address: plainAddress(peer.address), port: peer.port }));
  }

  get port(): number {
    return this.#port;
  }

  async listen(bind: string, port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#socket.once('error', reject);
      this.#socket.bind({ address: bind, port, exclusive: true }, () => {
        this.#socket.off('error', reject);
        resolve();
      });
    });
    // Errors of single datagrams arrive at their send callbacks; what is left here concerns no call in particular.
    this.#socket.on('error', () => {});
    this.#port = this.#socket.address().port;
    try {
      this.#socket.setRecvBufferSize(SOCKET_BUFFER_BYTES);
      this.#socket.setSendBufferSize(SOCKET_BUFFER_BYTES);
    } catch {
      // Some systems refuse more than their limit instead of granting that; their default serves too.
    }
  }

  flowTo(remote: Address): Flow {
    const local = { address: this.#addresses.towards(remote.address), port: this.#port };
    const isOpen = (): boolean => !this.#closed;
    return {
      transport: 'udp',
      reliable: false,
      local,
      remote,
      get alive() {
        return isOpen();
      },
      send: (bytes, onError) => this.#send(bytes, remote, onError),
    };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await new Promise<void>((resolve) => this.#socket.close(() => resolve()));
  }

  #send(bytes: Buffer, remote: Address, onError: ((error: Error) => void) | undefined): void {
    if (this.#closed) return;
    const address = this.#v6 && isIPv4(remote.address) ? `::ffff:${remote.address}` : remote.address;
    this.#socket.send(bytes, remote.port, address, (error) => {
      if (error) onError?.(error);
    });
  }

  #receive(bytes: Buffer, peer: Address): void {
    // Port 0 cannot be answered: a forged source.
    if (peer.port === 0 || !this.#events.admits(peer.address)) return;
    const parsed = parseDatagram(bytes);
    if (!parsed) return;
    const received = { message: parsed.message, flow: this.flowTo(peer), sizeBytes: bytes.length };
    if (parsed.fault) this.#events.onFault(received, parsed.fault);
    else this.#events.onMessage(received);
  }
}
