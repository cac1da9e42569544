/**
 * Who leads the conversation of a call: the agent; the agent and an operator, who is told what it would say and has said what is
 * right; or the operator alone, while the agent listens.
 */
export const CALL_MODES = ['regular', 'copilot', 'operator'] as const;
export type CallMode = (typeof CALL_MODES)[number];

/** How an operator leads the agent of one call; it holds until the call ends or is told otherwise. */
export type AgentGuidance = {
  mode: CallMode;
  /** Who has taken over, as they call themselves. */
  operator: string | undefined;
  /** It hears and keeps the transcript; what it would say is dropped. */
  muted: boolean;
  /** Beside its prompt. */
  instructions: string | undefined;
};

/** What is absent stays as it is; `undefined` takes it back. */
export type GuidanceChange = Partial<AgentGuidance>;

export const UNGUIDED: AgentGuidance = { mode: 'regular', operator: undefined, muted: false, instructions: undefined };

/** Whether the agent keeps what it would say to itself. */
export const isSilent = ({ mode, muted }: AgentGuidance): boolean => muted || mode !== 'regular';
