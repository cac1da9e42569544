import {
  type AgentId,
  type CallId,
  DEFAULT_TENANT,
  newActionId,
  newAgentId,
  newCallId,
  newDocumentId,
  newTextId,
  newTurnId,
} from '../../src/core/ids.js';
import type { Agent } from '../../src/domain/agent.js';
import type { Call, TranscriptEntry, Turn } from '../../src/domain/call.js';
import { NO_SETUP } from '../../src/domain/call-setup.js';
import type { Document } from '../../src/domain/document.js';
import type { Text } from '../../src/domain/text.js';
import type { ToolRun } from '../../src/domain/tool-run.js';
import type { Transfer } from '../../src/domain/transfer.js';

export const sampleAgent = (changes: Partial<Agent> = {}): Agent => ({
  id: newAgentId(),
  tenantId: DEFAULT_TENANT,
  name: 'Front Desk',
  description: undefined,
  enabled: true,
  sipUser: undefined,
  systemPrompt: 'You answer the phone of a hotel.',
  startingMessage: 'Hello!',
  language: 'en-US',
  voiceSettings: { stability: 0.5, custom: { kept: true } },
  dtmfRules: { '1': { say: 'One.' }, '9': { endCall: true } },
  script: { intents: [{ name: 'hours', phrases: ['when are you open'], reply: 'Always.', endCall: false }], fallback: 'Pardon?' },
  knowledge: 'Breakfast is at eight.',
  providers: { tts: 'embedded' },
  version: 1,
  deployedVersion: undefined,
  createdAtMs: 1_700_000_000_000,
  updatedAtMs: 1_700_000_000_000,
  ...changes,
});

export const sampleCall = (changes: Partial<Call> = {}): Call => ({
  id: newCallId(),
  tenantId: DEFAULT_TENANT,
  direction: 'inbound',
  status: 'initiated',
  agentId: undefined,
  agentName: 'echo',
  agentVersion: undefined,
  taskId: undefined,
  sipCallId: 'abc@192.0.2.1',
  fromUri: 'sip:alice@192.0.2.1',
  toUri: 'sip:echo@192.0.2.2',
  codec: undefined,
  srtp: undefined,
  startedAtMs: 1_700_000_000_000,
  answeredAtMs: undefined,
  endedAtMs: undefined,
  termination: undefined,
  sipCode: undefined,
  sipReason: undefined,
  endedBy: undefined,
  q850Cause: undefined,
  trunk: undefined,
  sipPeer: undefined,
  mediaPeer: undefined,
  audioFault: undefined,
  transfer: undefined,
  recordingPath: undefined,
  recordingStartedAtMs: undefined,
  setup: NO_SETUP,
  mediaStats: undefined,
  ...changes,
});

/** A call of an agent that went well, from the first ring to the end. */
export const sampleCompletedCall = (agentId: AgentId | undefined, changes: Partial<Call> = {}): Call =>
  sampleCall({
    status: 'completed',
    agentId,
    agentName: 'Front Desk',
    agentVersion: 1,
    codec: 'PCMU',
    answeredAtMs: 1_700_000_001_000,
    endedAtMs: 1_700_000_031_500,
    termination: { result: 'success', reason: 'caller_hangup' },
    sipCode: 200,
    endedBy: 'caller',
    mediaStats: { packetsReceived: 1500, packetsLost: 2, jitterMs: 1.25 },
    ...changes,
  });

export const sampleTransfer = (changes: Partial<Transfer> = {}): Transfer => ({
  target: '+15550199',
  kind: 'blind',
  method: 'refer',
  by: 'operator',
  status: 'pending',
  sipCode: undefined,
  reason: undefined,
  startedAtMs: 1_700_000_000_000,
  answeredAtMs: undefined,
  endedAtMs: undefined,
  leg: undefined,
  ...changes,
});

export const sampleEntry = (callId: CallId, sequence: number, changes: Partial<TranscriptEntry> = {}): TranscriptEntry => ({
  callId,
  sequence,
  speaker: 'agent',
  text: 'We are open from nine to five.',
  heardText: 'We are open from nine to five.',
  interrupted: false,
  startMs: 100.5,
  endMs: 2100.25,
  ...changes,
});

export const sampleTurn = (callId: CallId, sequence: number, changes: Partial<Turn> = {}): Turn => ({
  id: newTurnId(),
  callId,
  sequence,
  cause: 'speech',
  originMs: 5200.5,
  latency: { vadEndMs: 220, endpointMs: 420, sttFinalMs: 510, firstTextMs: 512, firstAudioMs: 560, firstPacketMs: 580.5 },
  interrupted: false,
  bargeInMs: undefined,
  ...changes,
});

export const sampleText = (changes: Partial<Text> = {}): Text => ({
  id: newTextId(),
  tenantId: DEFAULT_TENANT,
  direction: 'inbound',
  status: 'received',
  contact: '+442071234567',
  fromUri: 'sip:+442071234567@192.0.2.10',
  fromUser: undefined,
  toUri: 'sip:front-desk@192.0.2.1',
  text: 'Are you open tomorrow?',
  agentId: undefined,
  callId: undefined,
  trunk: undefined,
  sipId: 'abc 1 MESSAGE',
  sipCode: undefined,
  failureReason: undefined,
  attempts: 0,
  nextAttemptAtMs: undefined,
  createdAtMs: 1_700_000_000_000,
  updatedAtMs: 1_700_000_000_000,
  ...changes,
});

/** Uploaded and not read yet. */
export function sampleDocument(agentId: AgentId): Document {
  const id = newDocumentId();
  return {
    id,
    tenantId: DEFAULT_TENANT,
    agentId,
    name: 'prices.txt',
    type: 'text',
    sizeBytes: 12,
    path: `documents/${id}`,
    state: 'processing',
    failure: undefined,
    pages: undefined,
    chunks: 0,
    embeddedBy: undefined,
    createdAtMs: 1_700_000_000_000,
    updatedAtMs: 1_700_000_000_000,
  };
}

/** A tool that found out an address. */
export const sampleToolRun = (overrides: Partial<ToolRun> = {}): ToolRun => ({
  actionId: newActionId(),
  type: 'data_collection',
  name: 'note_the_address',
  arguments: { email: 'ann at example dot com' },
  outcome: 'succeeded',
  reason: undefined,
  attempts: 1,
  startedAtMs: 1_700_000_005_000,
  durationMs: 12,
  ...overrides,
});
