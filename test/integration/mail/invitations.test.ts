import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import t from 'tap';
import type { Logger } from '../../../src/core/log.js';
import { SmtpMailer } from '../../../src/mail/smtp-mailer.js';
import { type Answer, type HttpHarness, startHarness } from '../../support/http-harness.js';
import { ask, logIn, PASSWORD, type Person } from '../../support/people.js';
import { startSmtpServer } from '../../support/smtp.js';

const FROM = 'Offhook <offhook@example.com>';
const invite = (by: Person): Promise<Answer> => by.call('POST', '/users/invite', { email: 'jane@example.com', role: 'viewer' });
const mailStates = async (api: HttpHarness, by: Person): Promise<string[]> => {
  await api.identity.invitations.settled();
  return (await by.call('GET', '/users/invitations')).body.data.map(({ mail }: { mail: string }) => mail);
};

function recordingLog(): { log: Logger; lines: { fields: Record<string, unknown>; message: string }[] } {
  const lines: { fields: Record<string, unknown>; message: string }[] = [];
  const write = (fields: object, message: string): void =>
    void lines.push({ fields: fields as Record<string, unknown>, message });
  const log: Logger = { debug: write, info: write, warn: write, error: write, child: () => log };
  return { log, lines };
}

void t.test('an invitation comes by mail, its link opens it, and what became of the mail is told', async (t) => {
  const smtp = await startSmtpServer(t);
  const mailer = new SmtpMailer({ url: `smtp://127.0.0.1:${smtp.port}`, from: FROM });
  const { log, lines } = recordingLog();
  const api = await startHarness(t, { mailer, log, publicUrl: 'https://voice.example.com' });
  const admin = await logIn(api, { role: 'admin' });
  const { data } = (await invite(admin)).body;
  t.equal(data.mail, 'queued');
  t.same(await mailStates(api, admin), ['sent']);
  const [mail] = smtp.received;
  t.match(mail, { from: 'offhook@example.com', to: ['jane@example.com'] });
  t.match(mail?.text, /^Subject: Invitation to default\r$/m);
  t.match(mail?.text, /^From: Offhook <offhook@example\.com>\r$/m);
  // Lines of a mail are short: a longer one is broken by `=`.
  const link = /https:\/\/voice\.example\.com\/console\/invitation\?token=(\S+)/.exec(
    (mail?.text ?? '').replaceAll('=\r\n', '').replaceAll('=3D', '='),
  );
  t.equal(link?.[0], data.link);
  const accepted = await ask(api, 'POST', '/auth/accept-invitation', { token: link?.[1], name: 'Jane', password: PASSWORD });
  t.equal(accepted.status, 200);
  t.match(
    lines.filter(({ message }) => message === 'invitation mailed'),
    [{ fields: { invitationId: data.id } }],
  );
  t.notMatch(JSON.stringify(lines), data.token);
});

void t.test('a server that refuses is told of in the list and the log, and the invitation holds all the same', async (t) => {
  const smtp = await startSmtpServer(t, { refuseWith: 'no such mailbox' });
  const mailer = new SmtpMailer({ url: `smtp://127.0.0.1:${smtp.port}`, from: FROM });
  const { log, lines } = recordingLog();
  const api = await startHarness(t, { mailer, log });
  const admin = await logIn(api, { role: 'admin' });
  const invited = await invite(admin);
  t.equal(invited.status, 201);
  t.same(await mailStates(api, admin), ['failed']);
  t.match(
    lines.filter(({ message }) => message === 'invitation could not be mailed'),
    [{ fields: { invitationId: invited.body.data.id, err: { message: /no such mailbox/ } } }],
  );
  t.notMatch(JSON.stringify(lines), invited.body.data.token);
  const { token } = invited.body.data;
  t.equal((await ask(api, 'POST', '/auth/accept-invitation', { token, name: 'Jane', password: PASSWORD })).status, 200);
});

void t.test('nobody waits for a server that says nothing', async (t) => {
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as { port: number };
  const reached = once(silent, 'connection');
  const mailer = new SmtpMailer({ url: `smtp://127.0.0.1:${port}`, from: FROM });
  const api = await startHarness(t, { mailer });
  const admin = await logIn(api, { role: 'admin' });
  t.match(await invite(admin), { status: 201, body: { data: { mail: 'queued' } } });
  const [socket] = (await reached) as [ReturnType<typeof connect>];
  t.match((await admin.call('GET', '/users/invitations')).body.data, [{ mail: 'queued' }], 'while it is still under way');
  socket.destroy();
  silent.close();
  t.same(await mailStates(api, admin), ['failed']);
});

void t.test('the name of an organisation makes no header and no second recipient', async (t) => {
  const smtp = await startSmtpServer(t);
  const mailer = new SmtpMailer({ url: `smtp://127.0.0.1:${smtp.port}`, from: FROM });
  await mailer.send({ to: 'jane@example.com', subject: 'Hello\r\nBcc: eve@example.com', text: '.\r\nRCPT TO:<eve@example.com>' });
  t.same(smtp.received[0]?.to, ['jane@example.com']);
  t.notMatch(smtp.received[0]?.text, /^Bcc:/m);
});

void t.test('the password of the mail server is used, and in no error', async (t) => {
  const smtp = await startSmtpServer(t, {
    onAuth: ({ username, password }, _session, done) =>
      username === 'offhook' && password === 'p@ss' ? done(null, { user: username }) : done(new Error('who are you')),
  });
  const mail = { to: 'jane@example.com', subject: 'Hello', text: 'Hello' };
  await new SmtpMailer({ url: `smtp://offhook:p%40ss@127.0.0.1:${smtp.port}`, from: FROM }).send(mail);
  t.equal(smtp.received.length, 1);
  const wrong = new SmtpMailer({ url: `smtp://offhook:guessed@127.0.0.1:${smtp.port}`, from: FROM });
  const error = await wrong.send(mail).catch((thrown: unknown) => thrown);
  t.match(error, { message: /who are you/ });
  t.notMatch(JSON.stringify(error) + String((error as Error).stack), 'guessed');
});
