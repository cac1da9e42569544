import { toError } from './core/errors.js';

const USAGE = `usage: offhook <command>

  start                          serve calls and the API
  demo [--provider openai]       hold a whole conversation with the demo agent, and show what happened
  call <sip-uri> [steps]         place a call: --listen  --say TEXT  --interrupt TEXT  --press DIGITS  (in this order they happen)
                                 [--voice NAME] [--record FILE] [--patience SECONDS]
  keys create <name>             make an API key (shown once)  [--scopes agents:read,calls:read] [--expires 2030-12-31]
  keys list | keys revoke <id>   (a key with scopes may do only what they name, one that expired nothing)
  keys regenerate <id>           another secret for the same key (shown once)  [--expires 2030-12-31]
  backup <file>                  a checked copy of the database, made while the server runs
  users create <email>           somebody who logs in  [--role owner] [--organization NAME] [--name NAME] [--password-stdin]
  users list | users password <email>   (without --password-stdin a password is made up and shown once)
  config check | config print    the configuration that start would use
`;

/** Runs one command. Sets the exit code; the process ends when nothing is left to do. */
export async function main(args: readonly string[]): Promise<void> {
  const [command, ...rest] = args;
  try {
    process.exitCode = await run(command, rest);
  } catch (thrown) {
    process.stderr.write(`offhook: ${toError(thrown).message}\n`);
    process.exitCode = 1;
  }
}

/** Each command's code is loaded only when it is asked for: `offhook keys list` starts no engine. */
async function run(command: string | undefined, args: string[]): Promise<number> {
  switch (command) {
    case 'start':
      return (await import('./main.js')).serve(process.env);
    case 'demo':
      return (await import('./cli/demo.js')).demo(args, process.env);
    case 'call':
      return (await import('./cli/call.js')).call(args, process.env);
    case 'keys':
      return (await import('./cli/keys.js')).keys(args, process.env);
    case 'backup':
      return (await import('./cli/backup.js')).backup(args, process.env);
    case 'users':
      return (await import('./cli/users.js')).users(args, process.env);
    case 'config':
      return (await import('./cli/config.js')).config(args, process.env);
    default:
      process.stderr.write(USAGE);
      return command === undefined || command === 'help' || command === '--help' ? 0 : 2;
  }
}
