import { DateTime } from 'luxon';
import type { ActionType } from '../../domain/action.js';
import { type Arguments, type Opened, type Tool, ToolFailure } from '../tool.js';
import { readValue } from '../values/read-value.js';
import { spokenDate, spokenTime } from '../values/spoken-date.js';
import { type Calendar, TimeTaken, type Visitor } from './calendar.js';
import { periodOf } from './periods.js';

/** More nobody listens to; the model asks for another day. */
const MOST_TIMES = 12;
const TAKEN = 'That time is not free any more.';

const text = (description: string) => ({ type: 'string', description });

/** The two things that can be done with any calendar: see what is free, and book it. */
export function calendarTools<Type extends ActionType>(
  { action, setting, deps }: Pick<Opened<Type>, 'setting' | 'deps'> & { action: Tool['action'] },
  calendar: Calendar,
  calendarPeriod: string,
): Tool[] {
  const { timezone: zone = 'utc', language } = setting.settings;
  const now = (): DateTime => DateTime.fromMillis(deps.clock.nowMs(), { zone });
  const inZone = (iso: string): DateTime => DateTime.fromISO(iso, { zone });
  const told = (iso: string) => ({ start: iso, spoken: inZone(iso).setLocale(language).toLocaleString(DateTime.DATETIME_HUGE) });
  const lastMs = (): number =>
    now()
      .plus(periodOf(calendarPeriod) ?? { weeks: 1 })
      .toMillis();

  const dayOf = (said: unknown): DateTime => {
    const day = typeof said === 'string' ? spokenDate(said, now().startOf('day'), language) : undefined;
    if (day === undefined) throw new ToolFailure('The day is not known. Ask the caller for it.', { refused: true });
    return inZone(day);
  };
  const freeOn = (day: DateTime, signal: AbortSignal): Promise<readonly string[]> =>
    calendar.freeTimes(Math.max(now().toMillis(), day.toMillis()), day.plus({ days: 1 }).toMillis(), signal);
  const wantedOf = ({ start, day, time }: Arguments): DateTime => {
    const exact = typeof start === 'string' ? inZone(start) : undefined;
    if (exact?.isValid) return exact;
    const clock = typeof time === 'string' ? spokenTime(time) : undefined;
    if (clock === undefined) throw new ToolFailure('The time is not known. Ask the caller for it.', { refused: true });
    const [hour = 0, minute = 0] = clock.split(':').map(Number);
    return dayOf(day).set({ hour, minute });
  };
  const visitorOf = ({ name, email, phone, notes }: Arguments): Visitor => {
    const read = (said: unknown, type: 'email' | 'phone' | 'name'): string | undefined => {
      const reading = readValue(said, { type }, { nowMs: deps.clock.nowMs(), timezone: zone, language });
      if ('value' in reading) return String(reading.value);
      if (said === undefined || said === '') return undefined;
      throw new ToolFailure(`The ${type} ${reading.fault}. Ask the caller again.`, { refused: true });
    };
    return {
      name: read(name, 'name'),
      email: read(email, 'email'),
      phone: read(phone, 'phone') ?? setting.remoteNumber,
      notes: typeof notes === 'string' && notes !== '' ? notes : undefined,
    };
  };

  return [
    {
      action,
      definition: {
        name: 'free_times',
        description: 'Tells which times are free. Offer the caller two or three of them.',
        parameters: {
          type: 'object',
          properties: { day: text('The day, as the caller has said it; the next free times when left out.') },
          additionalProperties: false,
        },
      },
      repeatable: true,
      async run({ args, signal }) {
        const free =
          args['day'] === undefined
            ? await calendar.freeTimes(now().toMillis(), lastMs(), signal)
            : await freeOn(dayOf(args['day']), signal);
        const within = free.filter((iso) => inZone(iso).toMillis() <= lastMs());
        if (within.length === 0) return { message: 'Nothing is free then.', result: { timezone: zone, times: [] } };
        return { result: { timezone: zone, times: spread(within, MOST_TIMES).map(told) } };
      },
    },
    {
      action,
      definition: {
        name: 'book',
        description: 'Books a free time. Have the caller confirm the time and their name first.',
        parameters: {
          type: 'object',
          properties: {
            start: text('The `start` of a free time, unchanged.'),
            day: text('Without `start`: the day, as the caller has said it.'),
            time: text('Without `start`: the time of day, as the caller has said it.'),
            name: text('Who it is for.'),
            email: text('Their e-mail address, as the caller has said it.'),
            phone: text('Their telephone number, where it is not the one they call from.'),
            notes: text('What it is about.'),
          },
          additionalProperties: false,
        },
      },
      async run({ args, signal, key }) {
        const wanted = wantedOf(args);
        const visitor = visitorOf(args);
        const free = await freeOn(wanted.startOf('day'), signal);
        const start = free.find((iso) => inZone(iso).toMillis() === wanted.toMillis());
        if (start === undefined) throw taken(free, wanted);
        try {
          await calendar.book(start, visitor, { signal, key });
        } catch (error) {
          if (error instanceof TimeTaken)
            throw taken(
              free.filter((iso) => iso !== start),
              wanted,
            );
          throw error;
        }
        return { message: 'It is booked.', result: { timezone: zone, ...told(start) } };
      },
    },
  ];

  function taken(others: readonly string[], wanted: DateTime): ToolFailure {
    const nearest = others
      .toSorted((a, b) => Math.abs(inZone(a).diff(wanted).toMillis()) - Math.abs(inZone(b).diff(wanted).toMillis()))
      .slice(0, 3)
      .map((iso) => JSON.stringify(told(iso)));
    const offer = nearest.length > 0 ? ` Free that day: ${nearest.join(', ')}.` : ' Nothing else is free that day.';
    return new ToolFailure(TAKEN + offer, { reason: 'time taken' });
  }
}

/** Evenly from the first to the last. */
const spread = (times: readonly string[], most: number): readonly string[] =>
  times.length <= most
    ? times
    : Array.from({ length: most }, (_, i) => times[Math.round((i * (times.length - 1)) / (most - 1))]!);
