import * as fc from 'fast-check';

const LONG = 'x'.repeat(70_000);

const nested = (levels: number): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
};

/** Text that has broken software before. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ...['', ' ', '\t\n', '\u0000', 'a\u0000b', '\ud800', 'a\udfff', '\ufeff', '\u202etxt', 'e\u0301', '🧑‍🚀', '\uffff', LONG],
    ...[
      "'; DROP TABLE agents; --",
      '" OR 1=1',
      '%',
      '_%',
      '../../etc/passwd',
      '%00',
      '%ff',
      '{{x}}',
      '${x}',
      '<script>',
      '*',
      '"*"',
    ],
    ...[
      'NaN',
      'null',
      'undefined',
      '-1',
      '1e309',
      '0x10',
      '٣',
      '１２',
      '9'.repeat(400),
      '2026-02-30T00:00:00Z',
      '-271821-04-20T00:00:00Z',
    ],
    ...[
      'https://',
      'https://a b',
      'https://127.0.0.1/',
      'sip:',
      'sip:a@b\r\nX: y',
      '+',
      '+0',
      `+${'1'.repeat(16)}`,
      'constructor',
    ],
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
);

/** Values of whatever type in the wrong place. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.constantFrom<unknown>(null, true, false, 0, -0, -1, 0.1, 2 ** 31, 2 ** 53, 2 ** 63, -(2 ** 63), 1e308, 5e-324),
  fc.constantFrom<unknown>([], {}, [[]], [null], { '': '' }, nested(20), nested(31), nested(33), nested(200), { __proto__x: 1 }),
  fc.jsonValue({ maxDepth: 2 }),
);

/** Names of fields that nobody has. */
export const hostileName: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'toString', 'id', 'tenant_id', 'created_at', '', '\u0000', '\ud800', LONG),
  fc.string({ maxLength: 10 }),
);

/** Bodies that are no JSON, or more of it than anybody wants. */
export const hostileBytes: fc.Arbitrary<Buffer> = fc.oneof(
  fc
    .constantFrom(
      ...[
        '',
        '{',
        '{}}',
        '[',
        '"',
        'nul',
        '{"name":NaN}',
        '{"name":1e999}',
        '{"a":1,"a":2}',
        '{"__proto__":{"name":"x"}}',
        '[]',
        '1',
        '"x"',
      ],
      ...[
        '\ufeff{}',
        '[{}]',
        '['.repeat(100_000),
        `{"a":${'{"a":'.repeat(5000)}1${'}'.repeat(5001)}`,
        `{"name":"${'x'.repeat(1_100_000)}"}`,
      ],
    )
    .map((json) => Buffer.from(json)),
  fc.constantFrom('7b226e616d65223a22ff80fe227d', 'fffe7b007d00', 'c0af', 'eda080').map((hex) => Buffer.from(hex, 'hex')),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
);

/** A value with one thing in it changed for the worse, at whatever depth. */
export function spoiled(value: unknown): fc.Arbitrary<unknown> {
  if (typeof value !== 'object' || value === null) return hostileValue;
  const entries = Object.entries(value);
  const rebuild = (changed: [string, unknown][]): unknown => {
    if (Array.isArray(value)) return changed.map(([, item]) => item);
    // Unlike assignment, this makes a field of the name `__proto__` as JSON.parse does.
    return Object.fromEntries(changed);
  };
  const extra = fc.tuple(hostileName, hostileValue).map((entry) => rebuild([...entries, entry]));
  if (entries.length === 0) return fc.oneof(hostileValue, extra);
  const index = fc.nat(entries.length - 1);
  const without = index.map((gone) => rebuild(entries.filter((_, position) => position !== gone)));
  const inside = index.chain((changed) =>
    spoiled(entries[changed]?.[1]).map((worse) =>
      rebuild(entries.map(([name, item], position) => [name, position === changed ? worse : item])),
    ),
  );
  return fc.oneof(
    { weight: 1, arbitrary: hostileValue },
    { weight: 2, arbitrary: without },
    { weight: 2, arbitrary: extra },
    { weight: 5, arbitrary: inside },
  );
}
