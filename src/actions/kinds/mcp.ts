import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Clock } from '../../core/clock.js';
import { toError } from '../../core/errors.js';
import type { ToolDefinition } from '../../domain/ports/speech.js';
import { type Fetch, type OpenAction, type Opened, ToolFailure } from '../tool.js';

type Listed = ToolDefinition & { serverName: string };

/** A call is not kept waiting for the tools of a server that is slow to list them. */
const LIST_WITHIN_MS = 3_000;
/** What a server has listed holds for the calls of so long. */
const KEEP_LIST_MS = 300_000;
const MAX_TOOLS = 50;
const MAX_ANSWER_BYTES = 1_048_576;

/** Tools of servers that speak the Model Context Protocol over streamable HTTP. Lists are kept from call to call. */
export function mcpOpener(): OpenAction<'mcp'> {
  const lists = new Map<string, { tools: readonly Listed[]; untilMs: number }>();
  return async (opened) => {
    const { action, deps } = opened;
    const { id, version } = action;
    const nowMs = deps.clock.monotonicMs();
    const key = `${id}:${version}`;
    const present = lists.get(key);
    const tools = present && present.untilMs > nowMs ? present.tools : await listTools(opened);
    for (const [other, { untilMs }] of lists) if (untilMs <= nowMs) lists.delete(other);
    lists.set(key, { tools, untilMs: nowMs + KEEP_LIST_MS });
    return tools.map(({ serverName, ...definition }) => ({
      action,
      definition,
      run: ({ args, signal }) => callTool(opened, serverName, args, signal),
    }));
  };
}

async function listTools(opened: Opened<'mcp'>): Promise<Listed[]> {
  const { config } = opened.action;
  const { signal, cancel } = deadline(opened.deps.clock, LIST_WITHIN_MS);
  try {
    const { tools } = await connected(opened, signal, (client) => client.listTools({}, { signal }));
    return tools
      .filter(({ name }) => config.tools === undefined || config.tools.includes(name))
      .slice(0, MAX_TOOLS)
      .map(({ name, description = '', inputSchema }) => ({
        serverName: name,
        name: name.replace(/[^A-Za-z0-9_-]/g, '_'),
        description,
        parameters: inputSchema,
      }));
  } finally {
    cancel();
  }
}

async function callTool(opened: Opened<'mcp'>, name: string, args: Readonly<Record<string, unknown>>, signal: AbortSignal) {
  const options = { signal, timeout: opened.action.timeoutMs };
  const answer = await connected(opened, signal, (client) => client.callTool({ name, arguments: args }, undefined, options));
  const content = Array.isArray(answer.content) ? (answer.content as readonly { type?: unknown; text?: unknown }[]) : [];
  const text = content.flatMap((part) => (part.type === 'text' && typeof part.text === 'string' ? [part.text] : [])).join('\n');
  if (answer.isError === true) throw new ToolFailure(text || 'It did not work.', { reason: 'the server says it failed' });
  return { result: answer.structuredContent ?? text };
}

/** A session of its own for each use: a server that was restarted between two is none the wiser. */
async function connected<T>(
  { action, deps, templates }: Opened<'mcp'>,
  signal: AbortSignal,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({ name: 'offhook', version: '1' });
  const headers = templates.headers(action.config.headers);
  const transport = new StreamableHTTPClientTransport(new URL(action.config.url), {
    fetch: limited(deps.fetch),
    requestInit: { headers },
  });
  try {
    await client.connect(transport, { signal });
    return await use(client);
  } catch (thrown) {
    if (thrown instanceof ToolFailure) throw thrown;
    const { message } = toError(thrown);
    throw new ToolFailure('The other system cannot be reached, or did not understand.', { reason: message, cause: thrown });
  } finally {
    await client.close().catch(() => undefined);
  }
}

/** An answer that goes on and on is cut off, which its reader takes for a broken connection. */
const limited =
  (fetch: Fetch): Fetch =>
  async (url, init) => {
    const response = await fetch(url, init);
    if (!response.body) return response;
    let received = 0;
    const counted = response.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          received += chunk.length;
          if (received > MAX_ANSWER_BYTES) controller.error(new Error(`more than ${MAX_ANSWER_BYTES} bytes`));
          else controller.enqueue(chunk);
        },
      }),
    );
    return new Response(counted, { status: response.status, headers: response.headers });
  };

function deadline(clock: Clock, limitMs: number): { signal: AbortSignal; cancel: () => void } {
  const abort = new AbortController();
  const cancel = clock.schedule(limitMs, () => abort.abort(new Error(`no list of tools within ${limitMs} ms`)));
  return { signal: abort.signal, cancel };
}
