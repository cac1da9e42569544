// Fields of the protocol buffers of ONNX (onnx.proto): Model.graph, Graph.initializer, Tensor.{data_type,name,raw_data}.
const GRAPH = 7;
const INITIALIZER = 5;
const DATA_TYPE = 2;
const NAME = 8;
const RAW_DATA = 9;
const FLOAT = 1;

type Field = { number: number; bytes: Uint8Array; value: number };

/** The tensors of 32-bit floats that a model brings along, by name. A file that is no model has none, or throws a RangeError. */
export function readTensors(model: Uint8Array): Record<string, Float32Array> {
  const tensors: Record<string, Float32Array> = {};
  for (const graph of fieldsOf(model, GRAPH)) {
    for (const initializer of fieldsOf(graph.bytes, INITIALIZER)) {
      const [type] = fieldsOf(initializer.bytes, DATA_TYPE);
      const [name] = fieldsOf(initializer.bytes, NAME);
      const [data] = fieldsOf(initializer.bytes, RAW_DATA);
      if (type?.value !== FLOAT || !name || !data) continue;
      // Copied, as floats must lie at a multiple of four bytes.
      tensors[new TextDecoder().decode(name.bytes)] = new Float32Array(new Uint8Array(data.bytes).buffer);
    }
  }
  return tensors;
}

function fieldsOf(message: Uint8Array, wanted: number): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message[at++];
      if (byte === undefined) throw new RangeError('the message ends early');
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  const take = (length: number): Uint8Array => {
    if (at + length > message.length) throw new RangeError('the message ends early');
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const key = varint();
    const number = Math.floor(key / 8);
    const field: Field = { number, bytes: new Uint8Array(0), value: 0 };
    if (key % 8 === 0) field.value = varint();
    else if (key % 8 === 1) field.bytes = take(8);
    else if (key % 8 === 2) field.bytes = take(varint());
    else if (key % 8 === 5) field.bytes = take(4);
    else throw new RangeError('not a protocol buffer');
    if (number === wanted) fields.push(field);
  }
  return fields;
}
