import { literalPattern, matchesPattern } from '../domain/pattern.js';
import type { Arrival } from '../domain/ports/inbound-trunks.js';
import type { Credentials, IncomingInvite } from '../domain/ports/telephony.js';
import { ANY_CALL, type RouteRule } from '../domain/route.js';
import type { InboundRule, Trunk } from '../domain/trunk.js';
import { readNumber } from './number-format.js';
import { trunkCall } from './trunk-dialling.js';

type Called = Pick<IncomingInvite, 'source' | 'requestUser' | 'from' | 'to'>;

/**
 * Of the trunks that a call may come over by its source, the one that it most likely came over: several accounts at one provider
 * share their source, and differ in who is called.
 */
export function trunkOf(candidates: readonly Trunk[], invite: Called): Trunk | undefined {
  const fit = (trunk: Trunk): number =>
    (trunk.username !== undefined && trunk.username === invite.requestUser ? 4 : 0) +
    (hasRuleFor(trunk, usersOf(trunk, invite)) ? 2 : 0) +
    (trunk.port === invite.source.port ? 1 : 0);
  return candidates.toSorted((a, b) => fit(b) - fit(a))[0];
}

export function arrivalOver(trunk: Trunk, invite: Called, credentials?: Credentials): Arrival {
  const users = usersOf(trunk, invite);
  return {
    tenantId: trunk.tenantId,
    trunk: { id: trunk.id, name: trunk.name },
    wanted: users,
    calledNumbers: users.map((user) => readNumber(user, trunk.numbers)),
    rules: trunk.inbound.map((rule) => routeRule(trunk, rule)),
    variables: trunk.variables,
    numberUri: (e164) => trunkCall(trunk, e164, undefined).uri,
    maxConcurrentCalls: trunk.maxConcurrentCalls,
    callerNumber: numberOf(trunk, invite.from.user),
    terms: {
      codecs: trunk.codecs,
      dtmf: trunk.dtmf,
      toneDetection: trunk.toneDetection,
      country: trunk.numbers.country,
      srtp: trunk.srtp,
      echoCancellation: trunk.echoCancellation,
      noiseSuppression: trunk.noiseSuppression,
      reliable: trunk.reliable,
      sessionTimer: trunk.sessionTimer,
      dialogHeaders: trunk.dialogHeaders,
      credentials,
    },
    answer: trunk.answer,
  };
}

/** Who was called. A registrar may put our own contact in the Request-URI, and then only To says it. */
function usersOf({ kind, username }: Trunk, { requestUser, to }: Called): string[] {
  const byContact = kind === 'register' && requestUser === username;
  const users = byContact ? [to.user, requestUser] : [requestUser, to.user];
  return [...new Set(users.filter((user) => user !== undefined))];
}

/** Who calls, where that is a number. */
function numberOf(trunk: Trunk, user: string | undefined): string | undefined {
  const number = readNumber(user ?? '', trunk.numbers);
  return /^\+[1-9]\d{1,14}$/.test(number) ? number : undefined;
}

/** What was called is exact in a rule of a trunk, or its beginning with `*` at the end. */
const calledPattern = ({ called }: InboundRule): string =>
  called.endsWith('*') ? `${literalPattern(called.slice(0, -1))}*` : literalPattern(called);

const routeRule = (trunk: Trunk, rule: InboundRule): RouteRule => ({
  name: trunk.name,
  match: { ...ANY_CALL, called: [calledPattern(rule)] },
  target: { type: 'agent', agent: rule.agent },
  variables: [],
});

/** A rule names the number as it came, or in E.164. */
function hasRuleFor(trunk: Trunk, users: readonly string[]): boolean {
  const forms = users.flatMap((user) => [user, readNumber(user, trunk.numbers)]);
  return trunk.inbound.some((rule) => forms.some((form) => matchesPattern(calledPattern(rule), form)));
}
