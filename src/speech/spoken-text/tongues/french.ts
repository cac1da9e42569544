import { toCardinal, toOrdinal } from 'n2words/fr-FR';
import { type ClockTime, monthsOf, oneAndMore, type Tongue } from '../tongue.js';

const MONTHS = monthsOf('fr');

/** Hours are feminine: une heure, vingt et une heures. */
const time = ({ hour, minute }: ClockTime): string =>
  `${toCardinal(hour).replace(/un$/, 'une')} heure${hour > 1 ? 's' : ''}${minute === 0 ? '' : ` ${toCardinal(minute)}`}`;

export const french: Tongue = {
  cardinal: toCardinal,
  counting: toCardinal,
  year: toCardinal,
  ordinal: (value) => toOrdinal(value),
  decimalMark: ',',
  thousandsMark: ' ',
  point: 'virgule',
  decimalsSingly: false,
  minus: 'moins',
  plus: 'plus',
  to: 'à',
  and: 'et',
  money: { join: ' ', cents: false },
  currencies: {
    $: [
      ['dollar', 'dollars'],
      ['cent', 'cents'],
    ],
    '€': [
      ['euro', 'euros'],
      ['centime', 'centimes'],
    ],
    '£': [
      ['livre', 'livres'],
      ['penny', 'pence'],
    ],
    CHF: [
      ['franc suisse', 'francs suisses'],
      ['centime', 'centimes'],
    ],
  },
  units: {
    '%': oneAndMore('pour cent'),
    '°C': ['degré', 'degrés'],
    '°F': ['degré Fahrenheit', 'degrés Fahrenheit'],
    'km/h': ['kilomètre heure', 'kilomètres heure'],
    km: ['kilomètre', 'kilomètres'],
    cm: ['centimètre', 'centimètres'],
    mm: ['millimètre', 'millimètres'],
    kg: ['kilo', 'kilos'],
    mg: ['milligramme', 'milligrammes'],
    ml: ['millilitre', 'millilitres'],
    kWh: ['kilowattheure', 'kilowattheures'],
    Go: ['gigaoctet', 'gigaoctets'],
    Mo: ['mégaoctet', 'mégaoctets'],
    min: ['minute', 'minutes'],
  },
  ordinals: /\b(\d{1,6})(?:er|ère|re|e|ème|eme|nde?)(?![\p{L}\d])/gu,
  times: [/\b(\d{1,2})\s?h\s?(\d{2})\b/g, /\b(\d{1,2}):(\d{2})\b/g, /\b(\d{1,2})()\s?(?:h|heures?)\b/g],
  time,
  date: ({ day, month, year }) =>
    `${day === 1 ? 'premier' : toCardinal(day)} ${MONTHS[month - 1]}${year === undefined ? '' : ` ${toCardinal(year)}`}`,
  dayAndMonth: new RegExp(`\\b(?<day>\\d{1,2})(?:er)? (?<month>${MONTHS.join('|')})(?![\\p{L}])(?: (?<year>\\d{4})\\b)?`, 'gu'),
  months: MONTHS,
  monthFirst: false,
  phoneInPairs: true,
  signs: { '@': 'arobase', '.': 'point', '-': 'tiret', _: 'tiret bas', '+': 'plus', '/': 'slash' },
};
