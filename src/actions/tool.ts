import type { Clock } from '../core/clock.js';
import type { SecretBox } from '../core/secret-box.js';
import type { Action, ActionOf, ActionType } from '../domain/action.js';
import type { Expectation } from '../domain/expectation.js';
import type { ActionRepository } from '../domain/ports/action-repository.js';
import type { Mailer } from '../domain/ports/mailer.js';
import type { ToolDefinition } from '../domain/ports/speech.js';
import type { CallSetting, ToolSubject } from '../domain/ports/toolbox.js';
import type { Templates } from './templates.js';

export type Arguments = Readonly<Record<string, unknown>>;

/** One try of a run: it ends early when `signal` aborts. `key` is the same for all tries of a run, for whoever must not do it twice. */
export type Attempt = { args: Arguments; signal: AbortSignal; key: string };

/** `message` is fit to be said to the caller as it stands; `result` is for the model. */
export type ToolAnswer = { message?: string | undefined; result?: unknown; handedOver?: boolean };

/** One thing the model can call. */
export type Tool = {
  action: Action;
  definition: ToolDefinition;
  /** The announcement must have been heard before it begins. */
  first?: boolean;
  /** In place of the pre-message of its action. */
  prompt?: string;
  /** It waits for the caller. */
  listens?: boolean;
  /** It has limits of its own, longer than those of the action. */
  untimed?: boolean;
  /** Doing it twice does no more than once, so that it is tried again even when nobody knows what came of the first. */
  repeatable?: boolean;
  /** What these words of the agent ask for, where it is something that this takes. */
  asksFor?(words: string): Expectation | undefined;
  /** @throws ToolFailure, or AppError */
  run(attempt: Attempt): Promise<ToolAnswer>;
};

/** Nothing came of it. The message is for the model, and holds nothing that the caller may not hear. */
export class ToolFailure extends Error {
  override readonly name = 'ToolFailure';
  /** Another try may succeed. */
  readonly mayPass: boolean;
  /** The arguments were at fault. */
  readonly refused: boolean;
  /** For the log and the record; the message itself when absent. */
  readonly reason: string | undefined;
  /** What the caller is to be asked for again. */
  readonly expect: Expectation | undefined;

  constructor(
    message: string,
    options: { mayPass?: boolean; refused?: boolean; reason?: string; expect?: Expectation | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.mayPass = options.mayPass ?? false;
    this.refused = options.refused ?? false;
    this.reason = options.reason;
    this.expect = options.expect;
  }
}

/** As the standard function, with an answer that is read as it comes; only goes where the operator lets it. */
export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** What actions reach the world through. */
export type ActionDeps = {
  actions: Pick<ActionRepository, 'list'>;
  box: SecretBox;
  clock: Clock;
  fetch: Fetch;
  /** Undefined: no mail server is configured. */
  mailer: Mailer | undefined;
  /** Sends a SIP MESSAGE on the account of the call's tenant and key. @throws AppError as `TextService.send`. */
  sendText: (call: ToolSubject, draft: { to: string; text: string }) => Promise<unknown>;
};

/** One action, opened for one call. */
export type Opened<Type extends ActionType> = {
  action: ActionOf<Type>;
  setting: CallSetting;
  deps: ActionDeps;
  templates: Templates;
  secrets: Readonly<Record<string, string>>;
  /** Opens another action of the agent, by its name; none when there is no such. */
  openOther: (name: string, setting: CallSetting) => Promise<readonly Tool[]>;
};

export type OpenAction<Type extends ActionType> = (opened: Opened<Type>) => readonly Tool[] | Promise<readonly Tool[]>;

/** Opens actions of an agent for one call, or for one that is over. */
export type OpenActions = (actions: readonly Action[], setting: CallSetting) => Promise<Tool[]>;
