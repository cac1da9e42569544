import { AppError } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import type { AgentSettings } from '../domain/agent.js';
import type { Call } from '../domain/call.js';
import type { Values } from '../domain/placeholders.js';
import type { CallSetting } from '../domain/ports/toolbox.js';
import type { ChatSession } from '../domain/session.js';
import { sessionValues } from '../sessions/session-settings.js';

type Ended = Pick<CallSetting, 'settings' | 'remoteNumber' | 'log'> & {
  subject: ReturnType<CallSetting['call']>;
  values: Values;
};

/** What actions may know of a call that is over, by its record. `taskData`: what its task was given to say and know. */
export const settingOfCall = (call: Call, settings: AgentSettings, taskData: Values | undefined, log: Logger): CallSetting => {
  const { id, agentId, agentName, taskId, remoteNumber } = call;
  return ended({
    subject: call,
    settings,
    remoteNumber,
    values: {
      ...settings.contextData,
      caller_number: remoteNumber,
      call: { id },
      task: { id: taskId },
      agent: { id: agentId, name: agentName },
      ...taskData,
      ...call.variables,
      ...call.collectedData,
    },
    log: log.child({ callId: id }),
  });
};

/** … of a text conversation. */
export const settingOfSession = (session: ChatSession, settings: AgentSettings, log: Logger): CallSetting => {
  const { id, tenantId, agentId, collectedData, phone } = session;
  return ended({
    subject: { id, tenantId, agentId, taskId: undefined, direction: 'inbound', collectedData, isSession: true },
    settings,
    remoteNumber: phone,
    values: { ...settings.contextData, ...sessionValues(session), ...collectedData },
    log: log.child({ sessionId: id }),
  });
};

const ended = ({ subject, values, ...rest }: Ended): CallSetting => ({
  ...rest,
  call: () => subject,
  values: () => values,
  // Nobody collects anything any more, and what becomes of a tool is written down by whoever runs it.
  collect: () => {},
  note: () => {},
  handOver: () => Promise.reject(new AppError('call_already_ended', `${subject.id} is over`)),
});
