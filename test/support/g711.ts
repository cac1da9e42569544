/** G.711 by the book (ITU-T G.711, as in its reference code), slow and independent of the engine's tables. */
export type G711 = 'PCMU' | 'PCMA';

function ulawToLinear(code: number): number {
  const u = ~code & 0xff;
  const magnitude = ((((u & 0x0f) << 3) + 0x84) << ((u & 0x70) >> 4)) - 0x84;
  return u & 0x80 ? -magnitude : magnitude;
}

function alawToLinear(code: number): number {
  const a = code ^ 0x55;
  const segment = (a & 0x70) >> 4;
  let magnitude = ((a & 0x0f) << 4) + 8;
  if (segment >= 1) magnitude += 0x100;
  if (segment > 1) magnitude <<= segment - 1;
  return a & 0x80 ? magnitude : -magnitude;
}

const DECODE = {
  PCMU: Int16Array.from({ length: 256 }, (_, code) => ulawToLinear(code)),
  PCMA: Int16Array.from({ length: 256 }, (_, code) => alawToLinear(code)),
};

/** Nearest code word, found by looking at all of them once per value and remembered. */
function encoder(codec: G711): (sample: number) => number {
  const nearest = new Int16Array(65536).fill(-1);
  const values = DECODE[codec];
  return (sample) => {
    const known = nearest[sample + 32768];
    if (known !== undefined && known >= 0) return known;
    let best = 0;
    for (let code = 1; code < 256; code++) {
      if (Math.abs((values[code] ?? 0) - sample) < Math.abs((values[best] ?? 0) - sample)) best = code;
    }
    nearest[sample + 32768] = best;
    return best;
  };
}

const ENCODE = { PCMU: encoder('PCMU'), PCMA: encoder('PCMA') };

export function g711Encode(samples: Int16Array, codec: G711): Buffer {
  return Buffer.from(Uint8Array.from(samples, ENCODE[codec]));
}

export function g711Decode(payload: Uint8Array, codec: G711): Int16Array {
  return Int16Array.from(payload, (code) => DECODE[codec][code] ?? 0);
}
