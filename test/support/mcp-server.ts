import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';

/** A server of the official SDK with a tool that adds, one that fails, and one more; asks for the token that it is given. */
export async function startMcpServer(t: { teardown(task: () => Promise<void>): void }, token: string): Promise<{ url: string }> {
  const server = createServer((request, response) => {
    if (request.headers.authorization !== `Bearer ${token}`) {
      response.writeHead(401).end();
      return;
    }
    const tools = new McpServer({ name: 'office', version: '1' });
    const numbers = { a: z.number(), b: z.number() };
    tools.registerTool('add', { description: 'Adds two numbers.', inputSchema: numbers }, ({ a, b }) => ({
      content: [{ type: 'text', text: String(a + b) }],
    }));
    tools.registerTool('fail', { description: 'Fails.' }, () => ({
      content: [{ type: 'text', text: 'out of stock' }],
      isError: true,
    }));
    tools.registerTool('hidden', { description: 'Is not for agents.' }, () => ({ content: [] }));
    const transport = new StreamableHTTPServerTransport();
    response.on('close', () => void transport.close());
    void tools.connect(transport as Parameters<McpServer['connect']>[0]).then(() => transport.handleRequest(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp` };
}
