/** What every agent says when its own words do not help. */
export type Phrases = {
  notUnderstood: string;
  silence: string;
  silenceGoodbye: string;
  apology: string;
  apologyGoodbye: string;
  goodbye: string;
  optedOut: string;
  numberUnknown: string;
  cannotUnderstand: string;
  notAnOption: string;
  /** The call has cost as much as it may. */
  costGoodbye: string;
  /** What the keypad can do. */
  youCanPress: (options: string) => string;
  noMenu: string;
  pound: string;
  star: string;
  forIntent: (key: string, intent: string) => string;
  forOptOut: (key: string) => string;
  forEnd: (key: string) => string;
  or: string;
};

export const ENGLISH_PHRASES: Phrases = {
  notUnderstood: "Sorry, I didn't catch that.",
  silence: 'Are you still there?',
  silenceGoodbye: 'I cannot hear you, so I will hang up now. Goodbye.',
  apology: 'I am sorry, something went wrong on my side. Could you say that again?',
  apologyGoodbye: 'I am sorry, I have technical trouble. Please call again later. Goodbye.',
  goodbye: 'Goodbye.',
  optedOut: 'All right, we will not call you again.',
  numberUnknown: 'I cannot see your number, so I cannot take it off our list.',
  cannotUnderstand: 'I can hear you, but I cannot understand speech on this call.',
  notAnOption: 'That is not one of the choices.',
  costGoodbye: 'I am sorry, I have to end our call here. Goodbye.',
  youCanPress: (options) => `You can press ${options}.`,
  noMenu: 'This agent has no keypad menu.',
  pound: 'the pound key',
  star: 'the star key',
  forIntent: (key, intent) => `${key} for ${intent}`,
  forOptOut: (key) => `${key} not to be called again`,
  forEnd: (key) => `${key} to end the call`,
  or: 'or',
};

const GERMAN: Phrases = {
  notUnderstood: 'Entschuldigung, das habe ich nicht verstanden.',
  silence: 'Sind Sie noch da?',
  silenceGoodbye: 'Ich höre Sie nicht und lege jetzt auf. Auf Wiederhören.',
  apology: 'Entschuldigung, bei mir ist etwas schiefgegangen. Können Sie das bitte noch einmal sagen?',
  apologyGoodbye: 'Es tut mir leid, ich habe technische Schwierigkeiten. Bitte rufen Sie später noch einmal an. Auf Wiederhören.',
  goodbye: 'Auf Wiederhören.',
  optedOut: 'In Ordnung, wir rufen Sie nicht mehr an.',
  numberUnknown: 'Ich sehe Ihre Nummer nicht und kann sie deshalb nicht von unserer Liste nehmen.',
  cannotUnderstand: 'Ich höre Sie, aber ich kann in diesem Gespräch keine Sprache verstehen.',
  notAnOption: 'Diese Taste ist nicht belegt.',
  costGoodbye: 'Es tut mir leid, ich muss unser Gespräch hier beenden. Auf Wiederhören.',
  youCanPress: (options) => `Sie können drücken: ${options}.`,
  noMenu: 'Dieser Anschluss hat kein Tastenmenü.',
  pound: 'die Rautetaste',
  star: 'die Sterntaste',
  forIntent: (key, intent) => `${key} für ${intent}`,
  forOptOut: (key) => `${key}, um nicht mehr angerufen zu werden`,
  forEnd: (key) => `${key}, um das Gespräch zu beenden`,
  or: 'oder',
};

const FRENCH: Phrases = {
  notUnderstood: "Pardon, je n'ai pas compris.",
  silence: 'Êtes-vous toujours là ?',
  silenceGoodbye: 'Je ne vous entends pas, je vais donc raccrocher. Au revoir.',
  apology: "Excusez-moi, j'ai eu un problème. Pouvez-vous répéter, s'il vous plaît ?",
  apologyGoodbye: "Je suis désolé, j'ai des difficultés techniques. Veuillez rappeler plus tard. Au revoir.",
  goodbye: 'Au revoir.',
  optedOut: 'Très bien, nous ne vous appellerons plus.',
  numberUnknown: 'Je ne vois pas votre numéro, je ne peux donc pas le retirer de notre liste.',
  cannotUnderstand: 'Je vous entends, mais je ne peux pas comprendre la parole pendant cet appel.',
  notAnOption: "Cette touche n'est pas un choix.",
  costGoodbye: 'Je suis désolé, je dois mettre fin à notre appel ici. Au revoir.',
  youCanPress: (options) => `Vous pouvez appuyer sur ${options}.`,
  noMenu: "Il n'y a pas de menu au clavier.",
  pound: 'la touche dièse',
  star: 'la touche étoile',
  forIntent: (key, intent) => `${key} pour ${intent}`,
  forOptOut: (key) => `${key} pour ne plus être appelé`,
  forEnd: (key) => `${key} pour terminer l'appel`,
  or: 'ou',
};

const SPANISH: Phrases = {
  notUnderstood: 'Perdone, no le he entendido.',
  silence: '¿Sigue ahí?',
  silenceGoodbye: 'No le oigo, así que voy a colgar. Adiós.',
  apology: 'Lo siento, he tenido un problema. ¿Puede repetirlo, por favor?',
  apologyGoodbye: 'Lo siento, tengo dificultades técnicas. Por favor, llame más tarde. Adiós.',
  goodbye: 'Adiós.',
  optedOut: 'De acuerdo, no volveremos a llamarle.',
  numberUnknown: 'No veo su número, así que no puedo quitarlo de nuestra lista.',
  cannotUnderstand: 'Le oigo, pero no puedo entender el habla en esta llamada.',
  notAnOption: 'Esa tecla no es una opción.',
  costGoodbye: 'Lo siento, tengo que terminar nuestra llamada aquí. Adiós.',
  youCanPress: (options) => `Puede pulsar ${options}.`,
  noMenu: 'No hay ningún menú de teclas.',
  pound: 'la tecla almohadilla',
  star: 'la tecla asterisco',
  forIntent: (key, intent) => `${key} para ${intent}`,
  forOptOut: (key) => `${key} para que no le llamemos más`,
  forEnd: (key) => `${key} para terminar la llamada`,
  or: 'o',
};

const ITALIAN: Phrases = {
  notUnderstood: 'Mi scusi, non ho capito.',
  silence: 'È ancora in linea?',
  silenceGoodbye: 'Non la sento, quindi riaggancio. Arrivederci.',
  apology: 'Mi scusi, ho avuto un problema. Può ripetere, per favore?',
  apologyGoodbye: 'Mi dispiace, ho difficoltà tecniche. Richiami più tardi, per favore. Arrivederci.',
  goodbye: 'Arrivederci.',
  optedOut: 'Va bene, non la chiameremo più.',
  numberUnknown: 'Non vedo il suo numero, quindi non posso toglierlo dal nostro elenco.',
  cannotUnderstand: 'La sento, ma in questa chiamata non riesco a capire il parlato.',
  notAnOption: "Quel tasto non è un'opzione.",
  costGoodbye: 'Mi dispiace, devo terminare qui la nostra chiamata. Arrivederci.',
  youCanPress: (options) => `Può premere ${options}.`,
  noMenu: "Non c'è un menu con i tasti.",
  pound: 'il tasto cancelletto',
  star: 'il tasto asterisco',
  forIntent: (key, intent) => `${key} per ${intent}`,
  forOptOut: (key) => `${key} per non essere più chiamato`,
  forEnd: (key) => `${key} per terminare la chiamata`,
  or: 'o',
};

const PHRASES: ReadonlyMap<string, Phrases> = new Map([
  ['de', GERMAN],
  ['fr', FRENCH],
  ['es', SPANISH],
  ['it', ITALIAN],
]);

/** Of a BCP 47 tag; English for a language in which we have none. */
export const phrasesOf = (language: string): Phrases =>
  PHRASES.get(language.toLowerCase().split(/[-_]/)[0] ?? '') ?? ENGLISH_PHRASES;
