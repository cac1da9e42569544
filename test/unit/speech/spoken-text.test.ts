import t from 'tap';
import { spokenText } from '../../../src/speech/spoken-text/spoken-text.js';

/** By language: what is written, and how it is read. */
const TABLE: Readonly<Record<string, readonly (readonly [written: string, read: string])[]>> = {
  'en-US': [
    ['You have 3 messages.', 'You have three messages.'],
    ['That is 1,234.5 points.', 'That is one thousand two hundred thirty-four point five points.'],
    ['It is -5 outside.', 'It is minus five outside.'],
    ['Pi is 3.14.', 'Pi is three point one four.'],
    ['Version 3.5.2', 'Version three point five point two'],
    ['Room 007', 'Room zero zero seven'],
    ['Pages 9-17', 'Pages nine to seventeen'],
    ['Pages 100 – 120', 'Pages one hundred to one hundred twenty'],
    ['9:00–17:30', "nine o'clock to five thirty p m"],
    ['Take the 21st exit.', 'Take the twenty-first exit.'],
    ['On 2026-11-22.', 'On November twenty-second, twenty twenty-six.'],
    ['On 11/22/2026.', 'On November twenty-second, twenty twenty-six.'],
    ['On March 1st, 1905', 'On March first, nineteen oh five'],
    ['It opened in 1999.', 'It opened in nineteen ninety-nine.'],
    ['At 2:30 pm.', 'At two thirty p m.'],
    ['At 9 a.m. tomorrow', 'At nine a m tomorrow'],
    ['At 14:05', 'At two oh five p m'],
    ['At 9:00', "At nine o'clock"],
    ['It costs $42.50.', 'It costs forty-two dollars and fifty cents.'],
    ['It costs $1,200', 'It costs one thousand two hundred dollars'],
    ['Only 0.99 USD', 'Only ninety-nine cents'],
    ['Just £1', 'Just one pound'],
    ['Call (555) 123-4567.', 'Call five five five, one two three, four five six seven.'],
    ['Call +49 30 1234567', 'Call plus four nine, three zero, one two three, four five six seven'],
    ['Order 12345678', 'Order one two three, four five six, seven eight'],
    ['It is 20 °C and 1 km away, up 5%.', 'It is twenty degrees Celsius and one kilometer away, up five percent.'],
    ['Write to anna.meier42@example.com.', 'Write to anna dot meier four two at example dot com.'],
    ['See https://www.example.de/help.', 'See example dot d e slash help.'],
    ['R & D in B2B', 'R and D in B two B'],
    ['1, 2 and 3', 'one, two and three'],
    ['On 99/99/2026', 'On ninety-nine/ninety-nine/two thousand twenty-six'],
  ],
  'en-GB': [['On 22/11/2026', 'On November twenty-second, twenty twenty-six']],
  'de-DE': [
    ['Sie haben 21 Nachrichten.', 'Sie haben einundzwanzig Nachrichten.'],
    ['Das sind 1.234,5 Punkte.', 'Das sind eintausendzweihundertvierunddreißig Komma fünf Punkte.'],
    ['Am 22. November 2026 um 14:30 Uhr.', 'Am zweiundzwanzigsten November zweitausendsechsundzwanzig um vierzehn Uhr dreißig.'],
    ['Der 1. Mai', 'Der erste Mai'],
    ['Am 03.05.1999', 'Am dritten Mai neunzehnhundertneunundneunzig'],
    ['Um 1 Uhr', 'Um ein Uhr'],
    ['Es kostet 42,50 €.', 'Es kostet zweiundvierzig Euro fünfzig.'],
    ['Nur 1 €', 'Nur ein Euro'],
    ['Im 3. Stock', 'Im dritten Stock'],
    ['Es sind 5. Danke.', 'Es sind fünf. Danke.'],
    ['Rufen Sie 030 123456 an.', 'Rufen Sie null drei null, eins zwei drei, vier fünf sechs an.'],
    ['Bis zu 50 km/h', 'Bis zu fünfzig Stundenkilometer'],
    ['Von 9-17 Uhr', 'Von neun bis siebzehn Uhr'],
    ['info@example.de', 'info ät example Punkt d e'],
  ],
  fr: [
    ['Le 1er mai 2026 à 14h30', 'Le premier mai deux mille vingt-six à quatorze heures trente'],
    ['À 21h', 'À vingt et une heures'],
    ['Cela coûte 1 234,50 €.', 'Cela coûte mille deux cent trente-quatre euros cinquante.'],
    ['Appelez le 06 12 34 56 78.', 'Appelez le zéro six, douze, trente-quatre, cinquante-six, soixante-dix-huit.'],
    ['La 2e fois', 'La deuxième fois'],
    ['3,05 kg', 'trois virgule zéro cinq kilos'],
    ['Il fait 20 %', 'Il fait vingt pour cent'],
    ['a@b.fr', 'a arobase b point f r'],
  ],
  'es-ES': [
    ['El 22 de noviembre de 2026 a las 14:30', 'El veintidós de noviembre de dos mil veintiséis a las catorce y treinta'],
    ['A la 1:00', 'A la una'],
    ['Cuesta 21 €', 'Cuesta veintiún euros'],
    ['Cuesta 42,50 €', 'Cuesta cuarenta y dos euros con cincuenta céntimos'],
    ['La 3ª vez', 'La tercera vez'],
    ['1.234,5', 'mil doscientos treinta y cuatro coma cinco'],
    ['20 °C', 'veinte grados'],
  ],
  'it-IT': [
    ['Il 1º maggio 2026 alle 9:15', 'Il primo maggio duemilaventisei alle nove e quindici'],
    ['Costa 42,50 €', 'Costa quarantadue euro e cinquanta centesimi'],
    ['Sono 1.000 km', 'Sono mille chilometri'],
    ['3,5', 'tre virgola cinque'],
    ['Il 20%', 'Il venti per cento'],
  ],
  'ja-JP': [['100 円', '100 円']],
};

for (const [language, rows] of Object.entries(TABLE)) {
  void t.test(`${language}: figures are read as people do`, (t) => {
    for (const [written, read] of rows) t.equal(spokenText(written, language), read, written);
    t.end();
  });
}

void t.test('text without figures or signs is as it was, whatever the language', (t) => {
  for (const language of ['en-US', 'de', 'xx', '', '__proto__'])
    t.equal(spokenText('Hello  there, e.g. you.', language), 'Hello  there, e.g. you.');
  t.end();
});

void t.test('nothing that is written makes it fail, take long or keep a figure', (t) => {
  const pieces = [
    '1',
    '23',
    '999999999999999999',
    ',',
    '.',
    '-',
    ':',
    '€',
    '$',
    '%',
    '@',
    ' ',
    '+',
    '(',
    ')',
    '/',
    'h',
    'º',
    'a',
    'Uhr',
    '. ',
    '0',
  ];
  let seed = 7;
  const next = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % below;
  };
  for (let round = 0; round < 600; round++) {
    const text = Array.from({ length: 1 + next(12) }, () => pieces[next(pieces.length)]).join('');
    for (const language of ['en-US', 'de-DE', 'fr-FR', 'es-ES', 'it-IT']) {
      const read = spokenText(text, language);
      if (/\d/.test(read)) t.fail(`${language}: ${JSON.stringify(text)} -> ${read}`);
    }
  }
  for (const text of ['1'.repeat(20_000), '1 '.repeat(10_000), '+1 '.repeat(5_000), 'a@'.repeat(5_000), '1.'.repeat(10_000)])
    t.type(spokenText(text, 'en-US'), 'string');
  t.end();
});
