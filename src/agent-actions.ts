import { AgentToolboxes } from './actions/agent-toolboxes.js';
import { EndActions } from './actions/end-actions.js';
import type { ActionDeps } from './actions/tool.js';
import type { CallEvent } from './calls/call-event.js';
import type { CloseStack } from './core/lifecycle.js';
import type { Logger } from './core/log.js';
import type { Database } from './storage/database.js';
import type { TextService } from './texts/text-service.js';

export type AgentActionsOptions = Pick<ActionDeps, 'box' | 'clock' | 'fetch' | 'mailer'> & {
  database: Database;
  texts: TextService;
  log: Logger;
  stack: CloseStack;
  onCallEvent: (event: CallEvent) => void;
};

/** What agents do beside talking: as tools while a call lasts, and when it is over. */
export function createAgentActions(options: AgentActionsOptions): { toolboxes: AgentToolboxes; endActions: EndActions } {
  const { database, texts, log, stack, onCallEvent, ...rest } = options;
  const deps: ActionDeps = {
    ...rest,
    actions: database.actions,
    sendText: ({ tenantId, apiKeyId }, draft) => texts.send(tenantId, { ...draft, from: undefined }, apiKeyId),
  };
  const { endActions, agents, actions, calls, tasks, chatSessions: sessions } = database;
  const atEnd = new EndActions({
    ...deps,
    endActions,
    agents,
    actions,
    calls,
    tasks,
    sessions,
    log,
    onRun: (callId, run) => onCallEvent({ type: 'tool', callId, run }),
  });
  stack.push(() => atEnd.close());
  const toolboxes = new AgentToolboxes(deps);
  stack.push(() => toolboxes.close());
  return { toolboxes, endActions: atEnd };
}
