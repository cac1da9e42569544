import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** Each trial is a process of its own, so that none finds the last one's caches, heap or compiled code. */
export async function trial<T>(name: string, parameters: object): Promise<T> {
  process.stderr.write(`bench: ${name} ${JSON.stringify(parameters)}\n`);
  const script = fileURLToPath(new URL(`./${name}-trial.js`, import.meta.url));
  const child = spawn(process.execPath, ['--enable-source-maps', script, JSON.stringify(parameters)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit') as Promise<[number | null]>]);
  if (code !== 0) throw new Error(`the ${name} trial ended with ${code}`);
  return JSON.parse(output) as T;
}
