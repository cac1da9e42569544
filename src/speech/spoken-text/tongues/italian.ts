import { toCardinal, toOrdinal } from 'n2words/it-IT';
import { type ClockTime, monthsOf, oneAndMore, type Tongue } from '../tongue.js';

const MONTHS = monthsOf('it');

/** Hours are feminine: l'una. */
const time = ({ hour, minute }: ClockTime): string =>
  `${hour === 1 ? 'una' : toCardinal(hour)}${minute === 0 ? '' : ` e ${toCardinal(minute)}`}`;

export const italian: Tongue = {
  cardinal: toCardinal,
  counting: (value) => (value === 1 ? 'un' : toCardinal(value)),
  year: toCardinal,
  ordinal: (value) => toOrdinal(value),
  decimalMark: ',',
  thousandsMark: '.',
  point: 'virgola',
  decimalsSingly: false,
  minus: 'meno',
  plus: 'più',
  to: 'a',
  and: 'e',
  money: { join: ' e ', cents: true },
  currencies: {
    $: [
      ['dollaro', 'dollari'],
      ['centesimo', 'centesimi'],
    ],
    '€': [
      ['euro', 'euro'],
      ['centesimo', 'centesimi'],
    ],
    '£': [
      ['sterlina', 'sterline'],
      ['penny', 'pence'],
    ],
    CHF: [
      ['franco svizzero', 'franchi svizzeri'],
      ['centesimo', 'centesimi'],
    ],
  },
  units: {
    '%': oneAndMore('per cento'),
    '°C': ['grado', 'gradi'],
    '°F': ['grado Fahrenheit', 'gradi Fahrenheit'],
    'km/h': ['chilometro orario', 'chilometri orari'],
    km: ['chilometro', 'chilometri'],
    cm: ['centimetro', 'centimetri'],
    mm: ['millimetro', 'millimetri'],
    kg: ['chilo', 'chili'],
    mg: ['milligrammo', 'milligrammi'],
    ml: ['millilitro', 'millilitri'],
    kWh: ['chilowattora', 'chilowattora'],
    GB: oneAndMore('giga'),
    MB: oneAndMore('mega'),
    min: ['minuto', 'minuti'],
  },
  ordinals: /\b(\d{1,6})[ºª]/g,
  times: [/\b(\d{1,2}):(\d{2})\b/g],
  time,
  date: ({ day, month, year }) =>
    `${day === 1 ? 'primo' : toCardinal(day)} ${MONTHS[month - 1]}${year === undefined ? '' : ` ${toCardinal(year)}`}`,
  dayAndMonth: new RegExp(`\\b(?<day>\\d{1,2})[º°]? (?<month>${MONTHS.join('|')})\\b(?: (?<year>\\d{4})\\b)?`, 'g'),
  months: MONTHS,
  monthFirst: false,
  phoneInPairs: false,
  signs: { '@': 'chiocciola', '.': 'punto', '-': 'trattino', _: 'trattino basso', '+': 'più', '/': 'barra' },
};
