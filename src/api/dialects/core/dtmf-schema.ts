import { z } from 'zod';
import { required } from './text-schema.js';

/** Nobody listens to menus within menus within menus for longer. */
const MAX_MENU_DEPTH = 3;

const RULE = {
  say: required(5000).optional().meta({ description: 'Said as soon as the key is pressed.' }),
  intent: required(200).optional().meta({ description: 'Acts as if the caller had said what this intent stands for.' }),
  end_call: z.boolean().optional().meta({ description: 'Ends the call, after `say` has been heard.' }),
  action: z
    .literal('do_not_call')
    .optional()
    .meta({
      description:
        "Puts the other party's number on the do-not-call list. `say` replaces the confirmation of the agent's `do_not_call`, " +
        '`end_call` what it says of the end of the call.',
    }),
  tool: required(64).optional().meta({
    description:
      'Uses an action of the agent, by the name the model knows it by: its own in lower case, with `_` between the words.',
    example: 'take_the_card',
  }),
  goto: required(200).optional().meta({ description: 'Opens a menu of the agent, wherever it stands; after `say`.' }),
} as const;

type Rule = { [Name in keyof typeof RULE]?: z.output<(typeof RULE)[Name]> };

/** What a key leads to: words go with all of them but an intent, which has its own. */
const DESTINATIONS = ['intent', 'action', 'tool', 'goto', 'menu'] as const;

const rule = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z
    .strictObject(shape)
    .refine((sent) => Object.keys(sent).length > 0, 'must say, name an intent, tool or menu, end the call or have an action')
    .refine(
      (sent) => DESTINATIONS.filter((name) => (sent as Record<string, unknown>)[name] !== undefined).length < 2,
      `must not have more than one of ${DESTINATIONS.join(', ')}`,
    );

const byKey = <Value extends z.ZodType>(value: Value) =>
  z.record(z.string().regex(/^[0-9*#A-D]$/, 'must be one of 0-9 * # A-D'), value);

const menuOf = <Value extends z.ZodType>(options: Value) =>
  z
    .strictObject({
      name: required(200).optional().meta({ description: 'For `goto`.' }),
      prompt: required(5000).meta({ example: 'For opening hours press one. For directions press two.' }),
      options: byKey(options).refine((keys) => Object.keys(keys).length > 0, 'must have at least one key'),
      timeout_ms: z.number().int().min(1_000).max(60_000).optional().meta({ description: 'From the end of the prompt.' }),
      retries: z
        .number()
        .int()
        .min(0)
        .max(10)
        .optional()
        .meta({ description: 'How often it is read out again; 2 when left out.' }),
      invalid_say: required(1000).optional().meta({ description: 'Said before it is, where the key was none of the options.' }),
    })
    .meta({ description: 'Read out; until a choice is made, or the caller says something, only its own keys count.' });

/** As it is sent and served. */
export type RuleBody = Rule & { menu?: MenuBody | undefined };
export type MenuBody = {
  name?: string | undefined;
  prompt: string;
  options: Record<string, RuleBody>;
  timeout_ms?: number | undefined;
  retries?: number | undefined;
  invalid_say?: string | undefined;
};

function ruleWithMenus(depth: number): z.ZodType<RuleBody> {
  if (depth === 0) return rule(RULE);
  return rule({ ...RULE, menu: menuOf(ruleWithMenus(depth - 1)).optional() });
}

export const DtmfRules = byKey(ruleWithMenus(MAX_MENU_DEPTH)).meta({
  description: `What a key press does, by the key. Menus lie in each other at most ${MAX_MENU_DEPTH} deep.`,
  example: { '1': { say: 'We are open from nine to five.' }, '9': { say: 'Goodbye.', end_call: true } },
});
