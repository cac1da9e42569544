/** User parts that always reach the built-in agents. */
export const RESERVED_SIP_USERS: ReadonlySet<string> = new Set(['echo', 'demo', 'tone']);

/** A user part that needs no escaping in a SIP URI (RFC 3261 section 25.1, `unreserved`) and can be read out on the phone. */
export const isSipUser = (text: string): boolean =>
  /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/.test(text) && !RESERVED_SIP_USERS.has(text);

const MAX_SLUG_LENGTH = 48;
const NUMBERED = 20;

/** Addresses to try for an agent of this name, best first: `front-desk`, `front-desk-2`, … and at last one that nobody else can have. */
export function* sipUserCandidates(name: string, unique: string): Generator<string> {
  const slug = slugOf(name);
  if (isSipUser(slug)) yield slug;
  const stem = slug === '' ? 'agent' : slug;
  for (let number = 2; number <= NUMBERED; number += 1) yield `${stem}-${number}`;
  yield `${stem}-${unique.slice(-12)}`;
}

/** `Zoë's Front Desk` -> `zoe-s-front-desk`. Empty when nothing of the name can be written so. */
function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{Mark}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_SLUG_LENGTH)
    .replace(/^-+|-+$/g, '');
}
