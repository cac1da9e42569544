import type { LanguageCues } from './cues.js';
import { phrases, words } from './word-lists.js';

export const ENGLISH: LanguageCues = {
  trailing: words(
    'and but or so because if that than the a an to of for from with without my your our their his is are was were am will would could ' +
      'at in on by about into like between until unless while when where which who whose i we well',
  ),
  fillers: words('um uhm umm uh uhh er err erm hmm hm mm'),
  numbers: {
    units: words('zero oh one two three four five six seven eight nine'),
    teens: words('ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'),
    tens: words('twenty thirty forty fifty sixty seventy eighty ninety'),
    others: words('hundred thousand double triple plus point dash minus'),
  },
  at: words('at'),
  separators: words('dot underscore hyphen'),
  answers: words('yes no yeah nope yep thanks goodbye bye hello hi please sure stop'),
  days: words('today tomorrow monday tuesday wednesday thursday friday saturday sunday'),
  greetings: words('hello hi hey yes yeah speaking good morning afternoon evening'),
  backchannels: phrases(
    'uh huh,uhhuh,mm hmm,mhm,mm,hmm,hm,aha,ah,oh,uh,um,er,erm,huh,wow,yeah,yep,yup,okay,ok,o.k,right,all right,alright,sure,fine,good,' +
      'great,cool,nice,i see,got it,go on,of course,exactly,indeed,really,true,i know,i understand',
  ),
  holding: ['One moment, please.', 'I am still working on it.', 'Thank you for waiting.'],
};
