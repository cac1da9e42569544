/** RFC 3261 section 7.3.3 and the IANA registry of compact forms. */
const COMPACT: Readonly<Record<string, string>> = {
  a: 'Accept-Contact',
  b: 'Referred-By',
  c: 'Content-Type',
  d: 'Request-Disposition',
  e: 'Content-Encoding',
  f: 'From',
  i: 'Call-ID',
  j: 'Reject-Contact',
  k: 'Supported',
  l: 'Content-Length',
  m: 'Contact',
  n: 'Identity-Info',
  o: 'Event',
  r: 'Refer-To',
  s: 'Subject',
  t: 'To',
  u: 'Allow-Events',
  v: 'Via',
  x: 'Session-Expires',
  y: 'Identity',
};

/** Names whose usual spelling is not "each word capitalised". */
const IRREGULAR = ['Call-ID', 'CSeq', 'MIME-Version', 'RSeq', 'RAck', 'SIP-ETag', 'SIP-If-Match', 'WWW-Authenticate', 'Min-SE'];

const KNOWN = new Map<string, string>([
  ...Object.entries(COMPACT),
  ...IRREGULAR.map((name): [string, string] => [name.toLowerCase(), name]),
  ...[
    'Via',
    'From',
    'To',
    'Contact',
    'Max-Forwards',
    'Content-Type',
    'Content-Length',
    'Route',
    'Record-Route',
    'Allow',
    'Supported',
    'Require',
    'User-Agent',
    'Server',
    'Expires',
    'Accept',
    'Subject',
    'Reason',
    'Session-Expires',
    'X-First-Response-Ms',
  ].map((name): [string, string] => [name.toLowerCase(), name]),
]);

/** RFC 3261 section 25.1 `token`. */
export const TOKEN = /^[A-Za-z0-9\-.!%*_+`'~]+$/;

/** One spelling per header, so that lookups are by equality: compact forms are expanded, `X-…` is left as it came. */
export function canonicalHeaderName(name: string): string {
  const lower = name.toLowerCase();
  const known = KNOWN.get(lower);
  if (known !== undefined) return known;
  if (lower.startsWith('x-')) return name;
  return lower.replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());
}
