import { escapeHtml } from '../../../core/html.js';
import { prose } from './docs-schema.js';
import { type Json, objectOf, resolve, textOf } from './json.js';

/** The live transcript, from the AsyncAPI document: where to connect, and what is said there. */
export function liveHtml(document: Json): string {
  const channels = Object.values(objectOf(document['channels'])).map((value) => {
    const { address, description } = objectOf(value);
    return `<h3><code>${escapeHtml(textOf(address))}</code></h3><p>${prose(textOf(description))}</p>`;
  });
  const messages = Object.entries(objectOf(objectOf(document['components'])['messages'])).map(([name, value]) => {
    const message = resolve(objectOf(value), document);
    const [example] = Array.isArray(message['examples']) ? (message['examples'] as Json[]) : [];
    const from = name === 'ping' ? 'from you' : 'from the server';
    return `<details class="operation"><summary><code class="path">${escapeHtml(name)}</code><span>${prose(textOf(message['summary']))} <i>(${from})</i></span></summary>
<pre>${escapeHtml(JSON.stringify(example?.['payload'], undefined, 2) ?? '')}</pre></details>`;
  });
  return `${channels.join('')}<h3>Messages</h3>${messages.join('')}
<p>The same as data: <a href="/asyncapi.json">asyncapi.json</a>.</p>`;
}
