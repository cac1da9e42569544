import type { z } from 'zod';
import type { TrunkId } from '../core/ids.js';
import type { Trunk, TrunkSettings } from '../domain/trunk.js';
import type { TrunkStatus } from './active-trunks.js';
import type { TrunkBody, TrunkStatusResource, TrunkView } from './trunk-input.js';

export const toSettings = (body: Omit<TrunkBody, 'name' | 'enabled' | 'password'>): TrunkSettings => ({
  kind: body.kind,
  host: body.host,
  port: body.port ?? undefined,
  transport: body.transport,
  outboundProxy: body.outbound_proxy ?? undefined,
  backupServers: body.backup_servers,
  tlsPins: body.tls_pins,
  keepAliveS: body.keep_alive_seconds ?? undefined,
  username: body.username ?? undefined,
  authUsername: body.auth_username ?? undefined,
  expiresS: body.expires_seconds,
  pingS: body.ping_seconds ?? undefined,
  codecs: body.codecs,
  dtmf: body.dtmf,
  srtp: body.srtp ?? undefined,
  reliable: body['100rel'] ?? undefined,
  earlyMedia: body.early_media,
  redirects: body.redirects,
  firstResponseMs: body.first_response_ms ?? undefined,
  answer: {
    mode: body.answer.mode,
    withinMs: body.answer.within_ms ?? undefined,
    announcement: body.answer.announcement ?? undefined,
  },
  identity: {
    fromUser: body.identity.from_user ?? undefined,
    fromDomain: body.identity.from_domain ?? undefined,
    displayName: body.identity.display_name ?? undefined,
    assertedIdentity: body.identity.asserted_identity ?? undefined,
    preferredIdentity: body.identity.preferred_identity ?? undefined,
    userPhone: body.identity.user_phone,
    anonymous: body.identity.anonymous,
  },
  numbers: { country: body.numbers.country ?? undefined, out: body.numbers.out, in: body.numbers.in },
  sources: body.sources,
  maxConcurrentCalls: body.max_concurrent_calls ?? undefined,
  callsPerSecond: body.calls_per_second ?? undefined,
  headers: body.headers,
  outbound: body.outbound,
  failoverCodes: body.failover_codes,
  inbound: body.inbound,
  variables: body.variables,
  transfer: body.transfer,
  acceptRefer: body.accept_refer,
});

/** What of a trunk may be shown: everything but its password. */
export const presentTrunk = (trunk: Trunk): TrunkView => ({
  id: trunk.id,
  ...presentSettings(trunk),
  has_password: trunk.sealedPassword !== undefined,
  version: trunk.version,
  created_at: new Date(trunk.createdAtMs).toISOString(),
  updated_at: new Date(trunk.updatedAtMs).toISOString(),
});

export const presentSettings = (trunk: Trunk): Omit<TrunkBody, 'password'> => ({
  name: trunk.name,
  kind: trunk.kind,
  enabled: trunk.enabled,
  host: trunk.host,
  port: trunk.port ?? null,
  transport: trunk.transport,
  outbound_proxy: trunk.outboundProxy ?? null,
  backup_servers: [...trunk.backupServers],
  tls_pins: [...trunk.tlsPins],
  keep_alive_seconds: trunk.keepAliveS ?? null,
  username: trunk.username ?? null,
  auth_username: trunk.authUsername ?? null,
  expires_seconds: trunk.expiresS,
  ping_seconds: trunk.pingS ?? null,
  codecs: [...trunk.codecs],
  dtmf: trunk.dtmf,
  srtp: trunk.srtp ?? null,
  '100rel': trunk.reliable ?? null,
  early_media: trunk.earlyMedia,
  redirects: trunk.redirects,
  first_response_ms: trunk.firstResponseMs ?? null,
  answer: {
    mode: trunk.answer.mode,
    within_ms: trunk.answer.withinMs ?? null,
    announcement: trunk.answer.announcement ?? null,
  },
  identity: {
    from_user: trunk.identity.fromUser ?? null,
    from_domain: trunk.identity.fromDomain ?? null,
    display_name: trunk.identity.displayName ?? null,
    asserted_identity: trunk.identity.assertedIdentity ?? null,
    preferred_identity: trunk.identity.preferredIdentity ?? null,
    user_phone: trunk.identity.userPhone,
    anonymous: trunk.identity.anonymous,
  },
  numbers: { country: trunk.numbers.country ?? null, out: trunk.numbers.out, in: trunk.numbers.in },
  sources: [...trunk.sources],
  max_concurrent_calls: trunk.maxConcurrentCalls ?? null,
  calls_per_second: trunk.callsPerSecond ?? null,
  headers: { ...trunk.headers },
  outbound: trunk.outbound.map((rule) => ({ ...rule })),
  failover_codes: [...trunk.failoverCodes],
  inbound: trunk.inbound.map((rule) => ({ ...rule })),
  variables: trunk.variables.map((variable) => ({ ...variable })),
  transfer: trunk.transfer,
  accept_refer: trunk.acceptRefer,
});

export const presentStatus = (id: TrunkId, status: TrunkStatus): z.input<typeof TrunkStatusResource> => ({
  id,
  state: status.state,
  last_error: status.lastError ? { code: status.lastError.code ?? null, message: status.lastError.message } : null,
  expires_at: isoTime(status.expiresAtMs),
  next_attempt_at: isoTime(status.nextAttemptAtMs),
});

const isoTime = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString());
