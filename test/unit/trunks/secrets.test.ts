import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { secretKey } from '../../../src/config/secret-key.js';
import { SecretBox } from '../../../src/core/secret-box.js';

const KEY = Buffer.alloc(32, 1);

void t.test('a secret opens with its key and for its owner, and with nothing else', async (t) => {
  const box = new SecretBox(KEY);
  const sealed = box.seal('pässword', 'trunk 1');
  t.equal(box.open(sealed, 'trunk 1'), 'pässword');
  t.notMatch(sealed, /p.ssword/);
  t.not(box.seal('pässword', 'trunk 1'), sealed, 'two of the same do not look alike');
  t.throws(() => box.open(sealed, 'trunk 2'), { code: 'internal' });
  t.throws(() => new SecretBox(Buffer.alloc(32, 2)).open(sealed, 'trunk 1'), { code: 'internal', message: /another key/ });
  for (const broken of ['', 'v1', 'v2.a.b.c', sealed.slice(0, -4), sealed.replace(/\.[^.]+\./, '..')]) {
    t.throws(() => box.open(broken, 'trunk 1'), { code: 'internal' }, broken);
  }
});

void t.test('a tag cut short is no tag', async (t) => {
  const box = new SecretBox(KEY);
  const parts = box.seal('secret', 'x').split('.');
  const short = Buffer.from(parts[3]!, 'base64url').subarray(0, 4).toString('base64url');
  t.throws(() => box.open([...parts.slice(0, 3), short].join('.'), 'x'), { code: 'internal' });
});

void t.test('without a passphrase a key is made once, for its owner alone to read', async (t) => {
  const dataDir = t.testdir();
  const made = secretKey({ dataDir, passphrase: undefined });
  t.equal(made.length, 32);
  t.equal(statSync(join(dataDir, 'secret.key')).mode & 0o777, 0o600);
  t.same(secretKey({ dataDir, passphrase: undefined }), made);
  t.notSame(secretKey({ dataDir: t.testdir(), passphrase: undefined }), made);
});

void t.test('a key file that was damaged is named and left as it is', async (t) => {
  const dataDir = t.testdir();
  writeFileSync(join(dataDir, 'secret.key'), 'short');
  t.throws(() => secretKey({ dataDir, passphrase: undefined }), /secret\.key holds no key/);
  t.equal(readFileSync(join(dataDir, 'secret.key'), 'utf8'), 'short');
});

void t.test('a passphrase makes the same key on every machine, and no file', async (t) => {
  const dataDir = t.testdir();
  const passphrase = 'correct horse battery';
  t.same(secretKey({ dataDir, passphrase }), secretKey({ dataDir: '/nowhere', passphrase }));
  t.notSame(secretKey({ dataDir, passphrase }), secretKey({ dataDir, passphrase: 'another one of them' }));
});
