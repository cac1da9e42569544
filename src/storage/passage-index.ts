import { type Kysely, sql } from 'kysely';
import type { AgentId, DocumentId } from '../core/ids.js';
import type { Passage } from '../domain/document.js';
import type { PassageIndex, Vector } from '../domain/ports/documents.js';
import type { Tables } from './tables.js';

type Row = { document_id: string; name: string; sequence: number; heading: string; text: string; score: number };

/** Chunks of documents by their words (FTS5) and by their vectors (sqlite-vec), those of one agent at a time. */
export class SqlPassageIndex implements PassageIndex {
  readonly #db: Kysely<Tables>;
  readonly #hasVectors: boolean;

  /** `hasVectors`: the extension that compares vectors is loaded. */
  constructor(db: Kysely<Tables>, hasVectors: boolean) {
    this.#db = db;
    this.#hasVectors = hasVectors;
  }

  async matching(agent: AgentId, words: readonly string[], limit: number): Promise<Passage[]> {
    if (words.length === 0) return [];
    // Every word is quoted, so that nothing a caller says is an operator of the query language.
    const said = words.map((word) => `"${word.replaceAll('"', '')}"`).join(' OR ');
    const query = `agent : "${agentWord(agent)}" AND {heading text} : (${said})`;
    const { rows } = await sql<Row>`
      SELECT c.document_id, d.name, c.sequence, c.heading, c.text, -bm25(document_words, 0.0, 2.0, 1.0) AS score
      FROM document_words JOIN document_chunks c ON c.id = document_words.rowid JOIN documents d ON d.id = c.document_id
      WHERE document_words MATCH ${query} AND d.state = 'ready'
      ORDER BY bm25(document_words, 0.0, 2.0, 1.0), c.id LIMIT ${limit}`.execute(this.#db);
    return rows.map(toPassage);
  }

  async nearest(agent: AgentId, model: string, vector: Vector, limit: number): Promise<Passage[]> {
    if (!this.#hasVectors) return [];
    const { rows } = await sql<Row>`
      SELECT c.document_id, d.name, c.sequence, c.heading, c.text, 1 - n.distance AS score
      FROM (
        SELECT id, vec_distance_cosine(vector, ${bytesOf(vector)}) AS distance FROM document_chunks
        WHERE agent = ${agentWord(agent)} AND model = ${model} AND length(vector) = ${vector.byteLength}
          AND document_id IN (SELECT id FROM documents WHERE agent_id = ${agent} AND state = 'ready')
        ORDER BY distance, id LIMIT ${limit}
      ) n JOIN document_chunks c ON c.id = n.id JOIN documents d ON d.id = c.document_id
      ORDER BY n.distance, c.id`.execute(this.#db);
    return rows.map(toPassage);
  }

  async contents(agent: AgentId): Promise<{ isEmpty: boolean; models: readonly string[] }> {
    const rows = await this.#db
      .selectFrom('documents')
      .select('embedded_by')
      .distinct()
      .where('agent_id', '=', agent)
      .where('state', '=', 'ready')
      .execute();
    const models = this.#hasVectors ? rows.flatMap((row) => row.embedded_by ?? []) : [];
    return { isEmpty: rows.length === 0, models };
  }
}

/** The tokenizer would make five words of an id with its dashes. */
export const agentWord = (agent: AgentId): string => agent.replaceAll('-', '');

export const bytesOf = (vector: Vector): Uint8Array => Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);

const toPassage = (row: Row): Passage => ({
  documentId: row.document_id as DocumentId,
  documentName: row.name,
  sequence: row.sequence,
  heading: row.heading,
  text: row.text,
  score: row.score,
});
