import type { LanguageCues } from './cues.js';
import { phrases, words } from './word-lists.js';

export const ITALIAN: LanguageCues = {
  trailing: words(
    'e ed o oppure ma però che se il lo la i gli le un uno una di del dello della dei degli delle a al alla ai agli alle da dal dalla in ' +
      'nel nella con su sul sulla per tra fra mi ti ci vi allora io',
  ),
  fillers: words('ehm eh uhm em hm hmm mm mmm'),
  numbers: {
    units: words('zero uno due tre quattro cinque sei sette otto nove'),
    teens: words('dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove'),
    tens: words('venti trenta quaranta cinquanta sessanta settanta ottanta novanta'),
    others: words('cento mille doppio più meno virgola'),
  },
  at: words('chiocciola'),
  separators: words('punto trattino underscore'),
  answers: words('sì si no grazie arrivederci ciao pronto certo prego favore stop'),
  days: words('oggi domani dopodomani lunedì martedì mercoledì giovedì venerdì sabato domenica'),
  greetings: words('pronto ciao sì si salve buongiorno buonasera'),
  backchannels: phrases(
    'mhm,mm,hm,hmm,ah,oh,eh,ehm,sì,si,sì sì,si si,ok,okay,o.k,bene,va bene,molto bene,certo,certamente,esatto,giusto,capito,ho capito,' +
      "capisco,d'accordo,perfetto,davvero,infatti,ah ecco,ecco",
  ),
  holding: ['Un momento, per favore.', 'Ci sto ancora lavorando.', 'Grazie per l’attesa.'],
};
