import t from 'tap';
import { remembering } from '../../../src/core/remembering.js';

void t.test('what was read is not read again, cannot be changed, and is forgotten when there is too much', (t) => {
  const asked: string[] = [];
  const read = remembering((text) => {
    asked.push(text);
    return { words: text.split(' '), deep: { length: text.length } };
  }, 10);
  const first = read('a b');
  t.equal(read('a b'), first);
  t.same(asked, ['a b']);
  t.throws(() => first.words.push('c'), TypeError);
  t.throws(() => Object.assign(first.deep, { length: 0 }), TypeError);
  read('12345');
  read('a b');
  read('678');
  t.equal(read('a b'), first, 'asked for lately');
  read('12345');
  t.same(asked, ['a b', '12345', '678', '12345'], 'asked for the longest ago');
  t.same(read('longer than all'), { words: ['longer', 'than', 'all'], deep: { length: 15 } });
  t.end();
});
