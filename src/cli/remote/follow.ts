import type { LiveMessageBody } from '../../api/live/live-schema.js';
import { AppError } from '../../core/errors.js';
import { print, printable } from './output.js';
import { answerOf, type Remote } from './remote.js';
import { entryLine } from './transcript-line.js';

/** Prints what is said as it is said, and resolves when the call has ended. @throws AppError when the connection ends before it. */
export async function followCall(remote: Remote, id: string): Promise<void> {
  const options = { params: { path: { id } }, parseAs: 'stream' as const };
  const stream = answerOf(await remote.client.GET('/api/v1/calls/{id}/events', options));
  let printed = 0;
  let ended = false;
  for await (const message of messagesOf(stream as AsyncIterable<Uint8Array> | null | undefined)) {
    if (message.type === 'call_status_update') ended = ['completed', 'failed'].includes(message.data.status);
    if (remote.json) print(JSON.stringify(message));
    else printed = show(message, printed);
  }
  if (!ended) throw new AppError('internal', 'the connection ended before the call');
}

/** Prints what is new of a message; `printed` is the sequence of the last entry that was. */
function show(message: LiveMessageBody, printed: number): number {
  if (message.type === 'call_status_update') {
    const { status, end_reason: reason } = message.data;
    print(`-- ${status}${reason === null ? '' : `, ${reason}`}`);
  }
  if (message.type === 'error') process.stderr.write(`${printable(message.error)}\n`);
  if (message.type !== 'transcript_update') return printed;
  const fresh = message.data.transcript.filter(({ sequence }) => sequence > printed);
  for (const entry of fresh) print(entryLine(entry));
  return fresh.at(-1)?.sequence ?? printed;
}

/** The messages of a stream of server-sent events; ours have one line of data each. */
async function* messagesOf(stream: AsyncIterable<Uint8Array> | null | undefined): AsyncGenerator<LiveMessageBody> {
  const decoder = new TextDecoder();
  let pending = '';
  for await (const bytes of stream ?? []) {
    pending += decoder.decode(bytes, { stream: true });
    const lines = pending.split('\n');
    pending = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data: ')) yield JSON.parse(line.slice(6)) as LiveMessageBody;
  }
}
