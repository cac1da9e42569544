// `npm run evals [-- interruptions|disturbances|echo|pauses|words|slots|digits|keys|noise|quiet|silence|machines|answering …] [--out results.json]`:
// prepares the checkout, fetches recorded voices, calls the agent as people do, and judges what came back over the line. A busy machine
// spoils the figures, so its load is noted beside them.
import { existsSync } from 'node:fs';
import { aptInstall, prepare } from '../src/setup.mjs';

process.chdir(new URL('..', import.meta.url).pathname);
await prepare({ systemPackages: true });
const voices = {
  en: 'en_US_f_Allison',
  es: 'es_MX_f_Allison',
  fr: 'fr_CA_f_June',
  it: 'it_IT_m_Carlo',
  ru: 'ru_RU_f_IvrvoiceRU',
};
const missing = Object.entries(voices).filter(([, folder]) => !existsSync(`/usr/share/asterisk/sounds/${folder}`));
if (missing.length > 0) aptInstall(missing.map(([language]) => `asterisk-core-sounds-${language}-wav`));
const { evaluate } = await import('../dist/test/evals/run.js');
process.exitCode = await evaluate(process.argv.slice(2));
