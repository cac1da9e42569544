import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { backgroundOf } from '../../../src/calls/background-sound.js';
import { ConfigError } from '../../../src/config/faults.js';
import { Sounds as SoundsSchema } from '../../../src/config/sounds.js';
import type { MediaEngine, Sound } from '../../../src/domain/ports/media.js';
import { loadSounds } from '../../../src/sounds.js';
import { wavOf } from '../../../src/speech/wav.js';
import { temporaryDirectory } from '../../support/offhook-process.js';
import { sampleAgent } from '../../support/sample-records.js';

/** Notes what is prepared. */
function fakeEngine() {
  const prepared: { samples: number; rateHz: number }[] = [];
  const prepareSound = (pcm: Int16Array, rateHz: number): Sound => {
    prepared.push({ samples: pcm.length, rateHz });
    return {} as Sound;
  };
  return { prepared, engine: { prepareSound } as unknown as MediaEngine };
}

void t.test('sounds are read from below the data directory, each to be played by its name', (t) => {
  const dataDir = temporaryDirectory(t);
  mkdirSync(join(dataDir, 'sounds'));
  writeFileSync(join(dataDir, 'sounds', 'office.wav'), wavOf([new Int16Array(800)], 8_000));
  const sounds = SoundsSchema.parse({
    files: { office: { file: 'sounds/office.wav', gainDb: -20 }, 'hold.1': { file: join(dataDir, 'sounds', 'office.wav') } },
    musicOnHold: 'hold.1',
  });
  const { engine, prepared } = fakeEngine();
  const loaded = loadSounds({ sounds, dataDir }, engine);
  t.same(prepared, [
    { samples: 800, rateHz: 8_000 },
    { samples: 800, rateHz: 8_000 },
  ]);
  t.equal(loaded.named('office')?.gainDb, -20);
  t.equal(loaded.musicOnHold, loaded.named('hold.1'));
  t.equal(loaded.musicOnHold?.gainDb, 0, 'as loud as it is');
  t.equal(loaded.beforeAnswer, undefined);
  t.equal(loaded.named('constructor'), undefined);

  const agent = { ...sampleAgent(), backgroundSound: 'office' };
  t.match(backgroundOf(agent, loaded), { gainDb: -20, gainUnderSpeechDb: -32 });
  t.equal(backgroundOf({ ...agent, backgroundSound: 'gone' }, loaded), undefined);
  t.equal(backgroundOf(sampleAgent(), loaded), undefined);
  t.equal(backgroundOf(agent, undefined), undefined);
  t.end();
});

void t.test('every file that cannot be used is named, and so is a use of a sound that is not there', (t) => {
  const dataDir = temporaryDirectory(t);
  writeFileSync(join(dataDir, 'text.wav'), 'no audio');
  writeFileSync(join(dataDir, 'odd.wav'), wavOf([new Int16Array(100)], 12_000));
  const files = { gone: { file: 'gone.wav' }, text: { file: 'text.wav' }, odd: { file: 'odd.wav' } };
  try {
    loadSounds({ sounds: SoundsSchema.parse({ files }), dataDir }, fakeEngine().engine);
    t.fail('accepted');
  } catch (error) {
    t.ok(error instanceof ConfigError);
    t.match((error as ConfigError).faults, [
      { field: 'sounds.files.gone.file', source: join(dataDir, 'gone.wav'), message: /cannot be read: ENOENT/ },
      { field: 'sounds.files.text.file', message: 'is no WAV file' },
      { field: 'sounds.files.odd.file', message: /samples a second/ },
    ]);
  }
  const issues = (value: unknown): string[] =>
    (SoundsSchema.safeParse(value).error?.issues ?? []).map(({ path, message }) => `${path.join('.')} ${message}`);
  t.same(issues({ files, musicOnHold: 'jazz', beforeAnswer: 'text' }), ['musicOnHold is none of the sounds.files']);
  t.match(issues({ files: { '../up': { file: 'x.wav' } } }), [/must be the name of a sound|Invalid key/]);
  t.match(issues({ files: { loud: { file: 'x.wav', gainDb: 6 } } }), [/files\.loud\.gainDb/]);
  t.end();
});
