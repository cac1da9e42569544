import { toCardinal, toOrdinal } from 'n2words/es-ES';
import { type ClockTime, monthsOf, oneAndMore, type Tongue } from '../tongue.js';

const MONTHS = monthsOf('es');

/** `uno` is cut short before a noun. */
const counting = (value: number): string =>
  toCardinal(value)
    .replace(/veintiuno$/, 'veintiún')
    .replace(/uno$/, 'un');

/** Hours are feminine: la una, las veintiuna. */
const time = ({ hour, minute }: ClockTime): string =>
  `${toCardinal(hour).replace(/uno$/, 'una')}${minute === 0 ? '' : ` y ${toCardinal(minute)}`}`;

export const spanish: Tongue = {
  cardinal: toCardinal,
  counting,
  year: toCardinal,
  ordinal: (value) => toOrdinal(value),
  decimalMark: ',',
  thousandsMark: '.',
  point: 'coma',
  decimalsSingly: false,
  minus: 'menos',
  plus: 'más',
  to: 'a',
  and: 'y',
  money: { join: ' con ', cents: true },
  currencies: {
    $: [
      ['dólar', 'dólares'],
      ['centavo', 'centavos'],
    ],
    '€': [
      ['euro', 'euros'],
      ['céntimo', 'céntimos'],
    ],
    '£': [
      ['libra', 'libras'],
      ['penique', 'peniques'],
    ],
    CHF: [
      ['franco suizo', 'francos suizos'],
      ['céntimo', 'céntimos'],
    ],
  },
  units: {
    '%': oneAndMore('por ciento'),
    '°C': ['grado', 'grados'],
    '°F': ['grado Fahrenheit', 'grados Fahrenheit'],
    'km/h': ['kilómetro por hora', 'kilómetros por hora'],
    km: ['kilómetro', 'kilómetros'],
    cm: ['centímetro', 'centímetros'],
    mm: ['milímetro', 'milímetros'],
    kg: ['kilo', 'kilos'],
    mg: ['miligramo', 'miligramos'],
    ml: ['mililitro', 'mililitros'],
    kWh: ['kilovatio hora', 'kilovatios hora'],
    GB: oneAndMore('gigas'),
    MB: oneAndMore('megas'),
    min: ['minuto', 'minutos'],
  },
  ordinals: /\b(\d{1,6})\.?[ºª]/g,
  times: [/\b(\d{1,2}):(\d{2})(?:\s?h\b)?/g],
  time,
  date: ({ day, month, year }) =>
    `${day === 1 ? 'primero' : toCardinal(day)} de ${MONTHS[month - 1]}${year === undefined ? '' : ` de ${toCardinal(year)}`}`,
  dayAndMonth: new RegExp(`\\b(?<day>\\d{1,2}) de (?<month>${MONTHS.join('|')})\\b(?: (?:de|del) (?<year>\\d{4})\\b)?`, 'g'),
  months: MONTHS,
  monthFirst: false,
  phoneInPairs: false,
  signs: { '@': 'arroba', '.': 'punto', '-': 'guion', _: 'guion bajo', '+': 'más', '/': 'barra' },
};
