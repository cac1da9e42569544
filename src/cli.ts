import { Command, CommanderError } from 'commander';
import { toError } from './core/errors.js';

type Run = (args: readonly string[], env: NodeJS.ProcessEnv) => Promise<number>;
type Entry = { summary: string; load: () => Promise<Run> };

/** Each command's code is loaded only when it is asked for: `offhook keys list` starts no engine. */
const COMMANDS: Readonly<Record<string, Entry>> = {
  start: {
    summary: 'serve calls and the API',
    load: async () => {
      const { serve } = await import('./main.js');
      return (_args, env) => serve(env);
    },
  },
  demo: {
    summary: 'hold a whole conversation with the demo agent, and show what happened  [--provider openai]',
    load: async () => (await import('./cli/demo.js')).demo,
  },
  call: {
    summary:
      'place a call: <sip-uri> [--listen] [--say TEXT] [--interrupt TEXT] [--press DIGITS] (in this order they happen) ' +
      '[--voice NAME] [--record FILE] [--patience SECONDS]',
    load: async () => (await import('./cli/call.js')).call,
  },
  agents: {
    summary: 'list | get | create | update | delete, on a running server',
    load: async () => (await import('./cli/remote/agents.js')).agents,
  },
  tasks: {
    summary: 'list | get | create | update | delete | execute | reset',
    load: async () => (await import('./cli/remote/tasks.js')).tasks,
  },
  calls: {
    summary: 'list | get | transcript | follow | recording | end | cancel | delete',
    load: async () => (await import('./cli/remote/calls.js')).calls,
  },
  trunks: {
    summary: 'list | get | status | create | update | delete',
    load: async () => (await import('./cli/remote/trunks.js')).trunks,
  },
  routes: {
    summary: 'list | get | test | create | update | delete',
    load: async () => (await import('./cli/remote/routes.js')).routes,
  },
  phones: {
    summary: 'list | get | create | update | delete',
    load: async () => (await import('./cli/remote/phones.js')).phones,
  },
  campaigns: {
    summary:
      'list | get | progress | create | update | delete | contacts | add-contact | remove-contact | start | pause | resume | cancel',
    load: async () => (await import('./cli/remote/campaigns.js')).campaigns,
  },
  'do-not-call': {
    summary: 'list | get | add | delete',
    load: async () => (await import('./cli/remote/do-not-call.js')).doNotCall,
  },
  texts: {
    summary: 'list | get | threads | send',
    load: async () => (await import('./cli/remote/texts.js')).texts,
  },
  webhooks: {
    summary: 'deliveries | get | replay | secret',
    load: async () => (await import('./cli/remote/webhooks.js')).webhooks,
  },
  keys: {
    summary:
      'API keys, on the database: create <name> (shown once) [--scopes agents:read,calls:read] [--expires 2030-12-31] | list | ' +
      'revoke <id> | regenerate <id> [--expires 2030-12-31]',
    load: async () => (await import('./cli/keys.js')).keys,
  },
  backup: {
    summary: 'a checked copy of the database, made while the server runs: <file>',
    load: async () => (await import('./cli/backup.js')).backup,
  },
  users: {
    summary:
      'who logs in, on the database: create <email> [--role owner] [--organization NAME] [--name NAME] [--password-stdin] | list | ' +
      'password <email>; without --password-stdin a password is made up and shown once',
    load: async () => (await import('./cli/users.js')).users,
  },
  config: {
    summary: 'the configuration that start would use: check | print',
    load: async () => (await import('./cli/config.js')).config,
  },
};

/** Runs one command. Sets the exit code; the process ends when nothing is left to do. */
export async function main(args: readonly string[]): Promise<void> {
  try {
    process.exitCode = await run(args);
  } catch (thrown) {
    process.stderr.write(`offhook: ${toError(thrown).message}\n`);
    process.exitCode = 1;
  }
}

/** Every command reads its own arguments; here only its name is looked up. */
async function run(args: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = new Command('offhook').enablePositionalOptions().exitOverride().showHelpAfterError();
  for (const [name, { summary, load }] of Object.entries(COMMANDS)) {
    program
      .command(name)
      .description(summary)
      .helpOption(false)
      .allowUnknownOption()
      .passThroughOptions()
      .argument('[args...]')
      .action(async (rest: string[]) => {
        exitCode = await (await load())(rest, process.env);
      });
  }
  if (args.length === 0) {
    program.outputHelp({ error: true });
    return 0;
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    return thrown.exitCode === 0 ? 0 : 2;
  }
}
