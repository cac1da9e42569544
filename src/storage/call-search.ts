import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { partyKey } from '../domain/party.js';

/** What more would narrow down is not worth another look through the index. */
const MAX_TERMS = 10;
/** A number written with spaces is one term. */
const NUMBER = /^\s*\+?[\d\s().\-/]{5,}\s*$/;
/** Shorter parts of a number are not in its index. */
const PARTY_MIN_LENGTH = 3;

/** The words of a query as they were typed, without those that are signs only. */
export function termsOf(query: string): string[] {
  if (NUMBER.test(query)) return [query.trim()];
  return query
    .normalize('NFC')
    .split(/\s+/)
    .filter((term) => /[\p{L}\p{N}]/u.test(term))
    .slice(0, MAX_TERMS);
}

/** Calls in whose transcript a word begins with `term`, or in one of whose numbers it occurs. */
export function withTerm(term: string): RawBuilder<SqlBool> {
  const words = sql`SELECT rowid >> 20 FROM call_words WHERE call_words MATCH ${`${quoted(term)}*`}`;
  const party = partyKey(term);
  if (party.length < PARTY_MIN_LENGTH) return sql<SqlBool>`serial IN (${words})`;
  const parties = sql`SELECT rowid FROM call_parties WHERE call_parties MATCH ${quoted(party)}`;
  return sql<SqlBool>`serial IN (${words} UNION ${parties})`;
}

/** Within quotes nothing is an operator (FTS5 strings, section 3.1 of its documentation). */
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
