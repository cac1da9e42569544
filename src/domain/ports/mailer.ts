export type Mail = { to: string; subject: string; text: string };

/** Sends mail. */
export interface Mailer {
  /** Resolves when the server has taken it. @throws Error with the server's reason. */
  send(mail: Mail): Promise<void>;
}
