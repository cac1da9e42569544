import { type Kysely, type Migration, sql } from 'kysely';

const SUITES = [
  'AEAD_AES_256_GCM',
  'AEAD_AES_128_GCM',
  'AES_256_CM_HMAC_SHA1_80',
  'AES_CM_128_HMAC_SHA1_80',
  'AES_CM_128_HMAC_SHA1_32',
];

export const callEncryption: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const names = SUITES.map((suite) => `'${suite}'`).join(', ');
    await sql.raw(`ALTER TABLE calls ADD COLUMN srtp TEXT CHECK (srtp IN (${names}))`).execute(db);
  },
};
