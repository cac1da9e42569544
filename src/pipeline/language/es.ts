import type { LanguageCues } from './cues.js';
import { phrases, words } from './word-lists.js';

export const SPANISH: LanguageCues = {
  trailing: words(
    'y e o u pero porque que el la los las un una unos unas de del a al para con sin sobre en por mi mis tu tus su sus nuestro nuestra ' +
      'entre hasta desde hacia cuando como donde pues este yo',
  ),
  fillers: words('eh em ehm hm hmm mm mmm'),
  numbers: {
    units: words('cero uno una dos tres cuatro cinco seis siete ocho nueve'),
    teens: words(
      'diez once doce trece catorce quince dieciséis dieciseis diecisiete dieciocho diecinueve veintiuno veintidós veintidos veintitrés ' +
        'veintitres veinticuatro veinticinco veintiséis veintiseis veintisiete veintiocho veintinueve',
    ),
    tens: words('veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa'),
    others: words('cien ciento mil doble más menos coma'),
  },
  at: words('arroba'),
  separators: words('punto guion guión subrayado'),
  answers: words('sí si no gracias adiós hola vale claro favor stop'),
  days: words('hoy mañana lunes martes miércoles jueves viernes sábado domingo'),
  greetings: words('hola sí si diga dígame bueno buenos buenas días tardes noches aló'),
  backchannels: phrases(
    'mhm,mm,hm,hmm,ah,oh,eh,ajá,sí,si,sí sí,si si,vale,ok,okay,o.k,bien,muy bien,bueno,claro,claro que sí,de acuerdo,por supuesto,' +
      'ya,ya veo,entiendo,exacto,exactamente,perfecto,en serio,estupendo',
  ),
  holding: ['Un momento, por favor.', 'Sigo en ello.', 'Gracias por esperar.'],
};
