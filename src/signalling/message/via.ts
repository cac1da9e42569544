import { formatParams, type Params, parseParams } from './text.js';
import { formatHost, parseHostPort } from './uri.js';

export type Via = { transport: string; host: string; port: number | undefined; params: Params };

const SENT_PROTOCOL = /^SIP\s*\/\s*2\.0\s*\/\s*([A-Za-z0-9\-.!%*_+`'~]+)\s+/i;

/** One value of a Via header (RFC 3261 section 20.42), white space where the grammar allows it. */
export function parseVia(value: string): Via | undefined {
  const protocol = SENT_PROTOCOL.exec(value);
  if (!protocol) return undefined;
  const rest = value.slice(protocol[0].length);
  const semicolon = rest.indexOf(';');
  const sentBy = parseHostPort((semicolon < 0 ? rest : rest.slice(0, semicolon)).trim());
  const params = parseParams(semicolon < 0 ? '' : rest.slice(semicolon));
  if (!sentBy || !params) return undefined;
  return { transport: (protocol[1] ?? '').toUpperCase(), host: sentBy.host, port: sentBy.port, params };
}

export function formatVia(via: Via): string {
  const port = via.port === undefined ? '' : `:${via.port}`;
  return `SIP/2.0/${via.transport} ${formatHost(via.host)}${port}${formatParams(via.params)}`;
}
