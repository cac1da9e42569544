import { createTransport } from 'nodemailer';
import type { Mail, Mailer } from '../domain/ports/mailer.js';

const TIMEOUT_MS = 10_000;

/** Sends through the server at `url` (`smtp://user:password@host:587`, `smtps://…:465`), as `from`. */
export class SmtpMailer implements Mailer {
  readonly #transport: ReturnType<typeof createTransport>;
  readonly #from: string;

  constructor({ url, from }: { url: string; from: string }) {
    this.#transport = createTransport({
      url,
      connectionTimeout: TIMEOUT_MS,
      greetingTimeout: TIMEOUT_MS,
      socketTimeout: TIMEOUT_MS,
      // A mail is what we write; nothing in it makes the library read files or fetch addresses.
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    this.#from = from;
  }

  async send({ to, subject, text, id }: Mail): Promise<void> {
    const domain = /@([^\s>]+)/.exec(this.#from)?.[1] ?? 'localhost';
    const named = id === undefined ? {} : { messageId: `<${id}@${domain}>` };
    await this.#transport.sendMail({ from: this.#from, to: { name: '', address: to }, subject, text, ...named });
  }
}
