import { type Action, type ActionType, toolNameOf } from '../domain/action.js';
import type { CallSetting } from '../domain/ports/toolbox.js';
import { openGhlCalendar } from './calendars/ghl-calendar.js';
import { googleCalendarOpener } from './calendars/google-calendar.js';
import { openCallForwarding } from './kinds/call-forwarding.js';
import { openCollectDigits } from './kinds/collect-digits.js';
import { openDataCollection } from './kinds/data-collection.js';
import { openHttpTool } from './kinds/http-tool.js';
import { openEmailPush, openSendEmail } from './kinds/mail.js';
import { mcpOpener } from './kinds/mcp.js';
import { openSms } from './kinds/sms.js';
import { openWebhook } from './kinds/webhook.js';
import { openSecrets } from './secrets.js';
import { Templates } from './templates.js';
import type { ActionDeps, OpenAction, OpenActions, Opened, Tool } from './tool.js';

type Kinds = { readonly [Type in ActionType]: OpenAction<Type> };

/** What a model is told of a tool, by most providers. */
const MAX_DESCRIPTION = 1_000;

/** Opens all at once; one that cannot be opened is logged, and missing in the call. */
export function actionOpener(deps: ActionDeps): OpenActions {
  const kinds: Kinds = {
    data_collection: openDataCollection,
    webhook: openWebhook,
    http: openHttpTool,
    send_email: openSendEmail,
    email_push: openEmailPush,
    sms: openSms,
    call_forwarding: openCallForwarding,
    collect_digits: openCollectDigits,
    ghl_calendar: openGhlCalendar,
    google_calendar: googleCalendarOpener(),
    mcp: mcpOpener(),
  };
  return async (actions, setting) =>
    (await Promise.all(actions.map((action) => openOne(action, actions, setting, deps, kinds)))).flat();
}

async function openOne(
  action: Action,
  all: readonly Action[],
  setting: CallSetting,
  deps: ActionDeps,
  kinds: Kinds,
): Promise<readonly Tool[]> {
  try {
    const secrets = openSecrets(action, deps.box);
    const templates = new Templates(() => setting.values(), secrets);
    // Found by the type of the very action that it is given.
    const open = kinds[action.type] as OpenAction<typeof action.type>;
    const openOther: Opened<ActionType>['openOther'] = async (name, inSetting) => {
      const other = all.find((one) => one !== action && toolNameOf(one.name) === toolNameOf(name));
      return other ? openOne(other, all, inSetting, deps, kinds) : [];
    };
    const tools = await open({ action, setting, deps, templates, secrets, openOther });
    return tools.map((tool) => ({ ...tool, definition: named(tool.definition, action) }));
  } catch (error) {
    setting.log.warn({ err: error, actionId: action.id, type: action.type }, 'action not opened');
    return [];
  }
}

/** A tool's own name and words stand behind those of its action, which are the operator's. */
function named({ name, description, parameters }: Tool['definition'], action: Action): Tool['definition'] {
  const own = toolNameOf(action.name);
  const words = [action.instruction, description].filter((text) => text !== undefined && text !== '').join('\n');
  return { name: name === '' ? own : `${own}_${name}`.slice(0, 64), description: words.slice(0, MAX_DESCRIPTION), parameters };
}
