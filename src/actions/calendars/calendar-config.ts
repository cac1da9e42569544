import { z } from 'zod';
import { durationOf, periodOf } from './periods.js';

const words = (max: number) => z.string().trim().min(1).max(max);
const BaseUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).max(500);
const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day as HH:MM');

const Period = z
  .string()
  .refine((text) => periodOf(text) !== undefined, 'must be a number of days, weeks or months, such as 1week')
  .default('1week')
  .meta({ description: 'How far ahead times are offered.', example: '1week' });

/** What an operator says of a calendar of GoHighLevel. */
export const GhlCalendarConfig = z.strictObject({
  ghl_calendar_id: words(200).meta({ example: 'B6blCXXXXX' }),
  calendar_period: Period,
  title: words(300)
    .optional()
    .meta({ description: 'Of appointments, with `{{placeholders}}`; what the calendar calls them when left out.' }),
  base_url: BaseUrl.default('https://services.leadconnectorhq.com').meta({
    description: 'Secret: `token`, a private integration token that may read calendars and write contacts and events.',
  }),
});

/** As `GhlCalendarConfig`, of Google's. It knows when one is busy, but not when one is at work. */
export const GoogleCalendarConfig = z
  .strictObject({
    google_title: words(300).meta({ description: 'Of the meeting, with `{{placeholders}}`.', example: 'Introduction meeting' }),
    google_description: z.string().max(5000).optional(),
    google_duration: z
      .string()
      .refine((text) => durationOf(text) !== undefined, 'must be a number of minutes or hours, such as 30 mins')
      .default('30 mins')
      .meta({ example: '30 mins' }),
    calendar_period: Period,
    google_calendar_id: words(300).default('primary').meta({ example: 'desk@your-app.example' }),
    available_from: TimeOfDay.default('09:00').meta({ description: 'In the time zone of the agent.' }),
    available_to: TimeOfDay.default('17:00'),
    available_days: z
      .array(z.number().int().min(1).max(7))
      .min(1)
      .max(7)
      .default([1, 2, 3, 4, 5])
      .meta({ description: 'Monday is 1, Sunday 7.' }),
    base_url: BaseUrl.default('https://www.googleapis.com').meta({
      description:
        'Secrets: `service_account` (its key file, as JSON), or `client_id`, `client_secret` and `refresh_token` of a user who has consented.',
    }),
    token_url: BaseUrl.default('https://oauth2.googleapis.com/token'),
  })
  .refine(({ available_from: from, available_to: to }) => from < to, {
    path: ['available_to'],
    error: 'must lie after available_from',
  });
