import { Router } from 'express';
import type { AgentId } from '../../../core/ids.js';
import type { OutboundPolicies } from '../../../tasks/outbound-policies.js';
import type { TaskService } from '../../../tasks/task-service.js';
import { parseInput } from '../../http/parse.js';
import { taskIdOf } from '../../http/path-id.js';
import { keyOf, principalOf } from '../../http/request-context.js';
import { callPolicyRouter } from './call-policy-routes.js';
import { success, successPage } from './envelope.js';
import { TasksQuery } from './query-schema.js';
import { TaskCreate, TaskExecute, TaskPatchBody } from './task-schema.js';
import { presentTask, presentTaskDetail, toTaskDraft, toTaskPatch } from './task-translation.js';

export function tasksRouter(tasks: TaskService, policies: OutboundPolicies): Router {
  const router = Router();
  router.use('/policy', callPolicyRouter(policies));
  router.get('/', async (req, res) => {
    const { agent_id: agentId, status, limit, offset } = parseInput(TasksQuery, req.query);
    const page = { limit, offset };
    const filter = { agentId: agentId?.toLowerCase() as AgentId | undefined, status };
    const { items, total } = await tasks.list(principalOf(res).tenantId, filter, page);
    res.json(successPage(res, items.map(presentTask), total, page));
  });
  router.post('/', async (req, res) => {
    const task = await tasks.create(principalOf(res).tenantId, toTaskDraft(parseInput(TaskCreate, req.body)), keyOf(res));
    res.status(201).json(success(res, presentTask(task)));
  });
  router.get('/:id', async (req, res) => {
    const task = await tasks.get(principalOf(res).tenantId, taskIdOf(req));
    res.json(success(res, presentTaskDetail(task, await tasks.agentOf(task), await tasks.callsOf(task))));
  });
  router.patch('/:id', async (req, res) => {
    const patch = toTaskPatch(parseInput(TaskPatchBody, req.body));
    res.json(success(res, presentTask(await tasks.patch(principalOf(res).tenantId, taskIdOf(req), patch, keyOf(res)))));
  });
  router.delete('/:id', async (req, res) => {
    const id = taskIdOf(req);
    await tasks.delete(principalOf(res).tenantId, id);
    res.json(success(res, { id, deleted: true }));
  });
  router.post('/:id/execute', async (req, res) => {
    const { ignore_window: ignoreWindow } = parseInput(TaskExecute, req.body ?? {});
    const call = await tasks.execute(principalOf(res).tenantId, taskIdOf(req), { ignoreWindow, by: keyOf(res) });
    res.json(success(res, { call_id: call.id, message: 'Call initiated' }));
  });
  router.post('/:id/reset', async (req, res) => {
    res.json(success(res, presentTask(await tasks.reset(principalOf(res).tenantId, taskIdOf(req), keyOf(res)))));
  });
  return router;
}
