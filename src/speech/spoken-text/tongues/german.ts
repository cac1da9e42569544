import { toCardinal, toOrdinal } from 'n2words/de-DE';
import { monthsOf, oneAndMore, type Tongue } from '../tongue.js';

const MONTHS = monthsOf('de');

const counting = (value: number): string => (value === 1 ? 'ein' : toCardinal(value));

function year(value: number): string {
  if (value < 1100 || value > 1999) return toCardinal(value);
  const rest = value % 100;
  return `${toCardinal(Math.floor(value / 100))}hundert${rest === 0 ? '' : toCardinal(rest)}`;
}

/** The ending that the word in front asks for: `am ersten`, `der erste`, else `erster`. */
function ordinal(value: number, before: string): string {
  const base = toOrdinal(value);
  if (/^(?:am|vom|zum|beim|im|den|dem|des|ab|bis|seit|jeden|diesen|nächsten)$/i.test(before)) return `${base}n`;
  return /^(?:der|die|das)$/i.test(before) ? base : `${base}r`;
}

export const german: Tongue = {
  cardinal: toCardinal,
  counting,
  year,
  ordinal,
  decimalMark: ',',
  thousandsMark: '.',
  point: 'Komma',
  decimalsSingly: true,
  minus: 'minus',
  plus: 'plus',
  to: 'bis',
  and: 'und',
  money: { join: ' ', cents: false },
  currencies: {
    $: [oneAndMore('Dollar'), oneAndMore('Cent')],
    '€': [oneAndMore('Euro'), oneAndMore('Cent')],
    '£': [oneAndMore('Pfund'), oneAndMore('Pence')],
    CHF: [oneAndMore('Franken'), oneAndMore('Rappen')],
  },
  units: {
    '%': oneAndMore('Prozent'),
    '°C': oneAndMore('Grad Celsius'),
    '°F': oneAndMore('Grad Fahrenheit'),
    'km/h': oneAndMore('Stundenkilometer'),
    km: oneAndMore('Kilometer'),
    cm: oneAndMore('Zentimeter'),
    mm: oneAndMore('Millimeter'),
    kg: oneAndMore('Kilogramm'),
    mg: oneAndMore('Milligramm'),
    ml: oneAndMore('Milliliter'),
    kWh: ['Kilowattstunde', 'Kilowattstunden'],
    GB: oneAndMore('Gigabyte'),
    MB: oneAndMore('Megabyte'),
    min: ['Minute', 'Minuten'],
    Min: ['Minute', 'Minuten'],
  },
  // A full stop behind figures may as well end a sentence: only before what is usually counted so is it an ordinal.
  ordinals:
    /\b(\d{1,6})\.(?= (?:Etage|Stock|Stockwerk|Obergeschoss|Mal|Platz|Kapitel|Klasse|Quartal|Jahrhundert|Tag|Woche|Monat|Jahr)\b)/g,
  times: [/\b(\d{1,2})[:.](\d{2})\s?Uhr\b/g, /\b(\d{1,2}):(\d{2})\b/g, /\b(\d{1,2})()\s?Uhr\b/g],
  time: ({ hour, minute }) => `${counting(hour)} Uhr${minute === 0 ? '' : ` ${toCardinal(minute)}`}`,
  date: ({ day, month, year: of }, before) =>
    `${ordinal(day, before)} ${MONTHS[month - 1]}${of === undefined ? '' : ` ${year(of)}`}`,
  dayAndMonth: new RegExp(`\\b(?<day>\\d{1,2})\\. (?<month>${MONTHS.join('|')})\\b(?: (?<year>\\d{4})\\b)?`, 'g'),
  months: MONTHS,
  monthFirst: false,
  phoneInPairs: false,
  signs: { '@': 'ät', '.': 'Punkt', '-': 'Bindestrich', _: 'Unterstrich', '+': 'plus', '/': 'Schrägstrich' },
};
