import { OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import { exampleOf } from '../http/openapi-examples.js';
import { CLOSE_CODES } from './live-reader.js';
import { LIVE_MESSAGES, Ping } from './live-schema.js';

/** An AsyncAPI 3.0 document: https://www.asyncapi.com/docs/reference/specification/v3.0.0. */
export type AsyncApiDocument = { asyncapi: string } & Record<string, unknown>;

const MESSAGES = { ...LIVE_MESSAGES, ping: Ping };
const FROM_SERVER = Object.keys(LIVE_MESSAGES);

const SOCKET_TEXT =
  'Connect with `?api_key=`, with `?session_token=` (the `temp_token` of `GET /api/v1/calls/{id}/live`, which opens this call alone for five ' +
  'minutes) or with an `Authorization: Bearer` header. A connection is told first what has been, then what comes, in order, each with a serial number. With ' +
  '`?after=` and the newest of these that you have seen you are told what you missed instead (`resumed` in `connected`), which is kept for ' +
  'as long as the call lasts, 500 events of it. Refused at the hand-shake: 400 for a wrong `after`, 401 for a key or token that is wrong or expired, 403 for a key without `calls:read`, 404 for an unknown call, 503 at the limit ' +
  'of connections.';
const EVENTS_TEXT =
  'The messages of the socket as server-sent events, one in the `data` of each, with its serial number as the id: whoever comes back with one ' +
  'in `Last-Event-ID`, as browsers do, or as `?after=`, is told what came later. The last event has the id `ended`, which is answered by 204. Lines that begin with a colon keep the connection alive.';

/** How to follow a call, from the schemas that its messages are made by. */
export function asyncApiDocument(): AsyncApiDocument {
  const definitions = Object.values(MESSAGES).map((schema) => ({ type: 'schema' as const, schema }));
  const schemas = new OpenApiGeneratorV31(definitions).generateComponents().components?.schemas ?? {};
  const messages = Object.entries(MESSAGES).map(([type, schema]) => {
    const { id, description: summary } = schema.meta() ?? {};
    const payload = { $ref: `#/components/schemas/${id}` };
    const examples = [{ payload: exampleOf(payload, schemas) }];
    return [type, { name: type, summary, contentType: 'application/json', payload, examples }];
  });
  const closes = Object.values(CLOSE_CODES).map(({ code, reason }) => `${code} (${reason})`);
  const security = ['apiKey', 'sessionToken', 'bearer'].map((name) => ({ $ref: `#/components/securitySchemes/${name}` }));
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Offhook live transcript',
      version: '1',
      description: 'How to follow a call while it lasts. Where to connect is answered by `GET /api/v1/calls/{id}/live`.',
    },
    defaultContentType: 'application/json',
    servers: {
      socket: { ...SERVER, protocol: 'ws', description: '`wss` behind a proxy that has a certificate.', security },
      http: { ...SERVER, protocol: 'http', security: security.filter(({ $ref }) => !$ref.endsWith('sessionToken')) },
    },
    channels: {
      socket: channel('socket', '/ws/calls/{callId}', Object.keys(MESSAGES), `${SOCKET_TEXT} Close codes: ${closes.join(', ')}.`),
      events: channel('http', '/api/v1/calls/{callId}/events', EVENTS, EVENTS_TEXT),
    },
    operations: {
      follow: operation('send', 'socket', FROM_SERVER, 'What the server says on the socket.'),
      keepAlive: {
        ...operation('receive', 'socket', ['ping'], 'Asks for a `pong`.'),
        reply: { channel: { $ref: '#/channels/socket' }, messages: [{ $ref: '#/channels/socket/messages/pong' }] },
      },
      followEvents: operation('send', 'events', EVENTS, 'What the server says as server-sent events.'),
    },
    components: { schemas, messages: Object.fromEntries(messages), securitySchemes: SECURITY_SCHEMES },
  };
}

/** Nobody can ping on a one-way stream. */
const EVENTS = FROM_SERVER.filter((type) => type !== 'pong');

const SERVER = { host: '{host}', variables: { host: { default: 'localhost:8080', description: 'Where this API is reached.' } } };

const SECURITY_SCHEMES = {
  apiKey: { type: 'httpApiKey', in: 'query', name: 'api_key' },
  sessionToken: { type: 'httpApiKey', in: 'query', name: 'session_token' },
  bearer: { type: 'http', scheme: 'bearer' },
};

const channel = (server: string, address: string, types: readonly string[], description: string) => ({
  address,
  description,
  servers: [{ $ref: `#/servers/${server}` }],
  parameters: { callId: { description: 'Id of the call.' } },
  messages: Object.fromEntries(types.map((type) => [type, { $ref: `#/components/messages/${type}` }])),
});

const operation = (action: 'send' | 'receive', name: string, types: readonly string[], summary: string) => ({
  action,
  summary,
  channel: { $ref: `#/channels/${name}` },
  messages: types.map((type) => ({ $ref: `#/channels/${name}/messages/${type}` })),
});
