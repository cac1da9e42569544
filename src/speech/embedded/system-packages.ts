import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGES = ['libpocketsphinx3', 'pocketsphinx-en-us'] as const;
const INSTALL_COMMAND = `apt-get install -y --no-install-recommends ${PACKAGES.join(' ')}`;
const LIBRARIES = { base: 'libsphinxbase.so.3', decoder: 'libpocketsphinx.so.3' } as const;

export type RecognizerFiles = { baseLibrary: string; decoderLibrary: string; modelDir: string };
export type RecognizerPackages =
  | { installed: true; files: RecognizerFiles }
  | { installed: false; absent: string[]; command: string };

/** Whether Debian's recogniser is on this machine, where it lies, and the command to get it. `root` is `/` but in tests. */
export function recognizerPackages(root = '/'): RecognizerPackages {
  const baseLibrary = findLibrary(root, LIBRARIES.base);
  const decoderLibrary = findLibrary(root, LIBRARIES.decoder);
  const modelDir = join(root, 'usr/share/pocketsphinx/model/en-us');
  const hasModel = ['en-us/mdef', 'en-us/feat.params', 'cmudict-en-us.dict', 'en-us.lm.bin'].every((file) =>
    existsSync(join(modelDir, file)),
  );
  if (baseLibrary && decoderLibrary && hasModel) return { installed: true, files: { baseLibrary, decoderLibrary, modelDir } };
  const absent = [baseLibrary && decoderLibrary ? undefined : PACKAGES[0], hasModel ? undefined : PACKAGES[1]];
  return { installed: false, absent: absent.filter((name) => name !== undefined), command: INSTALL_COMMAND };
}

/** Debian keeps libraries per architecture (`/usr/lib/x86_64-linux-gnu`); others put them one level up. */
function findLibrary(root: string, name: string): string | undefined {
  const lib = join(root, 'usr/lib');
  const perArchitecture = existsSync(lib)
    ? readdirSync(lib).filter((entry) => entry.endsWith('-linux-gnu') || entry.includes('-linux-gnueabi'))
    : [];
  const folders = [
    ...perArchitecture.map((entry) => join(lib, entry)),
    join(root, 'usr/lib64'),
    lib,
    join(root, 'usr/local/lib'),
  ];
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
}
