/** Who an appointment is for, as far as that is known. */
export type Visitor = {
  name: string | undefined;
  email: string | undefined;
  phone: string | undefined;
  notes: string | undefined;
};

/** One calendar of some service, in one call. All methods throw ToolFailure. */
export interface Calendar {
  /** When something can begin, in order, between two moments (epoch ms): ISO 8601 as the service writes it, to be handed back unchanged. */
  freeTimes(fromMs: number, toMs: number, signal: AbortSignal): Promise<readonly string[]>;
  /** `key` is the same for all tries of one booking. @throws TimeTaken when somebody was faster. */
  book(start: string, visitor: Visitor, attempt: { signal: AbortSignal; key: string }): Promise<void>;
}

/** Somebody else has it. */
export class TimeTaken extends Error {
  override readonly name = 'TimeTaken';
}
