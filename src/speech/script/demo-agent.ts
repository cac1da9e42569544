import type { AgentSettings } from '../../domain/agent.js';

/**
 * The agent behind `sip:demo@…`: the front desk of an invented bicycle shop.
 *
 * Its sample phrases are kept far apart in sound, because they are also the embedded recogniser's language model.
 */
export const demoAgent: AgentSettings = {
  name: 'Demo',
  systemPrompt:
    'You answer the telephone of Riverside Bikes, a bicycle shop that sells, rents and repairs bicycles. Be friendly and brief. ' +
    'You can tell opening hours, address and prices, and book repair appointments.',
  startingMessage: 'Hello, this is Riverside Bikes. How can I help you?',
  language: 'en-US',
  voiceSettings: { voice: 'slt' },
  dtmfRules: {
    '1': { intent: 'opening-hours' },
    '2': { intent: 'location' },
    '3': { intent: 'prices' },
    '9': { intent: 'help' },
    '0': { say: 'There is nobody else in this demo, but I am listening.' },
    '#': { say: 'Thank you for calling. Goodbye!', endCall: true },
  },
  script: {
    intents: [
      {
        name: 'opening-hours',
        phrases: [
          'what are your opening hours',
          'when are you open',
          'what time do you open',
          'what time do you close',
          'when does the shop open',
          'are you open on {day}',
        ],
        reply: 'We are open from nine to six, Monday to Saturday.',
        endCall: false,
      },
      {
        name: 'location',
        phrases: [
          'where are you located',
          'what is your address',
          'where is your shop',
          'how do i find you',
          'can you give me directions',
        ],
        reply: 'You find us at twelve River Street, right next to the old bridge.',
        endCall: false,
      },
      {
        name: 'appointment',
        phrases: [
          'i would like to make an appointment',
          'can i book an appointment',
          'i need to bring my bicycle in for repair',
          'can you fix my bicycle',
        ],
        reply: 'Gladly. Which day suits you?',
        endCall: false,
      },
      {
        name: 'appointment-day',
        phrases: [
          'i would like to make an appointment for {day}',
          'can i book an appointment on {day}',
          'can i come in on {day}',
          'on {day} please',
          '{day}',
          '{day} would be good',
        ],
        reply: 'All right, I have put you down for {{day}}. Is there anything else?',
        endCall: false,
      },
      {
        name: 'prices',
        phrases: ['how much does a repair cost', 'how much is it', 'what are your prices', 'is it expensive'],
        reply: 'A full service costs sixty dollars, and a flat tire fifteen.',
        endCall: false,
      },
      {
        name: 'person',
        phrases: [
          'can i talk to a person',
          'i want to speak to somebody',
          'let me speak to a human being please',
          'put me through to the manager',
        ],
        reply: 'I am the only one here in this demo. You can leave your question with me.',
        endCall: false,
      },
      {
        name: 'identity',
        phrases: ['who are you', 'what is your name', 'am i talking to a machine', 'are you a robot'],
        reply: 'I am the demo agent of Offhook, a machine with a friendly voice.',
        endCall: false,
      },
      {
        name: 'about-offhook',
        phrases: [
          'tell me about off hook',
          'tell me more about this system',
          'how does this system work',
          'explain the technology behind this',
        ],
        reply:
          'Offhook is a server that answers the telephone for you. It takes the call over the internet, listens to every word you say, ' +
          'and decides when it is its turn to speak. Then it thinks of an answer and says it with a voice that is made on the spot. ' +
          'You can interrupt it at any time, just as you would interrupt a person, and it will stop and listen. ' +
          'Everything that was said is written down, and the whole conversation is recorded.',
        endCall: false,
      },
      {
        name: 'help',
        phrases: ['what can you do', 'what can i ask you', 'what are my options', 'help me please'],
        reply: 'You can ask for our opening hours, our address, or our prices, or make an appointment.',
        endCall: false,
      },
      {
        name: 'introduction',
        phrases: ['my name is {name}', 'this is {name} speaking'],
        reply: 'Nice to meet you, {{name}}. What can I do for you?',
        endCall: false,
      },
      {
        name: 'greeting',
        phrases: ['hello', 'good morning', 'good afternoon', 'hello is anybody there'],
        reply: 'Hello! What can I do for you?',
        endCall: false,
      },
      {
        name: 'thanks',
        phrases: ['thank you', 'thanks a lot', 'thank you very much', 'that was helpful'],
        reply: 'You are welcome. Is there anything else?',
        endCall: false,
      },
      {
        name: 'goodbye',
        phrases: [
          'goodbye',
          'bye bye',
          'thank you goodbye',
          'no thank you that is all',
          'nothing else goodbye',
          'have a nice day',
        ],
        reply: 'Thank you for calling. Goodbye!',
        endCall: true,
      },
    ],
    fallback: 'I am sorry, I did not get that. You can ask for our opening hours, our address, or our prices.',
  },
  knowledge: [
    'We rent city bicycles for twenty dollars a day, helmet included.',
    'Electric bicycles come with a guarantee of two years on the battery.',
    'You can try every bicycle on a free test ride; please bring a photo identity card.',
    'There is free parking behind the shop.',
    'You can pay with cash or any credit card.',
    'Children under ten get their first helmet as a present.',
    'We buy used bicycles when they are in good condition.',
  ].join('\n'),
  providers: {},
};
