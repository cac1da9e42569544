import { type Request, Router } from 'express';
import { z } from 'zod';
import type { AgentService } from '../../../agents/agent-service.js';
import { AppError } from '../../../core/errors.js';
import { newCustomFieldId } from '../../../core/ids.js';
import type { CustomField } from '../../../domain/agent-behaviour.js';
import { requirePermission } from '../../http/access/require-permission.js';
import { parseInput } from '../../http/parse.js';
import { presentCustomFields } from './agent-translation.js';
import { success } from './envelope.js';
import { PathId, required } from './fields.js';
import type { Workspace } from './workspace.js';

const MAX_FIELDS = 100;

export const CustomFieldBody = z.object({
  data: z
    .object({
      id: required(64).optional().meta({ description: 'Of the field that is changed; left out, there is one more.' }),
      name: z
        .string()
        .regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/, 'must begin with a letter and hold no blanks')
        .meta({ description: 'Stands in texts as `{{name}}`.', example: 'name' }),
      label: required(500).meta({
        description: 'What it is, for people and for the model that asks for it.',
        example: "Caller's name",
      }),
    })
    .meta({ id: 'CallfluentCustomFieldPayload' }),
});
type Sent = z.output<typeof CustomFieldBody>['data'];

export function customFieldsRouter(workspace: Workspace, agents: AgentService): Router {
  const router = Router();
  const agentsOnly = requirePermission('agents');
  router.put('/custom-field/:id', agentsOnly, async (req: Request<{ id: string }>, res) => {
    const { data } = parseInput(CustomFieldBody, req.body);
    const { tenantId, id } = await workspace.agent(req, res, Number(parseInput(PathId, req.params.id)));
    const added = newCustomFieldId();
    const { customFields } = await agents.patch(tenantId, id, (present) => ({
      customFields: put(present.customFields ?? [], data, added),
    }));
    res.json(success(presentCustomFields(customFields)));
  });
  router.delete('/remove-custom-fields/:id/:fieldId', agentsOnly, async (req: Request<{ id: string; fieldId: string }>, res) => {
    const { tenantId, id } = await workspace.agent(req, res, Number(parseInput(PathId, req.params.id)));
    const { customFields } = await agents.patch(tenantId, id, (present) => ({
      customFields: without(present.customFields ?? [], req.params.fieldId),
    }));
    res.json(success(presentCustomFields(customFields)));
  });
  return router;
}

/** How a value is read stays as it is, and is text in a new field. */
function put(present: readonly CustomField[], { id, name, label }: Sent, added: string): CustomField[] {
  if (present.some((field) => field.name === name && field.id !== id)) throw fault('data.name', 'is taken');
  if (id !== undefined) {
    const index = indexOf(present, id);
    return present.map((field, at) => (at === index ? { ...field, name, label } : field));
  }
  if (present.length >= MAX_FIELDS) throw fault('data', `would be more than ${MAX_FIELDS} fields`);
  return [...present, { id: added, name, label, type: 'text' }];
}

function without(present: readonly CustomField[], id: string): CustomField[] | undefined {
  const index = indexOf(present, id);
  const rest = present.filter((_, at) => at !== index);
  return rest.length === 0 ? undefined : rest;
}

function indexOf(fields: readonly CustomField[], id: string): number {
  const index = fields.findIndex((field) => field.id === id);
  if (index < 0) throw new AppError('not_found', 'no such custom field');
  return index;
}

const fault = (field: string, message: string): AppError =>
  new AppError('invalid_request', `${field} ${message}`, { faults: [{ field, message }] });
