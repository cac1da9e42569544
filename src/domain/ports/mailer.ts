export type Mail = {
  to: string;
  subject: string;
  text: string;
  /** The same whenever it is sent again: by it a mailbox knows one that it has. */
  id?: string | undefined;
};

/** Sends mail. */
export interface Mailer {
  /** Resolves when the server has taken it. @throws Error with the server's reason. */
  send(mail: Mail): Promise<void>;
}
