import { Counter, type Registry } from 'prom-client';
import type { Text } from '../domain/text.js';

/** Counts texts that came, and those that go once they are settled. */
export function countTexts(registry: Registry): (text: Pick<Text, 'direction' | 'status'>) => void {
  const texts = new Counter({
    name: 'offhook_texts_total',
    help: 'Texts by what became of them',
    labelNames: ['direction', 'result'],
    registers: [registry],
  });
  return ({ direction, status }) => texts.inc({ direction, result: status });
}
