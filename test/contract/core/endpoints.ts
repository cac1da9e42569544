import { DEFAULT_TENANT, newCallId } from '../../../src/core/ids.js';
import type { Permission } from '../../../src/domain/principal.js';
import type { HttpHarness } from '../../support/http-harness.js';
import { newUser } from '../../support/people.js';
import { sampleAgent, sampleCompletedCall, sampleDocument } from '../../support/sample-records.js';

/**
 * Who may, and with what it is tried. `public` needs nobody, `session` anybody who is logged in, `owner` an owner who is; the rest is a
 * permission, which a key has as a scope and a person by their role.
 */
export type Endpoint = {
  needs: Permission | 'public' | 'session' | 'owner';
  /** What a key or a role needs beside it. */
  needsToo?: Permission;
  /** Whose id stands in the path: a name of `FIXTURES`. */
  of?: keyof typeof FIXTURES;
  /** A body that would be accepted. */
  body?: object;
};

/** Every endpoint of the core dialect. One that is not in here fails the tests of permissions, and so does one that is no more. */
export const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  'GET /agents': { needs: 'agents:read' },
  'POST /agents': { needs: 'agents:write', body: { name: 'Desk', system_prompt: 'Be brief.' } },
  'GET /agents/{id}': { needs: 'agents:read', of: 'agent' },
  'PATCH /agents/{id}': { needs: 'agents:write', of: 'agent', body: { name: 'Stolen' } },
  'DELETE /agents/{id}': { needs: 'agents:write', of: 'agent' },
  'GET /agents/{id}/latency': { needs: 'agents:read', of: 'agent' },
  'GET /agents/{id}/versions': { needs: 'agents:read', of: 'agent' },
  'POST /agents/{id}/deploy': { needs: 'agents:write', of: 'agent', body: {} },
  'POST /agents/{id}/versions/{version}/restore': { needs: 'agents:write', of: 'agentVersion', body: {} },
  'GET /agents/{id}/actions': { needs: 'agents:read', of: 'agent' },
  'POST /agents/{id}/actions': {
    needs: 'agents:write',
    of: 'agent',
    body: { type: 'webhook', name: 'Data', config: { url: 'https://example.com/' } },
  },
  'GET /agents/{id}/actions/{actionId}': { needs: 'agents:read', of: 'agent' },
  'PATCH /agents/{id}/actions/{actionId}': { needs: 'agents:write', of: 'agent', body: { name: 'Stolen' } },
  'DELETE /agents/{id}/actions/{actionId}': { needs: 'agents:write', of: 'agent' },

  'GET /agents/{id}/documents': { needs: 'agents:read', of: 'agent' },
  'POST /agents/{id}/documents': { needs: 'agents:write', of: 'agent' },
  'GET /agents/{id}/documents/{documentId}': { needs: 'agents:read', of: 'document' },
  'DELETE /agents/{id}/documents/{documentId}': { needs: 'agents:write', of: 'document' },

  'GET /tasks': { needs: 'tasks:read' },
  'POST /tasks': { needs: 'tasks:write' },
  'GET /tasks/policy': { needs: 'tasks:read' },
  'PUT /tasks/policy': { needs: 'tasks:write' },
  'GET /tasks/{id}': { needs: 'tasks:read', of: 'task' },
  'PATCH /tasks/{id}': { needs: 'tasks:write', of: 'task', body: { name: 'Stolen' } },
  'DELETE /tasks/{id}': { needs: 'tasks:write', of: 'task' },
  'POST /tasks/{id}/execute': { needs: 'tasks:write', of: 'task' },
  'POST /tasks/{id}/reset': { needs: 'tasks:write', of: 'task' },

  'GET /campaigns': { needs: 'campaigns:read' },
  'POST /campaigns': { needs: 'campaigns:write' },
  'GET /campaigns/{id}': { needs: 'campaigns:read', of: 'campaign' },
  'PATCH /campaigns/{id}': { needs: 'campaigns:write', of: 'campaign', body: { name: 'Stolen' } },
  'DELETE /campaigns/{id}': { needs: 'campaigns:write', of: 'campaign' },
  'POST /campaigns/{id}/start': { needs: 'campaigns:write', of: 'campaign' },
  'POST /campaigns/{id}/pause': { needs: 'campaigns:write', of: 'campaign' },
  'POST /campaigns/{id}/resume': { needs: 'campaigns:write', of: 'campaign' },
  'POST /campaigns/{id}/cancel': { needs: 'campaigns:write', of: 'campaign' },
  'GET /campaigns/{id}/progress': { needs: 'campaigns:read', of: 'campaign' },
  'GET /campaigns/{id}/contacts': { needs: 'campaigns:read', of: 'campaign' },
  'POST /campaigns/{id}/contacts': {
    needs: 'campaigns:write',
    of: 'campaign',
    body: { contacts: [{ number: '+442079460002' }] },
  },
  'POST /campaigns/{id}/contacts/selection': { needs: 'campaigns:write', of: 'campaign', body: { contact_filter: {} } },
  'DELETE /campaigns/{id}/contacts/{contactId}': { needs: 'campaigns:write', of: 'campaign' },

  'GET /contacts': { needs: 'contacts:read' },
  'POST /contacts': { needs: 'contacts:write', body: { phone: '+442079460003' } },
  'POST /contacts/import': { needs: 'contacts:write', body: { contacts: [{ phone: '+442079460004' }] } },
  'GET /contacts/{id}': { needs: 'contacts:read', of: 'contact' },
  'PATCH /contacts/{id}': { needs: 'contacts:write', of: 'contact', body: { name: 'Stolen' } },
  'DELETE /contacts/{id}': { needs: 'contacts:write', of: 'contact' },

  'GET /bans': { needs: 'bans:read' },
  'POST /bans': { needs: 'bans:write', body: { source: '203.0.113.9' } },
  'DELETE /bans/{source}': { needs: 'bans:write', of: 'ban' },

  'GET /do-not-call': { needs: 'do-not-call:read' },
  'POST /do-not-call': { needs: 'do-not-call:write', body: { number: '+442079460000' } },
  'GET /do-not-call/{number}': { needs: 'do-not-call:read', of: 'number' },
  'DELETE /do-not-call/{number}': { needs: 'do-not-call:write', of: 'number' },

  'GET /calls': { needs: 'calls:read' },
  'GET /calls/{id}': { needs: 'calls:read', of: 'call' },
  'DELETE /calls/{id}': { needs: 'calls:write', of: 'call' },
  'GET /calls/{id}/transcript': { needs: 'calls:read', of: 'call' },
  'POST /calls/{id}/transcript': { needs: 'calls:write', of: 'call' },
  'GET /calls/{id}/report': { needs: 'calls:read', of: 'call' },
  'GET /calls/{id}/recording': { needs: 'calls:read', of: 'call' },
  'GET /calls/{id}/recording/peaks': { needs: 'calls:read', of: 'call' },
  'GET /calls/{id}/recording/stream': { needs: 'calls:read', of: 'call' },
  'GET /calls/{id}/live': { needs: 'calls:read', of: 'call' },
  'GET /calls/{id}/events': { needs: 'calls:read', of: 'call' },
  'POST /calls/{id}/end': { needs: 'calls:write', of: 'call' },
  'POST /calls/{id}/cancel': { needs: 'calls:write', of: 'call' },
  'POST /calls/{id}/say': { needs: 'calls:write', of: 'call' },
  'POST /calls/{id}/inject': { needs: 'calls:write', of: 'call' },
  'POST /calls/{id}/audio': { needs: 'calls:write', of: 'call' },
  'GET /calls/{id}/listen': { needs: 'calls:read', of: 'call' },
  'POST /calls/{id}/mute': { needs: 'calls:write', of: 'call' },
  'POST /calls/{id}/unmute': { needs: 'calls:write', of: 'call' },
  'PUT /calls/{id}/mode': { needs: 'calls:write', of: 'call' },
  'PUT /calls/{id}/instructions': { needs: 'calls:write', of: 'call' },
  'GET /calls/{id}/participants': { needs: 'calls:read', of: 'call' },
  'POST /calls/{id}/participants': { needs: 'calls:write', of: 'call', body: { target: '+15550123' } },
  'PATCH /calls/{id}/participants/{participantId}': { needs: 'calls:write', of: 'call', body: { mode: 'talk' } },
  'DELETE /calls/{id}/participants/{participantId}': { needs: 'calls:write', of: 'call' },
  'POST /calls/{id}/dtmf': { needs: 'calls:write', of: 'call' },
  'POST /calls/{id}/recording/pause': { needs: 'calls:write', of: 'call' },
  'POST /calls/{id}/recording/resume': { needs: 'calls:write', of: 'call' },
  'POST /calls/{id}/handoff': { needs: 'calls:write', of: 'call' },
  'POST /calls/{id}/transfer': { needs: 'calls:write', of: 'call' },
  'POST /calls/{id}/transfer/complete': { needs: 'calls:write', of: 'call' },
  'POST /calls/{id}/transfer/cancel': { needs: 'calls:write', of: 'call' },

  'GET /phones': { needs: 'phones:read' },
  'POST /phones': { needs: 'phones:write', body: { username: 'desk', password: 'a long word' } },
  'GET /phones/{id}': { needs: 'phones:read', of: 'phone' },
  'PATCH /phones/{id}': { needs: 'phones:write', of: 'phone', body: { display_name: 'Stolen' } },
  'DELETE /phones/{id}': { needs: 'phones:write', of: 'phone' },

  'GET /trunks': { needs: 'trunks:read' },
  'POST /trunks': { needs: 'trunks:write' },
  'GET /trunks/{id}': { needs: 'trunks:read', of: 'trunk' },
  'GET /trunks/{id}/status': { needs: 'trunks:read', of: 'trunk' },
  'PATCH /trunks/{id}': { needs: 'trunks:write', of: 'trunk', body: { name: 'Stolen' } },
  'DELETE /trunks/{id}': { needs: 'trunks:write', of: 'trunk' },

  'GET /routes': { needs: 'routes:read' },
  'POST /routes': { needs: 'routes:write', body: { name: 'Berlin', target: { type: 'agent', agent: 'demo' } } },
  'POST /routes/test': { needs: 'routes:write', body: { called: 'demo' } },
  'GET /routes/{id}': { needs: 'routes:read', of: 'route' },
  'PATCH /routes/{id}': { needs: 'routes:write', of: 'route', body: { name: 'Stolen' } },
  'DELETE /routes/{id}': { needs: 'routes:write', of: 'route' },

  'GET /texts': { needs: 'texts:read' },
  'POST /texts': { needs: 'texts:write', body: { to: 'sip:ann@phone.example', text: 'Hello' } },
  'GET /texts/threads': { needs: 'texts:read' },
  'GET /texts/{id}': { needs: 'texts:read', of: 'text' },

  'GET /memories': { needs: 'memories:read' },
  'DELETE /memories': { needs: 'memories:write' },
  'GET /sessions': { needs: 'sessions:read' },
  'POST /sessions': { needs: 'sessions:write', body: { agent_id: newCallId(), ext_id: 'visitor-1' } },
  'GET /sessions/{id}': { needs: 'sessions:read', of: 'session' },
  'PATCH /sessions/{id}': { needs: 'sessions:write', of: 'session', body: { name: 'Stolen' } },
  'DELETE /sessions/{id}': { needs: 'sessions:write', of: 'closedSession' },
  'POST /sessions/{id}/close': { needs: 'sessions:write', of: 'session', body: {} },
  'PUT /sessions/{id}/mode': { needs: 'sessions:write', of: 'session', body: { mode: 'copilot' } },
  'GET /sessions/{id}/messages': { needs: 'sessions:read', of: 'session' },
  'POST /sessions/{id}/messages': { needs: 'sessions:write', of: 'session', body: { text: 'Hello' } },
  'POST /sessions/{id}/operator-messages': { needs: 'sessions:write', of: 'session', body: { text: 'Hello' } },
  'PUT /sessions/{id}/messages/{messageId}/feedback': {
    needs: 'sessions:write',
    of: 'sessionMessage',
    body: { feedback: 'good' },
  },
  'GET /sessions/{id}/notes': { needs: 'sessions:read', of: 'session' },
  'GET /sessions/{id}/attachments/{attachmentId}': { needs: 'sessions:read', of: 'attachment' },
  'GET /sessions/{id}/events': { needs: 'sessions:read', of: 'closedSession' },

  'GET /webhooks': { needs: 'webhooks:read' },
  'POST /webhooks': { needs: 'webhooks:write', body: { url: 'https://example.com/new' } },
  'GET /webhooks/{id}': { needs: 'webhooks:read', of: 'webhook' },
  'PATCH /webhooks/{id}': { needs: 'webhooks:write', of: 'webhook', body: { description: 'Stolen' } },
  'DELETE /webhooks/{id}': { needs: 'webhooks:write', of: 'webhook' },
  'POST /webhooks/{id}/rotate-secret': { needs: 'webhooks:write', of: 'webhook' },
  'POST /webhooks/{id}/test': { needs: 'webhooks:write', of: 'webhook' },
  'GET /webhooks/deliveries': { needs: 'webhooks:read' },
  'GET /webhooks/deliveries/{id}': { needs: 'webhooks:read', of: 'delivery' },
  'POST /webhooks/deliveries/{id}/replay': { needs: 'webhooks:write', of: 'delivery' },
  'GET /webhooks/secret': { needs: 'webhooks:read', needsToo: 'webhooks:write' },

  'POST /auth/login': { needs: 'public' },
  'POST /auth/accept-invitation': { needs: 'public' },
  'GET /auth/me': { needs: 'session' },
  'POST /auth/organization': { needs: 'session' },
  'POST /auth/change-password': { needs: 'session' },
  'POST /auth/logout': { needs: 'session' },

  'GET /api-keys': { needs: 'api-keys:read' },
  'POST /api-keys': { needs: 'api-keys:write', body: { name: 'CRM' } },
  'PATCH /api-keys/{id}': { needs: 'api-keys:write', of: 'api-key', body: { limits: { calls_per_hour: 10 } } },
  'DELETE /api-keys/{id}': { needs: 'api-keys:write', of: 'api-key' },
  'POST /api-keys/{id}/regenerate': { needs: 'api-keys:write', of: 'api-key' },

  'GET /organizations': { needs: 'organizations:read' },
  'POST /organizations': { needs: 'owner', body: { name: 'Annex' } },
  'GET /organizations/{id}': { needs: 'organizations:read', of: 'organization' },
  'PATCH /organizations/{id}': { needs: 'organizations:write', of: 'organization', body: { name: 'Stolen' } },

  'GET /users': { needs: 'users:read' },
  'POST /users/invite': { needs: 'users:write', body: { email: 'new@example.com', role: 'viewer' } },
  'GET /users/invitations': { needs: 'users:read' },
  'DELETE /users/invitations/{id}': { needs: 'users:write', of: 'invitation' },
  'PATCH /users/{id}': { needs: 'users:write', of: 'user', body: { role: 'admin' } },
  'DELETE /users/{id}': { needs: 'users:write', of: 'user' },
};

let contactsMade = 0;

/** Makes something of the default tenant, and resolves with its id, or with all ids of its path, `|` between them. */
export const FIXTURES = {
  agent: async (api: HttpHarness): Promise<string> => (await newAgent(api)).id,
  agentVersion: async (api: HttpHarness): Promise<string> => `${(await newAgent(api)).id}|1`,
  document: async (api: HttpHarness): Promise<string> => {
    const { id } = await newAgent(api);
    await api.database.documents.insert(sampleDocument(id));
    return `${id}|${(await api.database.documents.list(DEFAULT_TENANT, id, { limit: 1, offset: 0 })).items[0]?.id}`;
  },
  task: async (api: HttpHarness): Promise<string> => {
    const draft = { agent_id: (await newAgent(api)).id, name: 'Call back', to_number: '+442071234567' };
    return (await api.call('POST', '/tasks', draft)).body.data.id as string;
  },
  call: async (api: HttpHarness): Promise<string> => {
    const call = sampleCompletedCall(undefined);
    await api.database.calls.insert(call);
    return call.id;
  },
  campaign: async (api: HttpHarness): Promise<string> => {
    const draft = { agent_id: (await newAgent(api)).id, name: 'Spring' };
    return (await api.call('POST', '/campaigns', draft)).body.data.id as string;
  },
  contact: async (api: HttpHarness): Promise<string> => {
    contactsMade += 1;
    const phone = `+4420794${61000 + contactsMade}`;
    return (await api.call('POST', '/contacts', { phone })).body.data.id as string;
  },
  number: async (api: HttpHarness): Promise<string> => {
    await api.call('POST', '/do-not-call', { number: '+442079460001' });
    return '+442079460001';
  },
  ban: async (api: HttpHarness): Promise<string> => {
    await api.call('POST', '/bans', { source: '203.0.113.77' });
    return '203.0.113.77';
  },
  trunk: async (api: HttpHarness): Promise<string> => {
    const pbx = { name: `PBX ${newCallId()}`, kind: 'static', host: '192.0.2.10' };
    return (await api.call('POST', '/trunks', pbx)).body.data.id as string;
  },
  text: async (api: HttpHarness): Promise<string> =>
    (await api.call('POST', '/texts', { to: 'sip:ann@phone.example', text: 'Hello' })).body.data.id as string,
  session: async (api: HttpHarness): Promise<string> => (await newSession(api)).id,
  closedSession: async (api: HttpHarness): Promise<string> => {
    const { id } = await newSession(api);
    return (await api.sessions.close(DEFAULT_TENANT, id, 'completed')).id;
  },
  sessionMessage: async (api: HttpHarness): Promise<string> => {
    const { id } = await newSession(api);
    return `${id}|${(await api.sessions.speakAs(DEFAULT_TENANT, id, 'operator', 'Hello')).id}`;
  },
  attachment: async (api: HttpHarness): Promise<string> => {
    const { id } = await newSession(api);
    const attachments = [{ name: 'room.gif', bytes: Buffer.from('GIF89a') }];
    const { message } = await api.sessions.send(DEFAULT_TENANT, id, { text: '', attachments });
    return `${id}|${message?.attachments[0]?.id}`;
  },
  route: async (api: HttpHarness): Promise<string> => {
    const route = { name: `Desk ${newCallId()}`, target: { type: 'agent', agent: 'demo' } };
    return (await api.call('POST', '/routes', route)).body.data.id as string;
  },
  phone: async (api: HttpHarness): Promise<string> =>
    (await api.call('POST', '/phones', { username: newCallId(), password: 'a long word' })).body.data.id as string,
  webhook: async (api: HttpHarness): Promise<string> =>
    (await api.call('POST', '/webhooks', { url: `https://example.com/${newCallId()}` })).body.data.id as string,
  delivery: async (api: HttpHarness): Promise<string> => {
    const call = sampleCompletedCall(undefined);
    await api.database.calls.insert(call);
    const event = (await api.database.webhooks.undispatched(1000)).find(({ callId }) => callId === call.id);
    if (!event) throw new Error('no event');
    await api.database.webhooks.dispatch(event, [{ id: event.id, url: 'https://example.com/', body: '{}' }], 1);
    return event.id;
  },
  'api-key': async (api: HttpHarness): Promise<string> => {
    await api.newKey({});
    return (await api.database.keys.list(DEFAULT_TENANT)).at(-1)?.id ?? '';
  },
  organization: async (_api: HttpHarness): Promise<string> => DEFAULT_TENANT,
  user: async (api: HttpHarness): Promise<string> => (await newUser(api, { role: 'viewer' })).id,
  invitation: async (api: HttpHarness): Promise<string> => {
    const by = await newUser(api);
    const principal = {
      kind: 'session',
      tenantId: DEFAULT_TENANT,
      userId: by.id,
      role: 'owner',
      sessionId: '' as never,
    } as const;
    const draft = { email: `${by.id}@example.com`, role: 'viewer' } as const;
    return (await api.identity.invitations.invite(principal, draft, (token) => token)).invitation.id;
  },
};

async function newAgent(api: HttpHarness) {
  const agent = sampleAgent();
  await api.database.agents.insert(agent);
  return agent;
}

async function newSession(api: HttpHarness) {
  const { id: agentId } = await newAgent(api);
  return await api.sessions.open(DEFAULT_TENANT, { agentId, extType: 'web', extId: 'visitor-1' });
}
