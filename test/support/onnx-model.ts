/** What a model is fed with: a number is fixed, a name stands for any. */
export type OnnxInput = { name: string; shape: readonly (number | string)[] };

/** Protocol buffers by hand, as onnx.proto numbers them. */
const varint = (value: number): number[] => (value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]);
const number = (field: number, value: number): number[] => [...varint(field * 8), ...varint(value)];
const bytes = (field: number, content: Iterable<number>): number[] => {
  const all = [...content];
  return [...varint(field * 8 + 2), ...varint(all.length), ...all];
};
const text = (field: number, content: string): number[] => bytes(field, Buffer.from(content));

const FLOAT = 1;

const node = (operator: string, inputs: readonly string[], output: string, attributes: number[] = []): number[] =>
  bytes(1, [...inputs.flatMap((each) => text(1, each)), ...text(2, output), ...text(4, operator), ...attributes]);

const value = (field: number, { name, shape }: OnnxInput): number[] => {
  const dimensions = shape.flatMap((size) => bytes(1, typeof size === 'number' ? number(1, size) : text(2, size)));
  const tensor = [...number(1, FLOAT), ...bytes(2, dimensions)];
  return bytes(field, [...text(1, name), ...bytes(2, bytes(1, tensor))]);
};

const constant = (name: string, of: number): number[] =>
  bytes(5, [...number(2, FLOAT), ...text(8, name), ...bytes(9, new Uint8Array(Float32Array.of(of).buffer))]);

/**
 * An ONNX file that says how high the mean of its input is: sigmoid(`scale` times it), or that mean as it stands with `bare`. Where
 * `wide`, it says it twice.
 */
export function meanModel(inputs: readonly OnnxInput[], { scale = 1, bare = false, wide = false } = {}): Uint8Array {
  const [first = { name: 'x', shape: [] }] = inputs;
  const sum = [
    node('ReduceMean', [first.name], 'mean'),
    node('Mul', ['mean', 'scale'], 'scaled'),
    bare ? node('Identity', ['scaled'], 'one') : node('Sigmoid', ['scaled'], 'one'),
    // axis 0: an attribute of type INT.
    wide
      ? node('Concat', ['one', 'one'], 'said', bytes(5, [...text(1, 'axis'), ...number(3, 0), ...number(20, 2)]))
      : node('Identity', ['one'], 'said'),
  ];
  const output = value(12, { name: 'said', shape: first.shape.map((_, i) => (i === 0 && wide ? 2 : 1)) });
  const graph = [
    ...sum.flat(),
    ...text(2, 'g'),
    ...constant('scale', scale),
    ...inputs.flatMap((input) => value(11, input)),
    ...output,
  ];
  return Uint8Array.from([...number(1, 8), ...bytes(8, [...text(1, ''), ...number(2, 13)]), ...bytes(7, graph)]);
}
