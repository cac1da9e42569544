import { failureWords } from '../../calls/transfer/failure-words.js';
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
      const { target, kind, briefing, ringTimeoutS } = action.config;
      const { status, reason } = await setting.handOver({
        target,
        kind,
        consent: 'none',
        briefing: briefing === undefined ? undefined : templates.text(briefing),
        ringTimeoutMs: ringTimeoutS === undefined ? undefined : ringTimeoutS * 1000,
        // The model says it in its own words.
        failureMessage: '',
      });
      if (status === 'completed') return { handedOver: true };
      throw new ToolFailure(failureWords(reason), { reason: reason ?? status });
    },
  },
];
