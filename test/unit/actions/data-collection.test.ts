import t from 'tap';
import { AgentToolbox } from '../../../src/actions/agent-toolbox.js';
import { actionOpener } from '../../../src/actions/open-actions.js';
import type { ActionDeps } from '../../../src/actions/tool.js';
import { FakeClock } from '../../../src/core/clock.js';
import type { Action, CollectedField } from '../../../src/domain/action.js';
import type { CallSetting, ToolResult } from '../../../src/domain/ports/toolbox.js';

const FIELDS: CollectedField[] = [
  { name: 'policy_reference', type: 'phone', country: 'US' },
  { name: 'contact', type: 'email', label: 'where to write to' },
  { name: 'colour', type: 'text', options: ['red', 'blue'] },
  { name: 'remark', type: 'text' },
];

/** An agent that collects these fields, as its conversation sees it. */
async function toolbox(): Promise<AgentToolbox> {
  const action = {
    id: 'a',
    type: 'data_collection',
    name: 'Note',
    enabled: true,
    instruction: 'Note it.',
    retries: 0,
    config: { fields: FIELDS },
  };
  const deps = { clock: new FakeClock(), actions: { list: async () => [action as unknown as Action] } } as unknown as ActionDeps;
  const setting = {
    call: () => ({ agentId: 'agent', tenantId: 'tenant' }),
    settings: { language: 'en-US' },
    values: () => ({}),
    collect: () => {},
    note: () => {},
    log: { error: () => {}, warn: () => {} },
  } as unknown as CallSetting;
  const opened = new AgentToolbox(setting, deps, actionOpener(deps));
  await opened.definitions();
  return opened;
}

void t.test('a value that is refused is expected again', async (t) => {
  const tools = await toolbox();
  const [definition] = await tools.definitions();
  const note = (args: Record<string, string>): Promise<ToolResult> =>
    tools.run({ id: '1', name: definition?.name ?? '', arguments: args });
  t.same((await note({ policy_reference: 'five five' })).expect, { kind: 'digits' });
  t.same((await note({ contact: 'anna at' })).expect, { kind: 'email' });
  t.same((await note({ colour: 'green', remark: 'none' })).expect, { kind: 'choice', choices: ['red', 'blue'] });
  t.equal((await note({ colour: 'green', contact: 'anna' })).expect, undefined, 'of two nobody knows which is asked for');
  t.equal((await note({ colour: 'red' })).expect, undefined);
});

void t.test('a question that names a field expects what the field takes', async (t) => {
  const tools = await toolbox();
  t.same(tools.asksFor('Thank you. May I have your policy reference?'), { kind: 'digits' });
  t.same(tools.asksFor('And where to write to?'), { kind: 'email' });
  t.same(tools.asksFor('Any colour?'), { kind: 'choice', choices: ['red', 'blue'] });
  t.equal(tools.asksFor('Any remark?'), undefined, 'anything may be said');
  t.equal(tools.asksFor('The colour is noted. What else?'), undefined, 'what is no question asks for nothing');
});
