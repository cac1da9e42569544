import t from 'tap';
import { HUMAN_SENTENCES, MACHINE_SENTENCES, speakerOfWords } from '../../../../src/pipeline/language/machine-words.js';

const MACHINES = [
  'Hi, you’ve reached Ann. Please leave a message after the beep.',
  'Your call has been forwarded to an automated voice messaging system.',
  'The person you are calling is not available.',
  "I can't come to the phone right now",
  'Leave your name and number and I will get back to you as soon as I can',
  'No one is available to take your call. At the tone, please record your message.',
  'Dies ist die Mailbox von Peter. Bitte hinterlassen Sie eine Nachricht nach dem Signalton.',
  'Der Teilnehmer ist zurzeit nicht erreichbar',
  'Vous êtes bien sur la messagerie vocale de Marie, laissez un message après le bip.',
  'Bonjour, laissez-moi un message après le signal sonore.',
  'Deje su mensaje después de la señal',
  'Ha llamado al buzón de voz de Juan',
  'Risponde la segreteria telefonica di Carlo, lasciate un messaggio dopo il segnale acustico',
  "L'utente da lei chiamato non è al momento raggiungibile",
];
const MENUS = [
  'Thank you for calling. For sales, press 1.',
  'Please listen carefully, as our menu options have changed.',
  'Für den Vertrieb drücken Sie bitte die Eins',
  'Pour le service clients, tapez 2',
  'Para ventas, marque uno',
  "Per l'assistenza prema 3",
];
const PEOPLE = [
  'Smith and Sons, this is Ann, how can I help you?',
  'Guten Tag, Müller GmbH, was kann ich für Sie tun?',
  'Hôtel du Lac, bonjour, en quoi puis-je vous aider ?',
  'Buenos días, ¿en qué puedo ayudarle?',
  'Buongiorno, come posso aiutarla?',
];
const NOBODY_KNOWS = [
  'Hello?',
  'Ann is not here. Would you like to leave a message?',
  'Yes, I got your message, the press was there too',
  'Ja bitte?',
  'Allô ?',
  'Dica',
  '',
];

void t.test('the words that machines say when they answer are known in five languages', async (t) => {
  for (const words of MACHINES) t.equal(speakerOfWords(words), 'machine', words);
  for (const words of MENUS) t.equal(speakerOfWords(words), 'ivr', words);
  for (const words of PEOPLE) t.equal(speakerOfWords(words), 'human', words);
});

void t.test('what people say as well tells nothing', async (t) => {
  for (const words of NOBODY_KNOWS) t.equal(speakerOfWords(words), undefined, words);
});

void t.test('a machine that takes messages is one, whatever keys it names', async (t) => {
  t.equal(speakerOfWords('Leave a message after the tone. When you are done, press pound.'), 'machine');
  for (const sentence of MACHINE_SENTENCES.filter((each) => !/press/.test(each)))
    t.equal(speakerOfWords(sentence), 'machine', sentence);
  for (const sentence of HUMAN_SENTENCES) t.equal(speakerOfWords(sentence), 'human', sentence);
});
