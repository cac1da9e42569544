import type { ActionId, AgentId, TenantId } from '../core/ids.js';
import type { KeyRequest } from './key-collection.js';
import type { TransferKind } from './transfer.js';

export const VALUE_TYPES = ['text', 'name', 'spelled', 'email', 'phone', 'date', 'time', 'number', 'boolean'] as const;
/** How the words for a value are read: `spelled` is letter by letter ("B as in Bravo"), the others say what they are. */
export type ValueType = (typeof VALUE_TYPES)[number];

/** Something the agent is to find out. */
export type CollectedField = {
  /** Fills `{{name}}` as soon as it is known. */
  name: string;
  type: ValueType;
  /** What it is, for the model. */
  label?: string | undefined;
  /** The only values there are. */
  options?: readonly string[] | undefined;
  /** ISO 3166 code: where a telephone number without a country code is at home. */
  country?: string | undefined;
};

export const HTTP_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type HttpMethod = (typeof HTTP_METHODS)[number];

/** A request with `{{placeholders}}` in every text of it. */
export type RequestTemplate = {
  method: HttpMethod;
  url: string;
  headers: Readonly<Record<string, string>>;
  /** JSON; in a string that is nothing but a placeholder stands the value itself. */
  body?: unknown;
};

/** What each type of action is told beside what all are. */
export type ActionConfigs = {
  data_collection: { fields: readonly CollectedField[] };
  /** All that was collected where no fields are named. */
  webhook: { url: string; fields?: readonly string[] | undefined };
  http: RequestTemplate & {
    /** JSON Schema of what the model gives. */
    parameters: Readonly<Record<string, unknown>>;
    /** Where in the answer's JSON the result lies: `data.items.0`. */
    resultPath?: string | undefined;
    maxResponseBytes: number;
  };
  /** Without `to` the model has to give an address. */
  send_email: { to?: string | undefined; subject: string; content: string };
  email_push: { targetEmail: string; subject: string; fields?: readonly string[] | undefined };
  /** Without `to` to the caller; without `request` by SIP MESSAGE. */
  sms: { to?: string | undefined; content: string; request?: RequestTemplate | undefined };
  call_forwarding: {
    /** A number in E.164, a SIP URI, or `agent:` and the id of another agent. */
    target: string;
    kind: TransferKind;
    /** Said to the target before the caller is joined: attended only. Another agent is told it. */
    briefing?: string | undefined;
    ringTimeoutS?: number | undefined;
  };
  /** Asks for digits: `field` is what they are called. */
  collect_digits: Omit<KeyRequest, 'minLength'> & {
    field: string;
    /** As many as at most when absent. */
    minLength?: number | undefined;
    /** The agent's `http` or `webhook` action that they go to. */
    sendTo?: string | undefined;
    /** What the caller is to be told when it is done. */
    say?: string | undefined;
  };
  /** Periods and lengths as people write them: `1week`, `30 mins`. */
  ghl_calendar: { ghlCalendarId: string; calendarPeriod: string; title?: string | undefined; baseUrl: string };
  google_calendar: {
    googleTitle: string;
    googleDescription?: string | undefined;
    googleDuration: string;
    calendarPeriod: string;
    googleCalendarId: string;
    /** `HH:MM` by the agent's clock. */
    availableFrom: string;
    availableTo: string;
    /** 1 is Monday. */
    availableDays: readonly number[];
    baseUrl: string;
    tokenUrl: string;
  };
  /** All tools of the server where none are named. */
  mcp: { url: string; headers: Readonly<Record<string, string>>; tools?: readonly string[] | undefined };
};
export type ActionType = keyof ActionConfigs;

export const ACTION_TYPES = [
  'data_collection',
  'webhook',
  'http',
  'send_email',
  'email_push',
  'sms',
  'call_forwarding',
  'collect_digits',
  'ghl_calendar',
  'google_calendar',
  'mcp',
] as const satisfies readonly ActionType[];

export type ActionTerms = {
  name: string;
  enabled: boolean;
  /** When the model is to do it. Without one, a webhook or a mail of data is sent when the call has ended. */
  instruction: string | undefined;
  /** Said while it runs, where the model has said nothing of it. */
  preMessage: string | undefined;
  /** Of each attempt. */
  timeoutMs: number;
  /** Further attempts where the first has failed in a way that may pass. */
  retries: number;
};

export type ActionOf<Type extends ActionType> = ActionTerms & {
  id: ActionId;
  tenantId: TenantId;
  agentId: AgentId;
  type: Type;
  config: ActionConfigs[Type];
  /** The names of its secrets, which fill `{{secret.name}}`. */
  secretNames: readonly string[];
  /** All of them, as JSON. */
  sealedSecrets: string | undefined;
  version: number;
  createdAtMs: number;
  updatedAtMs: number;
};

/** Something an agent can do in a call beside talking. */
export type Action = { [Type in ActionType]: ActionOf<Type> }[ActionType];

/** What nobody is told to use when is done once the call is over, with all that was collected. */
export const runsAtEnd = ({ type, instruction, enabled }: Action): boolean =>
  enabled && instruction === undefined && AT_END.includes(type);

/** Those that may run when the call is over. */
export const AT_END: readonly ActionType[] = ['webhook', 'email_push'];

/** As the model knows it: a name that any provider takes (letters, digits, `_`). */
export const toolNameOf = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 40) || 'action';
