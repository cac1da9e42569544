import { isBlockedNumber } from '../agents/blocked-number.js';
import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import type { Agent, AgentSettings } from '../domain/agent.js';
import type { Call } from '../domain/call.js';
import type { HandoffAsker } from '../domain/handoff.js';
import type { HandoffRequest } from '../domain/ports/call-control.js';
import type { AgentRepository } from '../domain/ports/repositories.js';
import type { CallAudio } from './call-audio.js';
import type { CallOrigin } from './call-origin.js';
import type { CallRecord } from './call-record.js';
import type { CallRecording } from './call-recording.js';
import type { CallSpeaker } from './call-speaker.js';
import { type AgentTarget, agentTarget } from './inbound-route.js';
import { personalAgent } from './personal-settings.js';
import type { CallTransfer } from './transfer/call-transfer.js';

export type AgentSuccessionDeps = {
  clock: Clock;
  agents: Pick<AgentRepository, 'findLive'>;
  origin: Pick<CallOrigin, 'remoteNumber' | 'variables'>;
  record: CallRecord;
  audio: CallAudio;
  recording: CallRecording;
  transfer: Pick<CallTransfer, 'busy'>;
  /** Who speaks for us now. */
  speaker: () => CallSpeaker;
  /** Somebody who has not begun. */
  newSpeaker: () => CallSpeaker;
  /** From now on it is this one. */
  succeeded: (speaker: CallSpeaker) => void;
  isEnding: () => boolean;
};

/** Agents that pass a call to and fro lead it nowhere. */
const MOST_HANDOFFS = 20;

/** Has one agent after the other lead an answered call. */
export class AgentSuccession {
  readonly #deps: AgentSuccessionDeps;

  constructor(deps: AgentSuccessionDeps) {
    this.#deps = deps;
  }

  /** As `CallControl.passOn`. */
  async passOn({ agentId, briefing }: HandoffRequest, by: HandoffAsker): Promise<Call> {
    const { agents, record, isEnding } = this.#deps;
    const agent = await agents.findLive(record.call.tenantId, agentId);
    if (!agent) throw new AppError('agent_not_found', `no agent ${agentId}`);
    if (!agent.enabled) throw new AppError('agent_disabled', `agent ${agentId} is disabled`);
    if (isEnding()) throw new AppError('call_already_ended', `call ${record.id} is ending`);
    this.#exchange(agent, briefing, by);
    await record.journal.settled();
    return record.call;
  }

  #exchange(agent: Agent, briefing: string | undefined, by: HandoffAsker): void {
    const { origin, record, audio, recording, transfer, speaker, newSpeaker, succeeded } = this.#deps;
    const { handoffs = [] } = record.call;
    if (transfer.busy) throw conflict('The call is being transferred');
    if (handoffs.length >= MOST_HANDOFFS) throw conflict('The call was passed on as often as may be');
    if (isBlockedNumber(agent, origin.remoteNumber)) throw conflict('The agent does not talk to this number');
    const target = this.#targetFor(agent, briefing);
    const next = newSpeaker();
    // What cannot be done shows before the one who speaks falls silent.
    next.prepareToFollow(target, audio.session);
    const earlier = giveWay(speaker(), audio, next);
    record.handedOn(target, by, earlier.lastedMs);
    succeeded(next);
    recording.follow(audio.session, target);
    next.follow(earlier, audio);
    this.#guide();
  }

  /** The agent with this call's values in its texts, told whose call it goes on with. */
  #targetFor(agent: Agent, briefing: string | undefined): AgentTarget {
    const { origin, record, clock } = this.#deps;
    const { agentName: from, variables, collectedData } = record.call;
    const contextData = { ...origin.variables, ...collectedData };
    const { settings, ...personal } = personalAgent(agent, { contextData }, clock.nowMs());
    return { ...agentTarget(agent), ...(variables && { variables }), ...personal, settings: informed(settings, from, briefing) };
  }

  /** An operator who leads goes on leading; instructions were for the agent that got them. */
  #guide(): void {
    const { record, audio } = this.#deps;
    const { guidance } = record.call;
    if (!guidance) return;
    const kept = { ...guidance, instructions: undefined };
    audio.conversation?.guide(kept);
    if (guidance.instructions !== undefined) record.guided(kept);
  }
}

function giveWay(present: CallSpeaker, audio: CallAudio, next: CallSpeaker): ReturnType<CallSpeaker['giveWay']> {
  try {
    return present.giveWay(audio);
  } catch (error) {
    next.settled(false);
    next.close();
    throw error;
  }
}

function informed(agent: AgentSettings, from: string, briefing: string | undefined): AgentSettings {
  const told = [
    `You have taken this call over from another agent, ${JSON.stringify(from)}. What was said until now was said by that agent; go on from there.`,
    ...(briefing === undefined ? [] : [`That agent tells you: ${briefing}`]),
  ];
  const instructions = [agent.persona?.instructions, ...told].filter(Boolean).join('\n');
  return { ...agent, persona: { ...agent.persona, instructions } };
}

const conflict = (publicMessage: string): AppError => new AppError('conflict', publicMessage, { publicMessage });
