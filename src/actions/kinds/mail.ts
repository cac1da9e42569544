import type { Mailer } from '../../domain/ports/mailer.js';
import { fieldsOf } from '../collected-fields.js';
import { type ActionDeps, type OpenAction, ToolFailure } from '../tool.js';
import { readValue } from '../values/read-value.js';

/** Sends a mail that the operator has written, to whom the model or the operator says. */
export const openSendEmail: OpenAction<'send_email'> = ({ action, setting, deps, templates }) => {
  const { to, subject, content } = action.config;
  const address = { type: 'string', description: 'The e-mail address, as the caller has said it.' };
  const parameters =
    to === undefined
      ? { type: 'object', properties: { to: address }, required: ['to'], additionalProperties: false }
      : { type: 'object', properties: {}, additionalProperties: false };
  return [
    {
      action,
      definition: { name: '', description: 'Sends an e-mail.', parameters },
      async run({ args, key }) {
        const { language, timezone = 'utc' } = setting.settings;
        const said = to === undefined ? args['to'] : templates.text(to);
        const reading = readValue(said, { type: 'email' }, { nowMs: deps.clock.nowMs(), timezone, language });
        if (!('value' in reading))
          throw new ToolFailure('The e-mail address is not known. Ask the caller for it.', { refused: true });
        const receiver = String(reading.value);
        const text = templates.text(content, args);
        await send(deps, { to: receiver, subject: templates.text(subject, args), text, id: key });
        return { result: { sent_to: receiver } };
      },
    },
  ];
};

/** Sends what was collected to the operator's own address. */
export const openEmailPush: OpenAction<'email_push'> = ({ action, setting, deps, templates }) => [
  {
    action,
    definition: {
      name: '',
      description: 'Sends what was noted to the office.',
      parameters: { type: 'object', properties: {}, additionalProperties: false },
    },
    async run({ key }) {
      const { targetEmail, subject, fields } = action.config;
      const { id, direction, isSession } = setting.call();
      const about = { [isSession ? 'session' : 'call']: id, direction, caller: setting.remoteNumber ?? 'unknown' };
      const lines = Object.entries({ ...about, ...fieldsOf(setting, fields) }).map(
        ([name, value]) => `${name}: ${wordsOf(value)}`,
      );
      await send(deps, { to: targetEmail, subject: templates.text(subject), text: `${lines.join('\n')}\n`, id: key });
      return {};
    },
  },
];

async function send({ mailer }: Pick<ActionDeps, 'mailer'>, mail: Parameters<Mailer['send']>[0]): Promise<void> {
  if (!mailer) throw new ToolFailure('E-mail cannot be sent from here.', { reason: 'no mail server is configured (smtp)' });
  try {
    await mailer.send({ ...mail, subject: mail.subject.replace(/[\p{Cc}]+/gu, ' ') });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    // 5xx is the server's last word (RFC 5321 section 4.2.1).
    const code = (cause as { responseCode?: unknown }).responseCode;
    const mayPass = !(typeof code === 'number' && code >= 500);
    throw new ToolFailure('The e-mail could not be sent.', { mayPass, reason, cause });
  }
}

const wordsOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? ''));
