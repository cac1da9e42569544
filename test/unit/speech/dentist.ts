import type { Script } from '../../../src/domain/agent.js';

const intent = (name: string, phrases: readonly string[]) => ({ name, phrases, reply: `${name}.`, endCall: name === 'goodbye' });

/** A second agent, none of whose callers the matcher's thresholds were chosen on. */
export const dentist: Script = {
  fallback: 'Pardon?',
  intents: [
    intent('hours', ['what are your hours', 'what time do you open', 'are you open on {day}']),
    intent('book', ['i would like to book an appointment', 'do you have anything on {day}', 'i need a check up']),
    intent('cancel', ['i want to cancel my appointment', 'i cannot come to my appointment']),
    intent('move', ['can i move my appointment to another day', 'i need to change my appointment to {day}']),
    intent('insurance', ['what insurance do you accept', 'do you take my insurance']),
    intent('pain', ['i have a toothache', 'my tooth hurts', 'it is an emergency']),
    intent('price', ['how much is a cleaning', 'how much does a filling cost']),
    intent('bill', ['i have a question about my bill', 'i want to pay my bill']),
    intent('message', ['i would like to leave a message', 'can you call me back']),
    intent('parking', ['where can i park', 'is there parking near your office']),
    intent('person', ['i want to speak to a person', 'transfer me to a human please']),
    intent('goodbye', ['goodbye', 'that is all thank you', 'nothing else bye']),
  ],
};

export const DENTIST_CALLERS: readonly (readonly [said: string, intent: string])[] = [
  ['what are the opening hours at your practice', 'hours'],
  ['do you open on saturdays', 'hours'],
  ["hello, I'd like to make an appointment", 'book'],
  ['have you got anything on thursday', 'book'],
  ['I think I need a check-up', 'book'],
  ['I have to cancel the appointment for tomorrow', 'cancel'],
  ["I can't come to the appointment", 'cancel'],
  ['could we move the appointment to a different day', 'move'],
  ['is it possible to change my appointment to Friday', 'move'],
  ['which insurance do you take', 'insurance'],
  ['do you except my insurances', 'insurance'],
  ['I have a really bad tooth ache', 'pain'],
  ['one of my teeth, my tooth is hurting', 'pain'],
  ['this is an emergancy', 'pain'],
  ['how much would a cleaning be', 'price'],
  ['what does the filling cost', 'price'],
  ['I got a bill and have a question', 'bill'],
  ["I'd like to pay a bill please", 'bill'],
  ['can I leave a massage for the doctor', 'message'],
  ['please call me back this afternoon', 'message'],
  ['where do I park my car', 'parking'],
  ['is there a parking lot', 'parking'],
  ['give me a human', 'person'],
  ['I really want to speak with a person', 'person'],
  ["that's all, thank you", 'goodbye'],
  ['okay goodbye', 'goodbye'],
];
