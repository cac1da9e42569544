import type { LanguageCues } from './cues.js';
import { phrases, words } from './word-lists.js';

export const FRENCH: LanguageCues = {
  trailing: words(
    'et ou mais donc car parce que puisque si le la les un une des du de à au aux pour avec sans sur sous dans en par chez vers mon ma mes ' +
      "ton ta tes son sa ses notre nos votre vos leur leurs est sont c'est j'ai je alors ben",
  ),
  fillers: words('euh heu hum hm hmm mm'),
  numbers: {
    units: words('zéro un deux trois quatre cinq six sept huit neuf'),
    teens: words('dix onze douze treize quatorze quinze seize'),
    tens: words('vingt vingts trente quarante cinquante soixante septante huitante octante nonante'),
    others: words('cent cents mille double plus moins virgule'),
  },
  at: words('arobase at'),
  separators: words('point tiret'),
  answers: words("oui non si merci revoir bonjour bonsoir allô allo salut stop d'accord"),
  days: words("aujourd'hui demain lundi mardi mercredi jeudi vendredi samedi dimanche"),
  greetings: words('allô allo bonjour bonsoir salut oui'),
  backchannels: phrases(
    "mhm,mm,hm,hmm,hum,ah,oh,euh,oui,oui oui,ouais,ok,okay,o.k,d'accord,bien,très bien,bon,ah bon,ah oui,bien sûr,je vois,je comprends," +
      'voilà,exactement,tout à fait,en effet,vraiment,super,parfait,entendu',
  ),
  holding: ['Un instant, s’il vous plaît.', 'Je cherche encore.', 'Merci de patienter.'],
};
