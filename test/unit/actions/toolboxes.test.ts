import t from 'tap';
import { AgentToolboxes } from '../../../src/actions/agent-toolboxes.js';
import type { ActionDeps } from '../../../src/actions/tool.js';
import { FakeClock } from '../../../src/core/clock.js';

void t.test('nothing holds the process once the tools are closed', async (t) => {
  const clock = new FakeClock();
  await new AgentToolboxes({ clock } as unknown as ActionDeps).close();
  t.equal(clock.pendingTimers, 0);
});
