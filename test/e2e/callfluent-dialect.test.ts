import t from 'tap';
import { systemClock } from '../../src/core/clock.js';
import type { ReplyEvent } from '../../src/domain/ports/speech.js';
import { PAYLOAD } from '../support/callfluent.js';
import { GHL_TOKEN, startGhlServer } from '../support/ghl-server.js';
import { startGoogleServer } from '../support/google-calendar-server.js';
import { startHttpEndpoint } from '../support/http-endpoint.js';
import { eventually } from '../support/offhook-process.js';
import { OpenAiServer } from '../support/openai-server.js';
import { Phone } from '../support/phone.js';
import { patch } from '../support/rest.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { until } from '../support/until.js';

const SPOKEN = new Int16Array(2_400).fill(2_000);
const NUMBER = '+442079460018';
const DAY_MS = 86_400_000;

type Shown = {
  id: number;
  status: string;
  transcript: { speaker: string; text: string }[];
  summary: string | null;
  collected_data: object;
  recording_url: string | null;
};

/** `data` of the answer. */
async function ask<T>(server: TestServer, method: string, path: string, body?: object): Promise<T> {
  const init = { method, ...(body && { body: JSON.stringify(body) }) };
  const response = await server.api(`/api/agent${path}`, init);
  const answer = (await response.json()) as { data: T };
  if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
  return answer.data;
}

void t.test(
  'a whole job: an agent is made, takes a call on its number, notes an address, books in both calendars, and a webhook tells of it',
  {
    timeout: 240_000,
  },
  async (t) => {
    const told: string[] = [];
    const tomorrow = new Date(systemClock.nowMs() + DAY_MS).toISOString().slice(0, 10);
    const [visit, meeting] = [`${tomorrow}T10:00:00+00:00`, `${tomorrow}T15:30:00+00:00`];
    const who = { name: 'ann lee', email: 'ann at example dot com' };
    const tools: Readonly<Record<string, { name: string; arguments: object }>> = {
      1: { name: 'data_collection_action', arguments: { email: who.email } },
      2: { name: 'ghl_meeting_action_book', arguments: { start: visit, ...who } },
      3: { name: 'google_meeting_action_book', arguments: { start: meeting, ...who } },
    };
    const model = await OpenAiServer.start({
      // biome-ignore lint/suspicious/useAwait: the interface is asynchronous
      async *speech() {
        yield { pcm: SPOKEN, rateHz: 24_000 };
      },
      // biome-ignore lint/suspicious/useAwait: the interface is asynchronous
      async *chat({ messages }): AsyncGenerator<ReplyEvent> {
        const last = messages.at(-1);
        if (last?.role === 'tool') {
          told.push(last.content);
          yield { type: 'text', text: 'I have noted it.' };
          return;
        }
        const tool = tools[/\d/.exec(last?.content ?? '')?.[0] ?? ''];
        if (tool) yield { type: 'tool', call: { id: `call_${told.length}`, ...tool } };
        else yield { type: 'text', text: '{"summary": "An address was noted."}' };
      },
    });
    t.teardown(() => model.close());
    const hook = await startHttpEndpoint(t, () => ({ status: 204 }));
    const server = await startTestServer({
      speech: { openai: { baseUrl: model.url, apiKey: 'sk-none' }, defaults: { stt: 'none' } },
      webhooks: { allowPrivate: true },
    });
    t.teardown(() => server.close());

    const inbound = { ...PAYLOAD, format: 'inbound', phone_number: NUMBER, welcome_msg: 'How are you today?', voice: 'alloy' };
    const { id: agentId } = await ask<{ id: number }>(server, 'POST', '/create', inbound);
    await ask(server, 'PUT', `/custom-field/${agentId}`, { data: { name: 'email', label: 'Address' } });
    const collect = {
      agentId,
      actionType: 'dataCollection',
      name: 'Data collection action',
      instruction: 'Trigger when user shares his address',
      collectField: 'email',
    };
    await ask(server, 'POST', '/create-action', { payload: collect });
    const ghl = await startGhlServer(t, [visit]);
    const google = await startGoogleServer(t, () => systemClock.nowMs());
    const calendar = { agentId, instruction: 'Trigger when user want to schedule call', calendarPeriod: '1week' };
    const made = [
      {
        payload: { actionType: 'ghl_calendar', name: 'GHL meeting action', ghlCalendarId: 'cal1', secrets: { token: GHL_TOKEN } },
        // Where it is, and when somebody is at work, is not in the document.
        config: { ghl_calendar_id: 'cal1', base_url: ghl.url },
      },
      {
        payload: {
          actionType: 'google_calendar',
          name: 'Google meeting action',
          google_title: 'Introduction meeting',
          google_duration: '30 mins',
          secrets: { service_account: google.serviceAccount },
        },
        config: {
          google_title: 'Introduction meeting',
          google_calendar_id: google.calendarId,
          available_days: [1, 2, 3, 4, 5, 6, 7],
          base_url: google.url,
          token_url: `${google.url}/token`,
        },
      },
    ];
    const uuid = (await ask<{ agent: { uuid: string } }>(server, 'GET', `/get-one/${agentId}`)).agent.uuid;
    for (const { payload, config } of made) {
      const action = await ask<{ uuid: string }>(server, 'POST', '/create-action', { payload: { ...calendar, ...payload } });
      await patch(server, `/agents/${uuid}/actions/${action.uuid}`, { config });
    }
    const fields = '[{"value":"email","label":"email"}]';
    const push = { agentId, actionType: 'webhook', name: 'webhook action', webhook_url: `${hook.url}/end`, fields };
    await ask(server, 'POST', '/create-action', { payload: push });

    const phone = await (await Phone.open(t, server.sipPort)).answered(NUMBER);
    const shown = (): Promise<Shown[]> => ask<Shown[]>(server, 'GET', `/${agentId}/calls`);
    const said = async (words: string): Promise<boolean> =>
      (await shown())[0]?.transcript.some(({ text }) => text.startsWith(words)) ?? false;
    // A key would cut it short.
    await until(() => said('How are you'));
    for (const [index, key] of Object.keys(tools).entries()) {
      await phone.info(key);
      await phone.info('#');
      await until(() => told.length > index);
    }
    t.match(told[0], '"email":"ann at example dot com"');
    for (const booked of told.slice(1)) t.match(booked, 'It is booked.');
    t.match(ghl.appointments, [{ calendarId: 'cal1', startTime: visit }]);
    t.match(ghl.contacts, [{ name: 'Ann Lee', email: 'ann@example.com' }]);
    t.match(google.events, [{ summary: 'Introduction meeting', description: /ann@example\.com/ }]);
    t.equal(Date.parse(google.events[0]?.start.dateTime ?? ''), Date.parse(meeting));
    await until(() => said('I have noted it'));
    t.match(await shown(), [{ status: 'in_progress', recording_url: null }]);
    await phone.hangUp();

    await until(() => hook.requests.length > 0);
    t.match(JSON.parse(hook.requests[0]?.body ?? '{}'), {
      event_type: 'action',
      action_name: 'webhook action',
      data: { email: 'ann at example dot com' },
    });
    const call = await eventually(async () => {
      const [newest] = await shown();
      return newest?.summary != null && newest.recording_url !== null ? newest : undefined;
    }, 'a call with its report and its recording');
    t.match(call, { status: 'completed', collected_data: { email: 'ann at example dot com' } });
    t.match(call.transcript[0], { speaker: 'agent', text: /^How are you/ });
    const recording = await server.api(new URL(call.recording_url ?? '').pathname);
    t.equal(Buffer.from(await recording.arrayBuffer()).toString('latin1', 0, 4), 'RIFF');
    t.match(await ask(server, 'GET', `/get-one/${agentId}`), { totalCalls: 1, agent: { phone_number: NUMBER } });
  },
);
