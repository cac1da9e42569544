import t from 'tap';
import { readWav } from '../../../src/api/http/wav-audio.js';

type Wav = {
  format?: number;
  channels?: number;
  rateHz?: number;
  bits?: number;
  samples?: number[];
  dataBytes?: number;
  extra?: Buffer;
};

function wav({
  format = 1,
  channels = 1,
  rateHz = 8000,
  bits = 16,
  samples = [1, -2, 3],
  dataBytes,
  extra = Buffer.alloc(0),
}: Wav = {}): Buffer {
  const fmt = Buffer.alloc(format === 0xfffe ? 40 : 16);
  fmt.writeUInt16LE(format, 0);
  fmt.writeUInt16LE(channels, 2);
  fmt.writeUInt32LE(rateHz, 4);
  fmt.writeUInt16LE(bits, 14);
  if (format === 0xfffe) fmt.writeUInt16LE(1, 24);
  const data = Buffer.from(Int16Array.from(samples).buffer);
  const chunk = (id: string, content: Buffer, length = content.length): Buffer => {
    const head = Buffer.alloc(8);
    head.write(id, 0, 'latin1');
    head.writeUInt32LE(length, 4);
    return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
  };
  const body = Buffer.concat([Buffer.from('WAVE'), chunk('fmt ', fmt), extra, chunk('data', data, dataBytes ?? data.length)]);
  return chunk('RIFF', body);
}

void t.test('mono and stereo, plain and extensible, with other chunks in between', async (t) => {
  t.same(readWav(wav(), 'audio'), { pcm: Int16Array.of(1, -2, 3), rateHz: 8000 });
  t.same(readWav(wav({ channels: 2, rateHz: 44_100, samples: [100, 300, -32_768, -32_768] }), 'audio'), {
    pcm: Int16Array.of(200, -32_768),
    rateHz: 44_100,
  });
  t.same(readWav(wav({ format: 0xfffe }), 'audio').pcm, Int16Array.of(1, -2, 3));
  t.same(readWav(wav({ extra: Buffer.from('LIST\x03\0\0\0abc\0', 'latin1') }), 'audio').pcm, Int16Array.of(1, -2, 3));
  t.same(
    readWav(wav({ dataBytes: 0xffff_ffff }), 'audio').pcm,
    Int16Array.of(1, -2, 3),
    'of a writer that did not know the length',
  );
});

void t.test('what cannot be played is refused with the reason', async (t) => {
  for (const [file, message] of [
    [Buffer.alloc(0), /is no WAV file/],
    [Buffer.from('RIFF'), /is no WAV file/],
    [Buffer.alloc(5000, 7), /is no WAV file/],
    [Buffer.from('RIFF\x04\0\0\0WAVE', 'latin1'), /no format chunk/],
    [wav({ format: 7 }), /16-bit PCM/],
    [wav({ format: 3, bits: 32 }), /16-bit PCM/],
    [wav({ bits: 8 }), /16-bit PCM/],
    [wav({ channels: 0 }), /one or two channels/],
    [wav({ channels: 6 }), /one or two channels/],
    [wav({ rateHz: 0 }), /samples a second/],
    [wav({ rateHz: 96_000 }), /samples a second/],
    [wav({ samples: [] }), /no audio/],
    [wav({ dataBytes: 1000 }), /shorter than its header/],
    [wav({ samples: Array.from({ length: 8000 * 121 }, () => 0) }), /longer than 120 seconds/],
  ] as const) {
    t.throws(() => readWav(file, 'audio'), { code: 'invalid_request', faults: [{ field: 'audio', message }] });
  }
});

void t.test('no cut of a file makes the reader fail in another way', async (t) => {
  const whole = wav({ samples: Array.from({ length: 40 }, (_, i) => i) });
  for (let bytes = 0; bytes < whole.length; bytes += 1) {
    t.throws(() => readWav(whole.subarray(0, bytes), 'body'), { code: 'invalid_request' }, `${bytes} bytes`);
  }
});
