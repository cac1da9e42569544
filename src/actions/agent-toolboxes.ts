import { within } from '../calls/within.js';
import type { CallSetting, CallToolbox, Toolboxes } from '../domain/ports/toolbox.js';
import { AgentToolbox } from './agent-toolbox.js';
import { actionOpener } from './open-actions.js';
import type { ActionDeps } from './tool.js';

/** When the server stops, tools that are under way get this long. */
const CLOSE_LIMIT_MS = 5_000;

/** The tools of all calls. */
export class AgentToolboxes implements Toolboxes {
  readonly #deps: ActionDeps;
  readonly #open: ReturnType<typeof actionOpener>;
  readonly #boxes = new Set<AgentToolbox>();

  constructor(deps: ActionDeps) {
    this.#deps = deps;
    this.#open = actionOpener(deps);
  }

  open(setting: CallSetting): CallToolbox {
    const box = new AgentToolbox(setting, this.#deps, this.#open, () => this.#boxes.delete(box));
    this.#boxes.add(box);
    return box;
  }

  /** Waits for what calls that are over have left to do, but not for long. */
  async close(): Promise<void> {
    const settled = Promise.all([...this.#boxes].map((box) => box.settled()));
    await within(this.#deps.clock, CLOSE_LIMIT_MS, settled);
  }
}
