import type { AgentId } from '../core/ids.js';
import type { AgentSettings } from '../domain/agent.js';
import type { Values } from '../domain/placeholders.js';
import type { CallSetting } from '../domain/ports/toolbox.js';
import type { CallConversation } from './call-conversation.js';
import type { CallRecord } from './call-record.js';
import type { CallHandover } from './transfer/call-handover.js';
import type { TransferDesk } from './transfer/transfer-desk.js';

export type CallSettingDeps = {
  record: CallRecord;
  remoteNumber: string | undefined;
  variables: () => Values;
  settings: AgentSettings;
  handover: CallHandover;
  desk: TransferDesk;
  /** None before it has begun. */
  conversation: () => CallConversation | undefined;
  passOn: (agent: AgentId, briefing: string | undefined) => Promise<void>;
};

/** What tools may know of a call, and do with it. */
export const callSetting = ({
  record,
  variables,
  settings,
  handover,
  desk,
  conversation,
  ...deps
}: CallSettingDeps): CallSetting => ({
  ...deps,
  call: () => record.call,
  settings,
  values: () => ({
    ...settings.contextData,
    caller_number: deps.remoteNumber,
    ...variables(),
    ...record.call.collectedData,
  }),
  collect: (data) => record.collected(data),
  handOver: (request) => handover.handOver(desk.planFor(record.call, request, 'agent')),
  keyIn: (request) => conversation()?.keyIn?.(request),
  note: (run) => record.journal.tool(run),
  log: record.log,
});
