import { type HttpReply, isZone, type SeenHttp, startHttpEndpoint } from './http-endpoint.js';

export const GHL_TOKEN = 'pit-of-the-test';
const CALENDAR = '/calendars/cal1';

export type GhlAppointment = { calendarId: string; locationId: string; contactId: string; startTime: string; title?: string };

/** The part of GoHighLevel's API 2.0 that bookings need: it refuses what the real one refuses. `slots` are what is free. */
export async function startGhlServer(t: Parameters<typeof startHttpEndpoint>[0], slots: string[]) {
  const contacts: Record<string, unknown>[] = [];
  const appointments: GhlAppointment[] = [];
  const refused = (status: number, message: string): HttpReply => ({ status, json: { statusCode: status, message } });

  function freeSlots({ query }: SeenHttp): HttpReply {
    const [from = NaN, to = NaN] = ['startDate', 'endDate'].map((name) => Number(query.get(name) ?? NaN));
    if (!(to > from) || !isZone(query.get('timezone') ?? '')) return refused(422, 'startDate, endDate or timezone');
    const days = new Map<string, { slots: string[] }>();
    for (const slot of slots.filter((iso) => Date.parse(iso) >= from && Date.parse(iso) <= to)) {
      const day = days.get(slot.slice(0, 10)) ?? { slots: [] };
      day.slots.push(slot);
      days.set(slot.slice(0, 10), day);
    }
    return { json: { ...Object.fromEntries(days), traceId: 'trace' } };
  }

  function upsert({ body }: SeenHttp): HttpReply {
    const contact = JSON.parse(body) as Record<string, unknown>;
    if (contact['locationId'] !== 'loc1') return refused(403, 'The token does not have access to this location.');
    if (!contact['email'] && !contact['phone']) return refused(422, 'email or phone is required');
    contacts.push(contact);
    return { status: 201, json: { new: true, contact: { id: `contact${contacts.length}` }, traceId: 'trace' } };
  }

  function book({ body }: SeenHttp): HttpReply {
    const appointment = JSON.parse(body) as GhlAppointment;
    if (appointment.contactId !== `contact${contacts.length}`) return refused(422, 'contactId must be that of a contact');
    // Compared as text: the same moment written in another way is none of its slots.
    const at = slots.indexOf(appointment.startTime);
    if (at < 0) return refused(400, 'The slot you have selected is no longer available.');
    slots.splice(at, 1);
    appointments.push(appointment);
    return { status: 201, json: { id: `appointment${appointments.length}`, ...appointment } };
  }

  const endpoint = await startHttpEndpoint(t, (request) => {
    const { path, method, headers } = request;
    if (headers.authorization !== `Bearer ${GHL_TOKEN}`) return refused(401, 'Invalid Private Integration token');
    const version = path.startsWith('/contacts') ? '2021-07-28' : '2021-04-15';
    if (headers['version'] !== version) return refused(401, 'version header was not found or is wrong');
    switch (`${method} ${path}`) {
      case `GET ${CALENDAR}`:
        return { json: { calendar: { id: 'cal1', locationId: 'loc1', name: 'Visits' } } };
      case `GET ${CALENDAR}/free-slots`:
        return freeSlots(request);
      case 'POST /contacts/upsert':
        return upsert(request);
      case 'POST /calendars/events/appointments':
        return book(request);
      default:
        return refused(404, 'not found');
    }
  });
  return { ...endpoint, contacts, appointments };
}
