/**
 * As `read`, which must depend on its text alone, for texts that are read again and again. What comes back is shared, and frozen. When
 * the texts that are remembered have more than `mostCharacters`, those that nobody has asked for the longest are forgotten.
 */
export function remembering<T extends object>(read: (text: string) => T, mostCharacters: number): (text: string) => T {
  const known = new Map<string, T>();
  let characters = 0;
  return (text) => {
    const value = known.get(text) ?? frozen(read(text));
    if (known.delete(text)) characters -= text.length;
    known.set(text, value);
    characters += text.length;
    for (const oldest of known.keys()) {
      if (characters <= mostCharacters) break;
      known.delete(oldest);
      characters -= oldest.length;
    }
    return value;
  };
}

function frozen<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) frozen(part as object);
  return Object.freeze(value);
}
