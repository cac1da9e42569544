import type { LanguageModel, ReplyEvent, WritingRequest } from '../../src/domain/ports/speech.js';

/** Writes the documents it was given, one per request; the last one over and over. */
export class WritingModel implements LanguageModel {
  readonly name = 'openai';
  readonly model = 'test-model';
  readonly requests: WritingRequest[] = [];
  readonly #answers: (string | Error)[];

  constructor(...answers: (string | object | Error)[]) {
    this.#answers = answers.map((answer) =>
      answer instanceof Error || typeof answer === 'string' ? answer : JSON.stringify(answer),
    );
  }

  async *reply(): AsyncGenerator<ReplyEvent> {
    yield { type: 'text', text: 'Yes.' };
  }

  async write(request: WritingRequest): Promise<string> {
    this.requests.push(request);
    const answer = this.#answers.length > 1 ? this.#answers.shift() : this.#answers[0];
    if (answer instanceof Error) throw answer;
    return answer ?? '';
  }
}

export const WRITTEN = {
  summary: 'The caller wanted to know when the hotel is open.',
  outcome: 'resolved',
  sentiment: 'positive',
  topics: ['opening hours'],
  key_points: ['Asked for the opening hours'],
  action_items: ['Send the brochure'],
  extracted_data: { name: 'Anna', nights: 2, breakfast: true, requests: ['quiet room'] },
};
