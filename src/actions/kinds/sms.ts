import { exchangeOk, requestOf } from '../send-request.js';
import { type OpenAction, ToolFailure } from '../tool.js';

/** Texts the caller, or a number of the operator's: over a provider's HTTP interface, or by SIP MESSAGE. */
export const openSms: OpenAction<'sms'> = ({ action, setting, deps, templates }) => [
  {
    action,
    definition: {
      name: '',
      description: 'Sends a text message.',
      parameters: { type: 'object', properties: {}, additionalProperties: false },
    },
    async run({ signal, key }) {
      const { to: template, content, request: form } = action.config;
      const to = template === undefined ? setting.remoteNumber : templates.text(template);
      if (to === undefined || to === '') {
        throw new ToolFailure('No number is known that a text could be sent to.', { reason: 'no number' });
      }
      const text = templates.text(content);
      if (!form) {
        await deps.sendText(setting.call(), { to, text });
        return {};
      }
      const { url, init } = requestOf(form, templates, { to, text });
      if (!init.headers.has('idempotency-key')) init.headers.set('idempotency-key', key);
      await exchangeOk(deps.fetch, url, { ...init, signal });
      return {};
    },
  },
];
