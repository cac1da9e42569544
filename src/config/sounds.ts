import { z } from 'zod';
import { Path } from './fields.js';

const SoundName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'must be the name of a sound');

/** Recordings that callers hear. Each is kept in memory, decoded. */
export const Sounds = z
  .strictObject({
    /** By their names. A path that is not absolute lies below the data directory. */
    files: z
      .record(SoundName, z.strictObject({ file: Path, gainDb: z.number().min(-60).max(0).default(0) }))
      .refine((files) => Object.keys(files).length <= 32, 'must not be more than 32')
      .default({}),
    /** Heard by whoever waits while somebody else is consulted; ringing when left out. */
    musicOnHold: SoundName.optional(),
    /** Heard before the answer in place of a ring tone. */
    beforeAnswer: SoundName.optional(),
  })
  .superRefine(({ files, ...uses }, context) => {
    for (const [use, name] of Object.entries(uses)) {
      if (name === undefined || Object.hasOwn(files, name)) continue;
      context.addIssue({ code: 'custom', path: [use], message: 'is none of the sounds.files' });
    }
  });
