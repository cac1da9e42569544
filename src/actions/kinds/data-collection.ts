import type { CollectedField } from '../../domain/action.js';
import type { AgentSettings } from '../../domain/agent.js';
import type { CollectedData } from '../../domain/call.js';
import { lastQuestion } from '../../pipeline/language/questions.js';
import { type OpenAction, ToolFailure } from '../tool.js';
import { expectedAnswer, names } from '../values/expected-answer.js';
import { readValue } from '../values/read-value.js';

/** Finds out about the caller: what the model passes on is read by the type of its field, checked, and kept with the call. */
export const openDataCollection: OpenAction<'data_collection'> = ({ action, setting, deps }) => {
  const fields = action.config.fields.map((field) => withLabel(field, setting.settings));
  const properties = Object.fromEntries(
    fields.map(({ name, label, type, options }) => [
      name,
      {
        type: 'string',
        description: `${label ?? name} (${type}${options?.length ? `; one of: ${options.join(', ')}` : ''})`,
      },
    ]),
  );
  const definition = {
    name: '',
    description:
      'Notes what the caller has said of themselves. Pass on the words of the caller, unchanged: letters that were spelled, numbers and dates as they were said.',
    parameters: { type: 'object', properties, minProperties: 1, additionalProperties: false },
  };
  return [
    {
      action,
      definition,
      repeatable: true,
      asksFor(words) {
        const question = lastQuestion(words) ?? '';
        const asked = fields.find((field) => names(question, field));
        return asked && expectedAnswer(asked);
      },
      async run({ args }) {
        const nowMs = deps.clock.nowMs();
        const { language, timezone = 'utc' } = setting.settings;
        const collected: Record<string, CollectedData[string]> = {};
        const faults: string[] = [];
        const refused: CollectedField[] = [];
        for (const field of fields.filter(({ name }) => Object.hasOwn(args, name))) {
          const reading = readValue(args[field.name], field, { nowMs, timezone, language });
          if ('value' in reading) collected[field.name] = reading.value;
          else {
            faults.push(`${field.label ?? field.name} ${reading.fault}`);
            refused.push(field);
          }
        }
        if (Object.keys(collected).length > 0) setting.collect(collected);
        if (faults.length > 0) {
          const noted = Object.keys(collected).length > 0 ? ` Noted: ${JSON.stringify(collected)}.` : '';
          // Of several the model asks for one first, which is anybody's guess.
          const expect = refused.length === 1 ? refused.map(expectedAnswer)[0] : undefined;
          throw new ToolFailure(`${faults.join('; ')}. Ask the caller again.${noted}`, { refused: true, expect });
        }
        return { result: collected };
      },
    },
  ];
};

/** A field that the agent has as a custom field is called what it is called there. */
function withLabel(field: CollectedField, { customFields }: AgentSettings): CollectedField {
  const custom = customFields?.find(({ name }) => name === field.name);
  return { ...field, label: field.label ?? custom?.label };
}
