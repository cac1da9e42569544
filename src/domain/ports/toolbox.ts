import type { Expectation } from '../expectation.js';
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

/** What the agent of one call can do beside talking. */
export interface Toolbox {
  /** What the model may call. Never rejects; waits for tools that others have to list, and for those not long. */
  definitions(): Promise<readonly ToolDefinition[]>;
  /** Said while the tool runs where the model has said nothing of it, and whether it must have been heard before the tool begins. */
  announcement(call: ToolCall): { text: string | undefined; first: boolean };
  /** Never rejects, and ends within the limits of the tool: a failure is a result, for the model to tell. */
  run(call: ToolCall): Promise<ToolResult>;
}
