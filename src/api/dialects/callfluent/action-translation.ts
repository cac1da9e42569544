import type { z } from 'zod';
import { type ActionBody, type ActionChanges, ActionCreate, presentConfig } from '../../../actions/action-input.js';
import { AppError } from '../../../core/errors.js';
import type { Action, ActionType } from '../../../domain/action.js';
import type { CustomField } from '../../../domain/agent-behaviour.js';
import { parseInput } from '../../http/parse.js';
import { type ActionPayload, type ActionResource, fieldsIn } from './action-schema.js';

/** What a fault of ours is a fault of here. */
const FIELDS: Readonly<Record<string, string>> = {
  'config.target': 'forwardNumber',
  'config.url': 'webhook_url',
  'config.target_email': 'target_email',
  'config.fields.0.name': 'collectField',
  'config.calendar_period': 'calendarPeriod',
  'config.ghl_calendar_id': 'ghlCalendarId',
};

/**
 * `known`: the agent's custom fields, which say how a value is read. Of `present` stays what this dialect has no words for.
 *
 * @throws AppError `invalid_request`
 */
export function toAction(payload: ActionPayload, known: readonly CustomField[] = [], present?: Action): ActionBody {
  const { name, secrets } = payload;
  const instruction = 'instruction' in payload ? payload.instruction : undefined;
  try {
    const { type, config: sent } = toKind(payload, known);
    const config = present?.type === type ? { ...presentConfig(present.config), ...sent } : sent;
    const told = { ...(instruction === undefined ? {} : { instruction }), ...(secrets && { secrets }) };
    return parseInput(ActionCreate, { type, config, name, ...told });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const faults = error.faults.map(({ field, message }) => ({
      field: FIELDS[field] ?? field.replace(/^config\./, ''),
      message,
    }));
    throw new AppError(error.code, error.message, { cause: error, faults });
  }
}

/** A whole payload says all there is to say of an action. @throws AppError `invalid_request` where it is of another type. */
export function toChanges(payload: ActionPayload, present: Action, known: readonly CustomField[] = []): ActionChanges {
  const { type, name, instruction = null, config, secrets } = toAction(payload, known, present);
  if (type === present.type) return { name, instruction, config, secrets };
  throw new AppError('invalid_request', 'another type of action', {
    faults: [{ field: 'actionType', message: 'cannot be changed: make another action' }],
  });
}

function toKind(payload: ActionPayload, known: readonly CustomField[]): { type: ActionType; config: object } {
  switch (payload.actionType) {
    case 'sendEmail':
      return { type: 'send_email', config: { subject: payload.subject, content: payload.content } };
    case 'callForwarding':
      return { type: 'call_forwarding', config: { target: payload.forwardNumber } };
    case 'sms':
      return { type: 'sms', config: { content: payload.content } };
    case 'webhook':
      return { type: 'webhook', config: { url: payload.webhook_url, fields: fieldsIn(payload.fields) } };
    case 'email_push': {
      const { target_email, subject, fields } = payload;
      return { type: 'email_push', config: { target_email, subject, fields: fieldsIn(fields) } };
    }
    case 'ghl_calendar': {
      const { ghlCalendarId: id, calendarPeriod: period } = payload;
      return { type: 'ghl_calendar', config: { ghl_calendar_id: id, calendar_period: period } };
    }
    case 'google_calendar': {
      const { google_title, google_description, google_duration, calendarPeriod: period } = payload;
      const description = google_description === undefined ? {} : { google_description };
      return { type: 'google_calendar', config: { google_title, google_duration, calendar_period: period, ...description } };
    }
    case 'dataCollection': {
      const { collectField: name } = payload;
      const type = known.find((field) => field.name === name)?.type ?? 'text';
      return { type: 'data_collection', config: { fields: [{ name, type }] } };
    }
  }
}

type Presented = z.input<typeof ActionResource>;

export const presentAction = (
  action: Action,
  ids: { id: number; agentId: number },
  known: readonly CustomField[] = [],
): Presented => ({
  ...ids,
  uuid: action.id,
  name: action.name,
  instruction: action.instruction ?? null,
  ...presentKind(action, known),
});

/** What was made in another dialect, and this one has no name for, keeps its own. */
function presentKind({ type, config }: Action, known: readonly CustomField[]): { actionType: string } & Record<string, unknown> {
  const fieldsJson = (names: readonly string[] = []): string =>
    JSON.stringify(names.map((value) => ({ value, label: known.find(({ name }) => name === value)?.label ?? value })));
  switch (type) {
    case 'send_email':
      return { actionType: 'sendEmail', subject: config.subject, content: config.content };
    case 'call_forwarding':
      return { actionType: 'callForwarding', forwardNumber: config.target };
    case 'sms':
      return { actionType: 'sms', content: config.content };
    case 'webhook':
      return { actionType: 'webhook', webhook_url: config.url, fields: fieldsJson(config.fields) };
    case 'email_push':
      return {
        actionType: 'email_push',
        target_email: config.targetEmail,
        subject: config.subject,
        fields: fieldsJson(config.fields),
      };
    case 'ghl_calendar':
      return { actionType: type, ghlCalendarId: config.ghlCalendarId, calendarPeriod: config.calendarPeriod };
    case 'google_calendar':
      return {
        actionType: type,
        google_title: config.googleTitle,
        google_description: config.googleDescription ?? '',
        google_duration: config.googleDuration,
        calendarPeriod: config.calendarPeriod,
      };
    case 'data_collection':
      return { actionType: 'dataCollection', collectField: config.fields.map(({ name }) => name).join(',') };
    default:
      return { actionType: type };
  }
}
