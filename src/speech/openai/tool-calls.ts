import type { ToolCall } from '../../domain/ports/speech.js';

const MAX_CALLS = 16;
const MAX_ARGUMENT_CHARACTERS = 20_000;

type Partial = { id: string; name: string; json: string };

/** Puts tool calls together from the pieces of a stream, whatever the server sends. */
export class ToolCallAssembly {
  readonly #partial = new Map<number, Partial>();
  readonly #offered: ReadonlySet<string>;
  #characters = 0;

  constructor(offered: Iterable<string>) {
    this.#offered = new Set(offered);
  }

  /** Takes the `tool_calls` of one delta. Returns false when the server sends more than any call needs. */
  add(pieces: unknown): boolean {
    if (!Array.isArray(pieces)) return true;
    for (const [position, piece] of (pieces as unknown[]).entries()) {
      if (!isRecord(piece)) continue;
      const index = Number.isSafeInteger(piece['index']) ? (piece['index'] as number) : position;
      const call = this.#partial.get(index) ?? { id: '', name: '', json: '' };
      this.#partial.set(index, call);
      if (typeof piece['id'] === 'string' && piece['id'] !== '') call.id = piece['id'];
      const called = piece['function'];
      if (isRecord(called)) {
        // The name comes whole; some servers repeat it in every piece.
        if (typeof called['name'] === 'string' && called['name'] !== '') call.name = called['name'];
        if (typeof called['arguments'] === 'string') {
          call.json += called['arguments'];
          this.#characters += called['arguments'].length;
        }
      }
    }
    return this.#partial.size <= MAX_CALLS && this.#characters <= MAX_ARGUMENT_CHARACTERS;
  }

  /** The finished calls in order; those of tools that were not offered are left out. */
  calls(): ToolCall[] {
    return [...this.#partial]
      .sort(([a], [b]) => a - b)
      .filter(([, call]) => this.#offered.has(call.name))
      .map(([index, { id, name, json }]) => ({ id: id || `call_${index}`, name, arguments: parseArguments(json) }));
  }
}

/** A model's JSON: nothing means no arguments, text around an object is cut off, rubbish stays text for the tool to refuse. */
export function parseArguments(json: string): unknown {
  if (json.trim() === '') return {};
  for (const candidate of [json, json.slice(json.indexOf('{'), json.lastIndexOf('}') + 1)]) {
    try {
      return JSON.parse(candidate) as unknown;
    } catch {
      // The next candidate may do.
    }
  }
  return json;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
