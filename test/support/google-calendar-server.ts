import { createVerify, generateKeyPairSync } from 'node:crypto';
import { type HttpReply, isZone, type SeenHttp, startHttpEndpoint } from './http-endpoint.js';

export type GoogleEvent = {
  id: string;
  summary: string;
  description: string;
  start: { dateTime: string; timeZone: string };
  end: { dateTime: string; timeZone: string };
  attendees?: { email: string }[];
};
type Claims = { iss: string; scope: string; aud: string; iat: number; exp: number };

const CALENDAR_ID = 'desk@offhook.example';
const USER = { client_id: 'client', client_secret: 'hush', refresh_token: 'refresh' };
const decoded = (part: string | undefined): unknown => JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));

/** Google's token endpoint and the part of Calendar v3 that bookings need; `nowMs` is its clock. Busy is what was booked, and `busy`. */
export async function startGoogleServer(t: Parameters<typeof startHttpEndpoint>[0], nowMs: () => number) {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const serviceAccount = JSON.stringify({
    type: 'service_account',
    client_email: 'robot@offhook.example',
    private_key_id: 'key1',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
  });
  const events: GoogleEvent[] = [];
  const busy: { start: string; end: string }[] = [];
  const valid = new Map<string, 'robot' | 'user'>();
  let granted = 0;
  const refused = (status: number, reason: string): HttpReply => ({
    status,
    json: { error: { code: status, message: reason, errors: [{ reason }] } },
  });

  function isSigned(assertion: string): boolean {
    const [header, claims, signature = ''] = assertion.split('.');
    const { alg, typ, kid } = decoded(header) as Record<string, string>;
    const { iss, scope, aud, iat, exp } = decoded(claims) as Claims;
    const verified = createVerify('RSA-SHA256').update(`${header}.${claims}`).verify(publicKey, signature, 'base64url');
    const inTime = Math.abs(iat - nowMs() / 1_000) < 60 && exp - iat <= 3_600 && exp > iat;
    return (
      verified &&
      inTime &&
      `${alg} ${typ} ${kid}` === 'RS256 JWT key1' &&
      `${iss} ${scope}` === 'robot@offhook.example https://www.googleapis.com/auth/calendar' &&
      aud.endsWith('/token')
    );
  }

  function grant({ body, headers }: SeenHttp): HttpReply {
    const form = Object.fromEntries(new URLSearchParams(body));
    const isRobot = form['grant_type'] === 'urn:ietf:params:oauth:grant-type:jwt-bearer' && isSigned(form['assertion'] ?? '');
    const isUser = form['grant_type'] === 'refresh_token' && Object.entries(USER).every(([name, value]) => form[name] === value);
    if (headers['content-type'] !== 'application/x-www-form-urlencoded' || (!isRobot && !isUser)) {
      return { status: 400, json: { error: 'invalid_grant' } };
    }
    granted += 1;
    valid.set(`token${granted}`, isRobot ? 'robot' : 'user');
    return { json: { access_token: `token${granted}`, expires_in: 3_599, token_type: 'Bearer' } };
  }

  function freeBusy({ body }: SeenHttp): HttpReply {
    const { timeMin, timeMax, items } = JSON.parse(body) as { timeMin: string; timeMax: string; items: { id: string }[] };
    if (!(Date.parse(timeMax) > Date.parse(timeMin))) return refused(400, 'timeRangeEmpty');
    const taken = [...busy, ...events.map(({ start, end }) => ({ start: start.dateTime, end: end.dateTime }))].filter(
      ({ start, end }) => Date.parse(start) < Date.parse(timeMax) && Date.parse(end) > Date.parse(timeMin),
    );
    const of = ({ id }: { id: string }) => [
      id,
      id === CALENDAR_ID ? { busy: taken } : { busy: [], errors: [{ domain: 'global', reason: 'notFound' }] },
    ];
    return { json: { kind: 'calendar#freeBusy', timeMin, timeMax, calendars: Object.fromEntries(items.map(of)) } };
  }

  function insert({ body }: SeenHttp, who: 'robot' | 'user'): HttpReply {
    const event = JSON.parse(body) as GoogleEvent;
    if (!/^[a-v0-9]{5,1024}$/.test(event.id)) return refused(400, 'invalid');
    if (Number.isNaN(Date.parse(event.start.dateTime)) || !(event.end.dateTime > event.start.dateTime))
      return refused(400, 'timeRangeEmpty');
    if (!isZone(event.start.timeZone) || !isZone(event.end.timeZone)) return refused(400, 'invalid');
    if (who === 'robot' && event.attendees) return refused(403, 'forbiddenForServiceAccounts');
    if (events.some(({ id }) => id === event.id)) return refused(409, 'duplicate');
    events.push(event);
    return { json: { ...event, status: 'confirmed' } };
  }

  const endpoint = await startHttpEndpoint(t, (request) => {
    const { path, method, headers } = request;
    if (`${method} ${path}` === 'POST /token') return grant(request);
    const who = valid.get((headers.authorization ?? '').replace('Bearer ', ''));
    if (!who) return refused(401, 'authError');
    if (`${method} ${path}` === 'POST /calendar/v3/freeBusy') return freeBusy(request);
    if (`${method} ${path}` === `POST /calendar/v3/calendars/${encodeURIComponent(CALENDAR_ID)}/events`)
      return insert(request, who);
    return refused(404, 'notFound');
  });
  return {
    ...endpoint,
    calendarId: CALENDAR_ID,
    serviceAccount,
    user: USER,
    events,
    busy,
    revoke: () => valid.clear(),
    grants: () => granted,
  };
}
