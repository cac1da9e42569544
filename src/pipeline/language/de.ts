import type { LanguageCues } from './cues.js';
import { phrases, words } from './word-lists.js';

/** Prepositions that may be the split-off part of a verb (`an`, `auf`, `mit`) do end sentences, as verbs do. */
export const GERMAN: LanguageCues = {
  trailing: words(
    'und oder aber denn weil dass wenn ob der die den dem des ein eine einen einem einer eines für von zum zur im am ins vom beim bis ' +
      'mein meine meinen meinem meiner dein deine unser unsere sondern sowie als wie ich wir also',
  ),
  fillers: words('äh ähm ähem öh öhm ehm hm hmm mm'),
  numbers: {
    units: words('null ein eins zwei zwo drei vier fünf sechs sieben acht neun'),
    teens: twoDigits(),
    tens: words(''),
    others: words('hundert tausend doppel plus minus komma strich'),
  },
  at: words('at ät klammeraffe'),
  separators: words('punkt unterstrich bindestrich'),
  answers: words('ja nein doch danke tschüss tschüs wiederhören wiedersehen hallo bitte gerne stopp stop'),
  days: words('heute morgen übermorgen montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag'),
  greetings: words('hallo ja guten tag morgen abend grüß gott servus moin'),
  backchannels: phrases(
    'mhm,mm,hm,hmm,aha,ah,ach,oh,äh,ähm,ja,jaja,ja ja,ah ja,ach ja,ach so,achso,okay,ok,o.k,gut,sehr gut,genau,richtig,stimmt,klar,' +
      'alles klar,verstehe,ich verstehe,natürlich,wirklich,interessant,super,schön,in ordnung',
  ),
  holding: ['Einen Moment, bitte.', 'Ich bin noch dabei.', 'Danke für Ihre Geduld.'],
};

/** Ten to ninety-nine are one word each: `vierunddreißig`. */
function twoDigits(): ReadonlySet<string> {
  const teens = 'zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn'.split(' ');
  const tens = 'zwanzig dreißig dreissig vierzig fünfzig sechzig siebzig achtzig neunzig'.split(' ');
  const units = 'ein zwei drei vier fünf sechs sieben acht neun'.split(' ');
  return new Set([...teens, ...tens.flatMap((ten) => [ten, ...units.map((unit) => `${unit}und${ten}`)])]);
}
