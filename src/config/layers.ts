/** A plain object of a parsed file or of the environment. */
type Tree = { [key: string]: unknown };

/** Without a prototype, so that a key named `__proto__` is an unknown setting like any other. */
const emptyTree = (): Tree => Object.create(null) as Tree;

export const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Values laid over one another, the later winning, each remembering where it came from. */
export class Layers {
  readonly #root = emptyTree();
  readonly #sources = new Map<string, string>();

  /** Lays `value` over what stands at `path`: objects are merged key by key, everything else is replaced. */
  put(path: readonly string[], value: unknown, source: string): void {
    if (isTree(value) && Object.keys(value).length > 0) {
      for (const [key, inner] of Object.entries(value)) this.put([...path, key], inner, source);
      return;
    }
    const key = path.at(-1);
    if (key === undefined) return;
    const parent = this.#parentOf(path);
    // An empty section in a file (`speech:` with all lines commented out) reads as null and means nothing.
    if (value === null || value === undefined) return;
    if (isTree(value) && isTree(parent[key])) return;
    parent[key] = isTree(value) ? emptyTree() : value;
    this.#sources.set(path.join('.'), source);
  }

  get value(): unknown {
    return this.#root;
  }

  /** Where the value at `path`, or the object nearest to it, was set. */
  sourceOf(path: readonly string[]): string {
    for (let length = path.length; length > 0; length -= 1) {
      const source = this.#sources.get(path.slice(0, length).join('.'));
      if (source !== undefined) return source;
    }
    const inside = `${path.join('.')}.`;
    const below = [...this.#sources].filter(([key]) => key.startsWith(inside));
    return below.at(-1)?.[1] ?? 'not set';
  }

  #parentOf(path: readonly string[]): Tree {
    let node = this.#root;
    for (const step of path.slice(0, -1)) {
      const next = node[step];
      if (isTree(next)) {
        node = next;
        continue;
      }
      const made = emptyTree();
      node[step] = made;
      node = made;
    }
    return node;
  }
}
