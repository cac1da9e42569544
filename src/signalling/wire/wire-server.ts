import { createServer, type Server } from 'node:net';
import type { Application, ApplicationDirectory } from '../agent/application.js';
import { WireClient, type WireHost } from './wire-client.js';

/** Where applications connect. New requests go round among those that route their method. */
export class WireServer implements ApplicationDirectory {
  readonly #server: Server;
  readonly #clients = new Set<WireClient>();
  #turn = 0;

  constructor(host: WireHost) {
    this.#server = createServer((socket) => {
      const client = new WireClient(socket, {
        ...host,
        onClosed: (closed) => {
          this.#clients.delete(closed);
          host.onClosed(closed);
        },
      });
      this.#clients.add(client);
    });
  }

  /** Binds to a free port of the loopback interface. @returns the port. */
  async listen(): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host: '127.0.0.1', port: 0 }, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    this.#server.on('error', () => {});
    return (this.#server.address() as { port: number }).port;
  }

  next(method: string): Application | undefined {
    const serving = [...this.#clients].filter((client) => client.connected && client.routes.has(method));
    this.#turn += 1;
    return serving[this.#turn % Math.max(1, serving.length)];
  }

  routed(): string[] {
    const methods = new Set<string>();
    for (const client of this.#clients) {
      for (const route of client.routes) if (!route.startsWith('CDR:')) methods.add(route);
    }
    return [...methods];
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.close();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
