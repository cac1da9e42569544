// Express that answers constants, for `npm run bench -- api`: a process of its own, which prints its port. The bodies come on
// standard input as one JSON object by path; POST bodies are parsed, as any API does.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import express from 'express';

const bodies = JSON.parse(await text(process.stdin)) as Record<string, unknown>;
const app = express();
app.disable('x-powered-by');
app.set('etag', false);
app.use(express.json());
for (const [path, body] of Object.entries(bodies)) app.all(path, (_req, res) => void res.json(body));
const server = app.listen(0, '127.0.0.1');
await once(server, 'listening');
process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
