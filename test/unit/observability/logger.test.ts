import { Writable } from 'node:stream';
import t from 'tap';
import { AppError } from '../../../src/core/errors.js';
import { createLogger, type LogLevel } from '../../../src/observability/logger.js';

function capture(level: LogLevel) {
  let text = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  return {
    log: createLogger(level, stream),
    text: () => text,
    lines: () =>
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
  };
}

void t.test('fields, message and bindings of children stand on one line of JSON', async (t) => {
  const { log, lines } = capture('info');
  log.child({ callId: 'c1' }).info({ jitterMs: 3 }, 'call ended');
  log.debug({}, 'not at this level');
  t.match(lines(), [{ callId: 'c1', jitterMs: 3, msg: 'call ended', level: 30 }]);
  t.equal(lines().length, 1);
});

void t.test('silent is silent', async (t) => {
  const { log, text } = capture('silent');
  log.error({}, 'anything');
  t.equal(text(), '');
});

void t.test('secrets are redacted, by name and by how they look in errors', async (t) => {
  const { log, text, lines } = capture('debug');
  const key = `va_${'k'.repeat(43)}`;
  log.info({ apiKey: key, config: { adminKey: key, secret: key }, pii: { text: 'my card is 4111' } }, 'starting');
  const cause = new Error('401 for Bearer sk-proj-12345678 at https://stt.example/v1?api_key=hunter2');
  const error = Object.assign(new AppError('provider_failed', `refused ${key}`, { cause }), {
    provider: 'openai',
    retryable: true,
    request: { headers: { authorization: `Bearer ${key}` } },
  });
  log.error({ err: error }, 'provider failed');
  for (const secret of [key, 'sk-proj', 'hunter2', '4111']) t.notMatch(text(), secret, secret);
  t.match(lines()[1], {
    err: { type: 'AppError', code: 'provider_failed', provider: 'openai', retryable: true, cause: { type: 'Error' } },
  });
});

void t.test('anything can be thrown and logged: text, nothing, a cause that goes round in circles', async (t) => {
  const { log, lines } = capture('debug');
  const circular = new Error('round');
  circular.cause = circular;
  for (const thrown of ['text', undefined, null, circular, { toString: () => 'odd' }]) log.error({ err: thrown }, 'failed');
  t.equal(lines().length, 5);
});
