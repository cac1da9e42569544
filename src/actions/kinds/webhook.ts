import { signatureHeaders } from '../../core/webhook-signature.js';
import { fieldsOf } from '../collected-fields.js';
import { exchangeOk } from '../send-request.js';
import type { OpenAction } from '../tool.js';

/** Posts what was collected, signed with the secret `signing` where there is one. */
export const openWebhook: OpenAction<'webhook'> = ({ action, setting, deps, templates, secrets }) => [
  {
    action,
    definition: { name: '', description: '', parameters: { type: 'object', properties: {}, additionalProperties: false } },
    // The receiver knows a second try by its key.
    repeatable: true,
    async run({ signal, key }) {
      const call = setting.call();
      const body = JSON.stringify({
        event_type: 'action',
        action_id: action.id,
        action_name: action.name,
        call_id: call.isSession ? null : call.id,
        ...(call.isSession && { session_id: call.id }),
        agent_id: call.agentId ?? null,
        task_id: call.taskId ?? null,
        direction: call.direction,
        caller_number: setting.remoteNumber ?? null,
        data: fieldsOf(setting, action.config.fields),
      });
      const { signing } = secrets;
      const headers = {
        'content-type': 'application/json',
        'idempotency-key': key,
        ...(signing === undefined ? {} : signatureHeaders(body, [signing], deps.clock.nowMs())),
      };
      await exchangeOk(deps.fetch, templates.url(action.config.url), { method: 'POST', headers, body, signal });
      return {};
    },
  },
];
