import type { AgentSettings } from '../domain/agent.js';
import type { CallSetting } from '../domain/ports/toolbox.js';
import type { CallConversation } from './call-conversation.js';
import type { CallOrigin } from './call-origin.js';
import type { CallRecord } from './call-record.js';
import type { CallHandover } from './transfer/call-handover.js';
import type { TransferDesk } from './transfer/transfer-desk.js';

export type CallSettingDeps = {
  record: CallRecord;
  origin: CallOrigin;
  settings: AgentSettings;
  handover: CallHandover;
  desk: TransferDesk;
  /** None before it has begun. */
  conversation: () => CallConversation | undefined;
};

/** What tools may know of a call, and do with it. */
export const callSetting = ({ record, origin, settings, handover, desk, conversation }: CallSettingDeps): CallSetting => ({
  call: () => record.call,
  settings,
  remoteNumber: origin.remoteNumber,
  values: () => ({
    ...settings.contextData,
    caller_number: origin.remoteNumber,
    ...origin.variables,
    ...record.call.collectedData,
  }),
  collect: (data) => record.collected(data),
  handOver: (request) => handover.handOver(desk.planFor(record.call, request, 'agent')),
  keyIn: (request) => conversation()?.keyIn?.(request),
  note: (run) => record.journal.tool(run),
  log: record.log,
});
