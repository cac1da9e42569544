import type { AgentId, CallId, ChatSessionId } from '../../core/ids.js';
import type { Logger } from '../../core/log.js';
import type { AgentSettings } from '../agent.js';
import type { Call, CollectedData } from '../call.js';
import type { Expectation } from '../expectation.js';
import type { KeyedIn, KeyRequest } from '../key-collection.js';
import type { Values } from '../placeholders.js';
import type { ToolRun } from '../tool-run.js';
import type { Transfer } from '../transfer.js';
import type { TransferRequest } from './call-control.js';
import type { ToolCall, ToolDefinition } from './speech.js';

/** What a tool came to. */
export type ToolResult = {
  /** For the model: one JSON object. */
  content: string;
  /** The far end is with somebody else now: there is nothing left to say. */
  handedOver?: boolean | undefined;
  /** What the agent is to ask the caller for next: a pause in that kind of answer is waited for. */
  expect?: Expectation | undefined;
};

export type ToolAnnouncement = {
  /** Said while the tool runs where the model has said nothing of it. */
  text: string | undefined;
  /** It must have been heard before the tool begins. */
  first: boolean;
  /** The tool waits for the caller: what was said is all there is to say until then. */
  listens?: boolean | undefined;
};

/** What the agent of one call can do beside talking. */
export interface Toolbox {
  /** What the model may call. Never rejects; waits for tools that others have to list, and for those not long. */
  definitions(): Promise<readonly ToolDefinition[]>;
  announcement(call: ToolCall): ToolAnnouncement;
  /** What these words of the agent ask the caller for, where it is something that a tool takes. */
  asksFor?(words: string): Expectation | undefined;
  /** Never rejects, and ends within the limits of the tool: a failure is a result, for the model to tell. */
  run(call: ToolCall): Promise<ToolResult>;
}

/** What tools are used in: a call, or a text conversation. */
export type ToolSubject = Pick<Call, 'tenantId' | 'agentId' | 'apiKeyId' | 'taskId' | 'direction' | 'collectedData'> & {
  id: CallId | ChatSessionId;
  isSession?: true;
};

/** What tools may know of the call they are used in, and do with it. */
export type CallSetting = {
  /** As it is known now. */
  call(): ToolSubject;
  settings: AgentSettings;
  /** The other party's, in E.164; undefined when it has none that we could know. */
  remoteNumber: string | undefined;
  /** What fills `{{placeholders}}`, what was collected among it. */
  values(): Values;
  /** Adds to what the call has collected. */
  collect(data: CollectedData): void;
  /** Resolves when the far end talks to the target, or the agent has it back. @throws AppError as `CallControl.transfer`. */
  handOver(request: TransferRequest): Promise<Transfer>;
  /**
   * Has another agent go on with the call, told of `briefing`; absent where there is no call. Whoever asked speaks no more.
   *
   * @throws AppError as `CallControl.passOn`.
   */
  passOn?: ((agent: AgentId, briefing: string | undefined) => Promise<void>) | undefined;
  /** Waits for keys of the caller, who has been asked for them; absent, or undefined, where nobody takes any. */
  keyIn?: ((request: KeyRequest) => Promise<KeyedIn> | undefined) | undefined;
  /** Writes down what became of a tool. */
  note(run: ToolRun): void;
  log: Logger;
};

export interface CallToolbox extends Toolbox {
  /** It is used no more. What is under way goes on to its own limits. */
  close(): void;
}

export interface Toolboxes {
  open(setting: CallSetting): CallToolbox;
}
