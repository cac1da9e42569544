import { failureWords } from '../../calls/transfer/failure-words.js';
import type { AgentId } from '../../core/ids.js';
import { agentNamedBy } from '../../domain/handoff.js';
import type { CallSetting } from '../../domain/ports/toolbox.js';
import { type OpenAction, ToolFailure } from '../tool.js';

/** Hands the caller over to somebody else. Where that fails the agent has the caller back, and says how it is. */
export const openCallForwarding: OpenAction<'call_forwarding'> = ({ action, setting, templates }) => [
  {
    action,
    definition: {
      name: '',
      description: 'Puts the caller through to somebody else. Say that you do before you call it.',
      parameters: { type: 'object', properties: {}, additionalProperties: false },
    },
    first: true,
    // It takes as long as it rings, which has a limit of its own.
    untimed: true,
    async run() {
      const { target, kind, ringTimeoutS } = action.config;
      const briefing = action.config.briefing === undefined ? undefined : templates.text(action.config.briefing);
      const agent = agentNamedBy(target);
      if (agent !== undefined) {
        await passOn(setting, agent, briefing);
        return { handedOver: true };
      }
      const { status, reason } = await setting.handOver({
        target,
        kind,
        consent: 'none',
        briefing,
        ringTimeoutMs: ringTimeoutS === undefined ? undefined : ringTimeoutS * 1000,
        // The model says it in its own words.
        failureMessage: '',
      });
      if (status === 'completed') return { handedOver: true };
      throw new ToolFailure(failureWords(reason), { reason: reason ?? status });
    },
  },
];

async function passOn(setting: CallSetting, agent: AgentId, briefing: string | undefined): Promise<void> {
  if (!setting.passOn) throw new ToolFailure('There is no call to pass on.', { refused: true });
  await setting.passOn(agent, briefing);
}
