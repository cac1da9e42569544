import t from 'tap';
import { FakeClock } from '../../../src/core/clock.js';
import { silentLogger } from '../../../src/core/log.js';
import { WEBHOOK_EVENT_TYPES } from '../../../src/domain/webhook.js';
import { openDatabase } from '../../../src/storage/database.js';
import { WebhookDeliverer } from '../../../src/webhooks/webhook-deliverer.js';
import { sampleText } from '../../support/sample-records.js';
import { until } from '../../support/until.js';

void t.test('a text is told to those who asked for it, with what it says', async (t) => {
  const database = await openDatabase(':memory:');
  const clock = new FakeClock();
  const sent: unknown[] = [];
  const text = sampleText();
  const deliverer = new WebhookDeliverer({
    outbox: database.webhooks,
    calls: database.calls,
    texts: database.texts,
    reports: { excerptOf: async () => '' },
    subscriptions: [{ tenantId: text.tenantId, url: 'https://a.example/', events: WEBHOOK_EVENT_TYPES }],
    registry: database.webhookRegistry,
    send: async ({ body }) => {
      sent.push(JSON.parse(body));
      return { statusCode: 204, error: undefined, hopeless: false, durationMs: 1 };
    },
    clock,
    log: silentLogger,
  });
  t.teardown(async () => {
    await deliverer.close();
    await database.close();
  });
  await database.texts.insert(text);
  const out = sampleText({ direction: 'outbound', status: 'pending', sipId: undefined });
  await database.texts.insert(out);
  await database.texts.update({ ...out, status: 'failed', sipCode: 404, failureReason: 'sip_404' });
  deliverer.start();
  await until(() => {
    clock.advance(100);
    return sent.length === 2;
  });
  t.match(sent, [
    {
      event_type: 'text_received',
      call_id: null,
      text_id: text.id,
      status: 'received',
      data: { direction: 'inbound', contact: text.contact, text: text.text, agent_id: null, sip_code: null },
    },
    { event_type: 'text_failed', text_id: out.id, status: 'failed', data: { sip_code: 404, failure_reason: 'sip_404' } },
  ]);
  const delivered = async () =>
    (await database.webhooks.list(text.tenantId, { state: 'delivered' }, { limit: 10, offset: 0 })).items;
  await until(async () => (await delivered()).length === 2);
  t.match(await delivered(), [
    { callId: undefined, textId: out.id },
    { textId: text.id, eventType: 'text_received' },
  ]);
});
