import { isIPv4, isIPv6 } from 'node:net';
import { formatParams, type Params, parseParams } from './text.js';

/** A `sip:` or `sips:` URI. `host` has no brackets when it is an IPv6 address. */
export type SipUri = {
  scheme: 'sip' | 'sips';
  user: string | undefined;
  host: string;
  port: number | undefined;
  params: Params;
  /** What follows `?`, as it came. */
  headers: string | undefined;
};

const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):/;
/** RFC 3261 section 25.1: user and password characters, escapes included. */
const USER_INFO = /^(?:[A-Za-z0-9\-_.!~*'()&=+$,;?/:]|%[0-9A-Fa-f]{2}|[\u0080-\uffff])+$/;
const HOST_NAME = /^(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?\.)*[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?\.?$/;
const PORT = /^\d{1,5}$/;
const MAX_URI_LENGTH = 4096;

export const uriScheme = (text: string): string | undefined => SCHEME.exec(text)?.[1]?.toLowerCase();

export const formatHost = (host: string): string => (host.includes(':') ? `[${host}]` : host);

export function parsePort(text: string): number | undefined {
  if (!PORT.test(text)) return undefined;
  const port = Number(text);
  return port >= 1 && port <= 65535 ? port : undefined;
}

/** `host`, `host:port` or `[v6]:port`. @returns undefined when it is none of them. */
export function parseHostPort(text: string): { host: string; port: number | undefined } | undefined {
  const v6 = /^\[([^\]]*)\](?:\s*:\s*(.*))?$/.exec(text);
  let host: string;
  let portText: string | undefined;
  if (v6) {
    host = v6[1] ?? '';
    portText = v6[2];
    if (!isIPv6(host)) return undefined;
  } else {
    const colon = text.indexOf(':');
    host = (colon < 0 ? text : text.slice(0, colon)).trim();
    portText = colon < 0 ? undefined : text.slice(colon + 1).trim();
    if (host.length > 255 || !(isIPv4(host) || HOST_NAME.test(host))) return undefined;
  }
  if (portText === undefined) return { host, port: undefined };
  const port = parsePort(portText);
  return port === undefined ? undefined : { host, port };
}

/** @returns undefined for other schemes and for what RFC 3261 section 19.1.1 does not allow. */
export function parseSipUri(text: string): SipUri | undefined {
  if (text.length > MAX_URI_LENGTH || /[\s<>"]/.test(text)) return undefined;
  const scheme = uriScheme(text);
  if (scheme !== 'sip' && scheme !== 'sips') return undefined;
  let rest = text.slice(scheme.length + 1);
  let user: string | undefined;
  const at = rest.indexOf('@');
  if (at >= 0) {
    user = rest.slice(0, at);
    if (!USER_INFO.test(user)) return undefined;
    rest = rest.slice(at + 1);
  }
  const question = rest.indexOf('?');
  const headers = question < 0 ? undefined : rest.slice(question + 1);
  if (question >= 0) rest = rest.slice(0, question);
  const semicolon = rest.indexOf(';');
  const hostPort = parseHostPort(semicolon < 0 ? rest : rest.slice(0, semicolon));
  if (!hostPort) return undefined;
  const params = semicolon < 0 ? new Map() : parseParams(rest.slice(semicolon));
  if (!params) return undefined;
  return { scheme, user, host: hostPort.host, port: hostPort.port, params, headers };
}

export function formatSipUri(uri: SipUri): string {
  const user = uri.user === undefined ? '' : `${uri.user}@`;
  const port = uri.port === undefined ? '' : `:${uri.port}`;
  const headers = uri.headers === undefined ? '' : `?${uri.headers}`;
  return `${uri.scheme}:${user}${formatHost(uri.host)}${port}${formatParams(uri.params)}${headers}`;
}
