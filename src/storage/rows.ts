import { z } from 'zod';
import type { AgentId } from '../core/ids.js';
import { type AgentGuidance, CALL_MODES } from '../domain/agent-guidance.js';
import { ANSWER_SIGNS, ANSWERERS, type AnsweredBy } from '../domain/answered-by.js';
import {
  type AudioFault,
  MISSING_AUDIO,
  type RecordingPause,
  type SpeculationCount,
  type ToneHeard,
  type Turn,
} from '../domain/call.js';
import type { CallQuality, FarEndMetrics } from '../domain/call-quality.js';
import type { CallSetup } from '../domain/call-setup.js';
import type { Source } from '../domain/document.js';
import { HANDOFF_ASKERS, type Handoff } from '../domain/handoff.js';
import { CODEC_NAMES, SRTP_SUITES } from '../domain/ports/media.js';
import { PROVIDER_FAULTS, PROVIDER_STAGES, type ProviderFailure } from '../domain/provider-failure.js';
import { HEARD_TONES } from '../domain/tone-recognizer.js';
import {
  TRANSFER_ASKERS,
  TRANSFER_KINDS,
  TRANSFER_METHODS,
  TRANSFER_REASONS,
  TRANSFER_STATUSES,
  type Transfer,
} from '../domain/transfer.js';

/** JSON columns are read through schemas: what an older version wrote, or a hand changed, is caught here and not in a call. */
export const CollectedJson = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

export const ScopesJson = z.array(z.string());

export const LatencyJson = z.object({
  vadEndMs: z.number().exactOptional(),
  endpointMs: z.number().exactOptional(),
  sttFinalMs: z.number().exactOptional(),
  aheadMs: z.number().exactOptional(),
  fillerMs: z.number().exactOptional(),
  firstTextMs: z.number().exactOptional(),
  firstClauseMs: z.number().exactOptional(),
  firstAudioMs: z.number().exactOptional(),
  firstPacketMs: z.number().exactOptional(),
});

const ProvidersJson = z.partialRecord(z.enum(PROVIDER_STAGES), z.string());

export const turnProvidersOf = (json: string): NonNullable<Turn['providers']> => ProvidersJson.parse(JSON.parse(json));

const SpeculationJson = z.object({
  attempts: z.number(),
  discarded: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
});

export const speculationOf = (json: string): SpeculationCount => SpeculationJson.parse(JSON.parse(json));

const SourcesJson = z.array(
  z.object({
    documentId: z.string(),
    documentName: z.string(),
    sequence: z.number(),
    heading: z.string(),
    score: z.number(),
  }),
);

export const sourcesOf = (json: string): Source[] => SourcesJson.parse(JSON.parse(json)) as Source[];

export const LegJson = z.object({
  sipCallId: z.string(),
  fromUri: z.string(),
  toUri: z.string(),
  trunk: z.object({ id: z.string(), name: z.string() }).optional(),
  codec: z.string().optional(),
  srtp: z.enum(SRTP_SUITES).optional(),
  mediaPeer: z.string().optional(),
  answeredAtMs: z.number().optional(),
  endedAtMs: z.number().optional(),
});

/** What was not known of the first transfers has a default. */
const TransferJson = z.object({
  target: z.string(),
  kind: z.enum(TRANSFER_KINDS).default('blind'),
  method: z.enum(TRANSFER_METHODS).default('refer'),
  by: z.enum(TRANSFER_ASKERS).default('operator'),
  status: z.enum(TRANSFER_STATUSES),
  sipCode: z.number().optional(),
  reason: z.enum(TRANSFER_REASONS).optional(),
  startedAtMs: z.number().default(0),
  answeredAtMs: z.number().optional(),
  endedAtMs: z.number().optional(),
  leg: LegJson.optional(),
});

/** What was undefined when it was written is absent now, which reads the same. */
export const transferOf = (json: string): Transfer => TransferJson.parse(JSON.parse(json)) as Transfer;

const AudioFaultJson = z.object({ missing: z.enum(MISSING_AUDIO), sinceMs: z.number(), healedAtMs: z.number().optional() });

export function audioFaultOf(json: string): AudioFault {
  const { missing, sinceMs, healedAtMs } = AudioFaultJson.parse(JSON.parse(json));
  return { missing, sinceMs, healedAtMs };
}

const GuidanceJson = z.object({
  mode: z.enum(CALL_MODES),
  operator: z.string().optional(),
  muted: z.boolean(),
  instructions: z.string().optional(),
});

export function guidanceOf(json: string): AgentGuidance {
  const { mode, operator, muted, instructions } = GuidanceJson.parse(JSON.parse(json));
  return { mode, operator, muted, instructions };
}

const LeadingAgentJson = z
  .object({ agentId: z.string().optional(), name: z.string(), version: z.number().optional() })
  .transform(({ agentId, name, version }) => ({ agentId: agentId as AgentId | undefined, name, version }));
const HandoffsJson = z.array(
  z.object({ by: z.enum(HANDOFF_ASKERS), from: LeadingAgentJson, to: LeadingAgentJson, afterMs: z.number() }),
);

export const handoffsOf = (json: string): Handoff[] => HandoffsJson.parse(JSON.parse(json));

const RecordingPausesJson = z.array(z.object({ pausedAtMs: z.number(), resumedAtMs: z.number().optional() }));

export const recordingPausesOf = (json: string): RecordingPause[] =>
  RecordingPausesJson.parse(JSON.parse(json)).map(({ pausedAtMs, resumedAtMs }) => ({ pausedAtMs, resumedAtMs }));

const HeardTonesJson = z.array(z.object({ tone: z.enum(HEARD_TONES), atMs: z.number() }));

export const heardTonesOf = (json: string): ToneHeard[] => HeardTonesJson.parse(JSON.parse(json));

const AnsweredByJson = z.object({ verdict: z.enum(ANSWERERS), reason: z.enum(ANSWER_SIGNS), afterMs: z.number() });

export const answeredByOf = (json: string): AnsweredBy => AnsweredByJson.parse(JSON.parse(json));

const ProviderFailuresJson = z.array(
  z.object({
    atMs: z.number(),
    stage: z.enum(PROVIDER_STAGES),
    provider: z.string(),
    reason: z.enum(PROVIDER_FAULTS),
    statusCode: z.number().optional(),
    instead: z.string().optional(),
  }),
);

export const providerFailuresOf = (json: string): ProviderFailure[] =>
  ProviderFailuresJson.parse(JSON.parse(json)).map((each) => ({ ...each, statusCode: each.statusCode, instead: each.instead }));

const DirectionQualityJson = z.object({
  packets: z.number(),
  lost: z.number(),
  jitterMs: z.number(),
  lossPercent: z.number(),
  delayMs: z.number(),
  ie: z.number(),
  bpl: z.number(),
  burstRatio: z.number(),
  rFactor: z.number(),
  mos: z.number(),
});
const FarEndMetricsJson = z.object({
  lossPercent: z.number(),
  discardPercent: z.number(),
  burstLossPercent: z.number(),
  gapLossPercent: z.number(),
  burstMs: z.number(),
  gapMs: z.number(),
  roundTripMs: z.number(),
  endSystemDelayMs: z.number(),
  signalLevelDbm: z.number().optional(),
  noiseLevelDbm: z.number().optional(),
  rFactor: z.number().optional(),
  mosListening: z.number().optional(),
  mosConversation: z.number().optional(),
});
const QualityJson = z.object({
  codec: z.enum(CODEC_NAMES),
  roundTripMs: z.number().optional(),
  roundTripMaxMs: z.number().optional(),
  inbound: DirectionQualityJson.optional(),
  outbound: DirectionQualityJson.optional(),
  farEnd: FarEndMetricsJson.optional(),
});

export function qualityOf(json: string): CallQuality {
  const { codec, roundTripMs, roundTripMaxMs, inbound, outbound, farEnd } = QualityJson.parse(JSON.parse(json));
  return { codec, roundTripMs, roundTripMaxMs, inbound, outbound, farEnd: farEnd && farEndMetricsOf(farEnd) };
}

// Written out: zod's optional keys are not those of our types, which say that a value may be unknown.
const farEndMetricsOf = (json: z.output<typeof FarEndMetricsJson>): FarEndMetrics => ({
  ...json,
  signalLevelDbm: json.signalLevelDbm,
  noiseLevelDbm: json.noiseLevelDbm,
  rFactor: json.rFactor,
  mosListening: json.mosListening,
  mosConversation: json.mosConversation,
});

const SetupJson = z.object({
  invitedAtMs: z.number().optional(),
  ringingAtMs: z.number().optional(),
  attempts: z.array(
    z.object({
      uri: z.string(),
      trunk: z.string().optional(),
      invitedAtMs: z.number(),
      ringingAtMs: z.number().optional(),
      sipCode: z.number().optional(),
      sipReason: z.string().optional(),
      redirected: z.boolean(),
    }),
  ),
  diversions: z.array(z.object({ uri: z.string(), user: z.string().optional(), reason: z.string().optional() })),
});

export function setupOf(json: string): CallSetup {
  const { invitedAtMs, ringingAtMs, attempts, diversions } = SetupJson.parse(JSON.parse(json));
  return {
    invitedAtMs,
    ringingAtMs,
    attempts: attempts.map((each) => ({ ...NO_ATTEMPT, ...each })),
    diversions: diversions.map(({ uri, user, reason }) => ({ uri, user, reason })),
  };
}

const NO_ATTEMPT = { trunk: undefined, ringingAtMs: undefined, sipCode: undefined, sipReason: undefined };

export const EventTypesJson = z.array(z.string());

export const VariablesJson = z.record(z.string(), z.string());

export const MediaStatsJson = z.record(z.string(), z.number());

/** NaN and infinities have no JSON; a counter that is one is left out rather than refused with the whole call. */
export function finiteNumbers(numbers: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(numbers).filter(([, value]) => Number.isFinite(value)));
}
