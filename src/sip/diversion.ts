import type { Diversion } from '../domain/diversion.js';
import { splitList, userOf } from './sip-headers.js';
import type { SrfMessage } from './srf-types.js';

/** More hops than any call has; a longer list is a game. */
const MOST = 20;

/** RFC 4458 section 2, and the statuses that a History-Info names (RFC 7044 section 10.2), in the words of RFC 5806. */
const REASONS: Readonly<Record<string, string>> = {
  302: 'unconditional',
  404: 'unknown',
  408: 'no-answer',
  480: 'deflection',
  486: 'user-busy',
  487: 'deflection',
  503: 'unavailable',
};

/**
 * Who the call was for before it was sent to us, the newest diversion first: by Diversion (RFC 5806), else by History-Info
 * (RFC 7044). What nobody can read is passed over.
 */
export function readDiversions(message: Pick<SrfMessage, 'get'>): Diversion[] {
  const diverted = splitList(message.get('diversion') ?? '').flatMap(readDiversion);
  return (diverted.length > 0 ? diverted : readHistory(message.get('history-info') ?? '')).slice(0, MOST);
}

function readDiversion(member: string): Diversion[] {
  const uri = uriIn(member);
  if (uri === undefined) return [];
  return [{ uri, user: userOf(uri), reason: parameter(member, 'reason')?.toLowerCase() }];
}

/**
 * Each entry but the last was left for the one after it, whose URI (RFC 4458) or the reason in its own (RFC 7044) says why. Entries
 * that only became another address of the same target, as every proxy on the way adds them, say no reason.
 */
function readHistory(header: string): Diversion[] {
  const entries = splitList(header).flatMap((member) => {
    const uri = uriIn(member);
    return uri === undefined ? [] : [{ uri, index: indexOf(member) }];
  });
  const inOrder = entries.toSorted((a, b) => compareIndexes(a.index, b.index));
  const diversions = inOrder.slice(0, -1).flatMap(({ uri }, at): Diversion[] => {
    const code = statedIn(uri) ?? causeIn(inOrder[at + 1]?.uri ?? '');
    const bare = uri.replace(/[?;].*$/, '');
    return code === undefined ? [] : [{ uri: bare, user: userOf(bare), reason: REASONS[code] ?? 'unknown' }];
  });
  return diversions.toReversed();
}

/** `Reason=SIP%3Bcause%3D486` among the headers of the URI. */
function statedIn(uri: string): string | undefined {
  const headers = uri.slice(uri.indexOf('?') + 1);
  return uri.includes('?') ? /(?:^|&)reason=[^&]*?cause(?:%3D|=)(\d{3})/i.exec(headers)?.[1] : undefined;
}

const causeIn = (uri: string): string | undefined => /;cause=(\d{3})(?=[;?]|$)/i.exec(uri)?.[1];

const uriIn = (member: string): string | undefined => /<\s*((?:sips?|tel):[^>\s]{1,500})\s*>/i.exec(member)?.[1];
const indexOf = (member: string): number[] => (parameter(member, 'index') ?? '').slice(0, 50).split('.').map(Number);

/** Of the header, not of the URI in it. */
function parameter(member: string, name: string): string | undefined {
  const parameters = member.slice(member.indexOf('>') + 1).matchAll(/;\s*([\w-]+)\s*(?:=\s*(?:"([^"]*)"|([^;\s]+)))?/g);
  const found = [...parameters].find(([, each]) => each?.toLowerCase() === name);
  return found?.[2] ?? found?.[3];
}

function compareIndexes(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
