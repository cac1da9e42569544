import { isIPv6 } from 'node:net';
import type { Credentials, DialTerms, SipParty } from '../domain/ports/telephony.js';
import type { Trunk } from '../domain/trunk.js';
import { nextHopOf } from './next-hop.js';
import { writeNumber } from './number-format.js';

export type TrunkCall = { uri: string; from: SipParty; terms: DialTerms };

const ANONYMOUS: SipParty = { uri: 'sip:anonymous@anonymous.invalid', user: 'anonymous', displayName: 'Anonymous' };
const NUMBER = /^\+?\d+$/;

/**
 * How a trunk is asked for an E.164 number: what stands in the INVITE, and who we say we are (RFC 3261, 3323, 3325). `shown`: the number
 * that calls, in place of the trunk's own.
 */
export function trunkCall(trunk: Trunk, number: string, credentials: Credentials | undefined, shown?: string): TrunkCall {
  const { identity } = trunk;
  const uri = `sip:${writeNumber(number, trunk.numbers)}@${hostOf(trunk.host)}${trunk.port === undefined ? '' : `:${trunk.port}`}${
    trunk.transport === 'udp' || trunk.transport === 'auto' ? '' : `;transport=${trunk.transport}`
  }${identity.userPhone ? ';user=phone' : ''}`;
  return trunkUri(trunk, uri, credentials, shown);
}

/** As `trunkCall`, for a SIP URI at the trunk as it stands. */
export function trunkUri(trunk: Trunk, uri: string, credentials: Credentials | undefined, shown?: string): TrunkCall {
  const { identity, username, codecs, dtmf, srtp, echoCancellation, noiseSuppression, toneDetection } = trunk;
  const { reliable, earlyMedia, firstResponseMs, sessionTimer, delayedOffer, dialogHeaders } = trunk;
  const { displayName, anonymous } = identity;
  const own = identity.fromUser ?? username ?? 'offhook';
  const user = shown === undefined ? own : writeNumber(shown, trunk.numbers);
  const domain = hostOf(identity.fromDomain ?? trunk.host);
  const party = (text: string): string => `<${NUMBER.test(text) ? uriOf(text, domain, identity.userPhone) : text}>`;
  const headers = {
    ...trunk.headers,
    ...(identity.assertedIdentity !== undefined && { 'P-Asserted-Identity': party(identity.assertedIdentity) }),
    ...(identity.preferredIdentity !== undefined && { 'P-Preferred-Identity': party(identity.preferredIdentity) }),
    ...(anonymous && { Privacy: 'id' }),
  };
  return {
    uri,
    from: anonymous ? ANONYMOUS : { uri: uriOf(user, domain, identity.userPhone), user, displayName },
    // The contact that we are registered with is the one by which a provider knows us.
    terms: {
      proxy: nextHopOf(trunk),
      proxyTakesAll: trunk.outboundProxy !== undefined,
      headers,
      dialogHeaders,
      contactUser: username ?? own,
      credentials,
      codecs,
      dtmf,
      toneDetection,
      country: trunk.numbers.country,
      srtp,
      echoCancellation,
      noiseSuppression,
      reliable,
      earlyMedia,
      firstResponseMs,
      sessionTimer,
      delayedOffer,
    },
  };
}

const hostOf = (host: string): string => (isIPv6(host) ? `[${host}]` : host);

const uriOf = (user: string, domain: string, userPhone: boolean): string =>
  `sip:${user}@${domain}${userPhone && NUMBER.test(user) ? ';user=phone' : ''}`;
