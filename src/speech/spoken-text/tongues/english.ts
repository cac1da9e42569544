import { toCardinal, toOrdinal } from 'n2words/en-US';
import { type ClockTime, monthsOf, oneAndMore, type Tongue } from '../tongue.js';

const MONTHS = monthsOf('en');

/** In pairs of figures, as years are said: nineteen eighty-four. */
function year(value: number): string {
  const [century, rest] = [Math.floor(value / 100), value % 100];
  if (value < 1100 || value > 2099 || (value >= 2000 && value < 2010)) return toCardinal(value);
  if (rest === 0) return `${toCardinal(century)} hundred`;
  return `${toCardinal(century)} ${rest < 10 ? 'oh ' : ''}${toCardinal(rest)}`;
}

function time({ hour, minute, half }: ClockTime): string {
  // What stands on the long clock is said by the short one.
  const side = half ?? (hour > 12 ? 'p' : hour === 0 ? 'a' : undefined);
  const said = toCardinal(hour % 12 === 0 ? 12 : hour % 12);
  const past = minute === 0 ? '' : ` ${minute < 10 ? 'oh ' : ''}${toCardinal(minute)}`;
  if (side !== undefined) return `${said}${past} ${side} m`;
  return past === '' ? `${said} o'clock` : `${said}${past}`;
}

const english = (monthFirst: boolean): Tongue => ({
  cardinal: toCardinal,
  counting: toCardinal,
  year,
  ordinal: (value) => toOrdinal(value),
  decimalMark: '.',
  thousandsMark: ',',
  point: 'point',
  decimalsSingly: true,
  minus: 'minus',
  plus: 'plus',
  to: 'to',
  and: 'and',
  money: { join: ' and ', cents: true },
  currencies: {
    $: [
      ['dollar', 'dollars'],
      ['cent', 'cents'],
    ],
    '€': [
      ['euro', 'euros'],
      ['cent', 'cents'],
    ],
    '£': [
      ['pound', 'pounds'],
      ['penny', 'pence'],
    ],
    CHF: [
      ['Swiss franc', 'Swiss francs'],
      ['centime', 'centimes'],
    ],
  },
  units: {
    '%': oneAndMore('percent'),
    '°C': ['degree Celsius', 'degrees Celsius'],
    '°F': ['degree Fahrenheit', 'degrees Fahrenheit'],
    'km/h': ['kilometer per hour', 'kilometers per hour'],
    mph: ['mile per hour', 'miles per hour'],
    km: ['kilometer', 'kilometers'],
    cm: ['centimeter', 'centimeters'],
    mm: ['millimeter', 'millimeters'],
    kg: ['kilogram', 'kilograms'],
    mg: ['milligram', 'milligrams'],
    ml: ['milliliter', 'milliliters'],
    lbs: ['pound', 'pounds'],
    kWh: ['kilowatt hour', 'kilowatt hours'],
    GB: ['gigabyte', 'gigabytes'],
    MB: ['megabyte', 'megabytes'],
    min: ['minute', 'minutes'],
  },
  ordinals: /\b(\d{1,6})(?:st|nd|rd|th)\b/g,
  times: [/\b(\d{1,2}):(\d{2})(?::\d{2})?(?:\s?([ap])(?:\.m\.|m\b))?/gi, /\b(\d{1,2})()\s?([ap])(?:\.m\.|m\b)/gi],
  time,
  date: ({ day, month, year: of }) => `${MONTHS[month - 1]} ${toOrdinal(day)}${of === undefined ? '' : `, ${year(of)}`}`,
  dayAndMonth: new RegExp(`\\b(?<month>${MONTHS.join('|')}) (?<day>\\d{1,2})(?:st|nd|rd|th)?\\b(?:,? (?<year>\\d{4})\\b)?`, 'g'),
  months: MONTHS,
  monthFirst,
  phoneInPairs: false,
  signs: { '@': 'at', '.': 'dot', '-': 'dash', _: 'underscore', '+': 'plus', '/': 'slash' },
});

export const americanEnglish = english(true);
export const britishEnglish = english(false);
