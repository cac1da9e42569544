import { wordsOf } from '../spoken-words.js';

/** Who says such words when a call is answered. */
export type WordsOf = 'machine' | 'ivr' | 'human';

const KEYS_EN = String.raw`(?:\d|zero|one|two|three|four|five|six|seven|eight|nine|star|pound|hash)`;

/** Of English, German, French, Spanish and Italian together: networks do not ask which one an agent speaks. */
const MACHINE: readonly RegExp[] = [
  // "Would you like to leave a message?" asks somebody who took the call for somebody else.
  /(?<!\b(?:like|want|wish|care) to )\bleave (?:a|an|your|me a|us a|the)(?: (?:short|brief|detailed))* (?:message|name|voicemail|voice mail)\b/,
  /\b(?:after|at|following|hear) the (?:tone|beep|signal)\b/,
  /\b(?:you have|you've) reached\b/,
  /\b(?:can't|cannot|can not|unable to) (?:come to|answer) (?:the|my) phone\b/,
  /\b(?:can't|cannot|can not|unable to|not able to|not available to) (?:take|answer) (?:your|my|the) call\b/,
  /\brecord (?:your|a) message\b/,
  /\b(?:voice mail|voicemail) (?:box|of|for|system|service)\b|\bmailbox (?:of|for|is)\b|\banswering machine\b/,
  /\bforwarded to (?:an automated|a) voice\b|\b(?:person|party|subscriber) you (?:are|have|were) (?:calling|called|trying)\b/,
  /\b(?:no one|nobody|person at extension)\b.*\bavailable\b/,
  /\bget back to you (?:as soon|shortly)\b|\bcall you back as soon\b/,
  /\bnach dem (?:signal|signalton|ton|piepton|pfeifton|piep)\b/,
  /\bhinterlassen sie\b|\bnachricht (?:zu )?hinterlassen\b|\banrufbeantworter\b|\bmailbox von\b/,
  /\b(?:zurzeit|zur zeit|momentan|vorübergehend|im moment|gerade) (?:leider )?nicht (?:persönlich )?(?:erreichbar|zu erreichen)\b/,
  /\brufen (?:sie )?(?:umgehend|so bald wie möglich|schnellstmöglich|baldmöglichst) zurück\b/,
  /\baprès le (?:bip|bip sonore|signal|signal sonore|son|top)\b/,
  /\blaiss(?:er|ez|e)(?: moi| nous)?(?: un| votre| vos)(?: message| nom| coordonnées)\b|\brépondeur\b|\bmessagerie vocale\b|\bboîte vocale\b/,
  /\b(?:después|luego) (?:del|de la) (?:tono|señal|bip|pitido)\b|\btras (?:la señal|el tono)\b|\b(?:oír|escuchar) (?:la señal|el tono)\b/,
  /\bdej(?:e|a|ar|en)(?:nos|me)? (?:su|tu|un) (?:mensaje|recado|nombre)\b|\bbuzón de voz\b|\bcontestador(?:a)?\b/,
  /\bdopo il (?:segnale|segnale acustico|bip|tono)\b/,
  /\blasci(?:a|ate|are)?(?: pure)? (?:un|il tuo|il suo|il vostro) (?:messaggio|nome)\b|\bsegreteria telefonica\b|\bcasella vocale\b/,
  /\butente (?:da lei )?(?:chiamato|selezionato)\b|\bnon (?:è|siamo|sono) (?:al momento |attualmente )?raggiungibil[ei]\b/,
];

const IVR: readonly RegExp[] = [
  new RegExp(String.raw`\bpress (?:the )?${KEYS_EN}\b`),
  /\b(?:main menu|menu options|options have changed|following options|say or press|please listen carefully)\b/,
  /\bdrücken sie (?:bitte )?(?:die |auf )?(?:taste )?(?:\d|null|eins|zwei|drei|vier|fünf|sechs|sieben|acht|neun|raute|stern)\b/,
  /\bwählen sie (?:bitte )?die (?:\d|null|eins|zwei|drei|vier|fünf|sechs|sieben|acht|neun)\b/,
  /\b(?:appuyez sur|tapez|faites) (?:la touche |le )?(?:\d|zéro|un|deux|trois|quatre|cinq|six|sept|huit|neuf|étoile|dièse)\b/,
  /\b(?:marque|pulse|presione|oprima|digite) (?:el |la )?(?:\d|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|numeral|asterisco)\b/,
  /\b(?:prema|premere|premi|digiti|digitare)(?: il)?(?: tasto)? (?:\d|zero|uno|due|tre|quattro|cinque|sei|sette|otto|nove|asterisco|cancelletto)\b/,
];

const HUMAN: readonly RegExp[] = [
  /\bhow (?:can|may|could) (?:i|we) (?:help|assist|direct)\b|\bwhat can (?:i|we) do for you\b|\bwho(?:'s| is) (?:this|calling|speaking)\b/,
  /\bwas (?:kann|darf) ich für sie\b|\bwie kann ich (?:ihnen )?(?:weiter)?helfen\b|\bwer (?:ist|spricht) (?:da|denn|dort)\b/,
  /\ben quoi puis je\b|\bque puis je\b|\bqui est à l'appareil\b|\bje vous écoute\b/,
  /\ben qué (?:le |te |les )?pued[oe]\b|\bquién (?:habla|es)\b|\bdígame\b/,
  /\b(?:come|in cosa) poss(?:o|iamo) (?:aiutar|esser)\w*|\bchi parla\b|\bmi dica\b/,
];

/** Who talks like that; undefined where the words do not tell. A machine that takes messages may name keys too. */
export function speakerOfWords(text: string): WordsOf | undefined {
  const words = wordsOf(text).join(' ');
  const says = (patterns: readonly RegExp[]): boolean => patterns.some((pattern) => pattern.test(words));
  if (says(HUMAN)) return 'human';
  if (says(MACHINE)) return 'machine';
  return says(IVR) ? 'ivr' : undefined;
}

/** What a recogniser that is told beforehand what it may hear should expect of a machine (English alone has such a one). */
export const MACHINE_SENTENCES: readonly string[] = [
  'you have reached the voicemail of',
  'please leave a message after the tone',
  'please leave your message after the beep',
  'leave your name and number',
  'no one is available to take your call',
  'i am unable to come to the phone right now',
  "i can't take your call right now",
  'the person you are calling is not available',
  'your call has been forwarded to a voice mail system',
  'at the tone please record your message',
  'when you have finished recording hang up or press pound',
  'for sales press one',
  'to leave a message press one',
];

/** And of somebody who was taken for one. */
export const HUMAN_SENTENCES: readonly string[] = [
  'how can i help you',
  'how may i help you',
  'what can i do for you',
  'who is calling please',
];
