import type { ConfigFault } from './faults.js';

/** Where a variable lands in the configuration, and how its text becomes a value; text that does not parse is passed on for the schema to refuse. */
type Variable = { path: readonly string[]; parse: (text: string) => unknown };

const asText = (text: string): unknown => text;
const asList = (text: string): unknown => text.split(',').map((part) => part.trim());
const asInteger = (text: string): unknown => (/^[+-]?\d{1,15}$/.test(text.trim()) ? Number(text) : text);

function asPortRange(text: string): unknown {
  const match = /^\s*(\d{1,5})\s*-\s*(\d{1,5})\s*$/.exec(text);
  return match ? { min: Number(match[1]), max: Number(match[2]) } : text;
}

/** `host:port`, `[2001:db8::1]:port` or a host alone. */
function asHostAndPort(text: string): unknown {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text.trim());
  if (!match) return text;
  const host = match[1] ?? match[2];
  return match[3] === undefined ? { host } : { host, port: Number(match[3]) };
}

const VARIABLES: Readonly<Record<string, Variable>> = {
  OFFHOOK_DATA_DIR: { path: ['dataDir'], parse: asText },
  OFFHOOK_BIND: { path: ['bind'], parse: asText },
  OFFHOOK_SIP_PORT: { path: ['sip', 'port'], parse: asInteger },
  OFFHOOK_SIP_TLS_PORT: { path: ['sip', 'tlsPort'], parse: asInteger },
  OFFHOOK_SIP_WS_PORT: { path: ['sip', 'wsPort'], parse: asInteger },
  OFFHOOK_SIP_WSS_PORT: { path: ['sip', 'wssPort'], parse: asInteger },
  OFFHOOK_SIP_TLS_CERTIFICATE: { path: ['sip', 'tls', 'certificate'], parse: asText },
  OFFHOOK_SIP_TLS_KEY: { path: ['sip', 'tls', 'key'], parse: asText },
  OFFHOOK_SIP_TLS_CA: { path: ['sip', 'tls', 'ca'], parse: asText },
  OFFHOOK_HTTP_PORT: { path: ['http', 'port'], parse: asInteger },
  OFFHOOK_PUBLIC_URL: { path: ['http', 'publicUrl'], parse: asText },
  OFFHOOK_SMTP_URL: { path: ['smtp', 'url'], parse: asText },
  OFFHOOK_SMTP_FROM: { path: ['smtp', 'from'], parse: asText },
  OFFHOOK_RTP_PORTS: { path: ['media', 'rtpPorts'], parse: asPortRange },
  OFFHOOK_SRTP: { path: ['media', 'srtp'], parse: asText },
  OFFHOOK_EXTERNAL_IP: { path: ['externalIp'], parse: asText },
  OFFHOOK_ADMIN_KEY: { path: ['adminKey'], parse: asText },
  OFFHOOK_LOG_LEVEL: { path: ['log', 'level'], parse: asText },
  OFFHOOK_DRACHTIO: { path: ['drachtio'], parse: asHostAndPort },
  OFFHOOK_DRACHTIO_SECRET: { path: ['drachtio', 'secret'], parse: asText },
  OFFHOOK_RECORDING_FORMAT: { path: ['recordings', 'format'], parse: asText },
  OFFHOOK_RECORDING_KEYS: { path: ['recordings', 'keys'], parse: asList },
  OFFHOOK_SECRET_KEY: { path: ['secrets', 'key'], parse: asText },
  OFFHOOK_OUTBOUND_GATEWAY: { path: ['outbound', 'gatewayUri'], parse: asText },
  OFFHOOK_OUTBOUND_FROM: { path: ['outbound', 'from'], parse: asText },
  OFFHOOK_DATABASE_URL: { path: ['databaseUrl'], parse: asText },
  OPENAI_API_KEY: { path: ['speech', 'openai', 'apiKey'], parse: asText },
  OPENAI_BASE_URL: { path: ['speech', 'openai', 'baseUrl'], parse: asText },
};

/** Names the file of the operator's own values; read before the rest. */
export const CONFIG_FILE_VARIABLE = 'OFFHOOK_CONFIG';

/** Variables that are ours without being settings: the second is read by the set-up, the last two by commands that ask a server. */
const NOT_SETTINGS: readonly string[] = [CONFIG_FILE_VARIABLE, 'OFFHOOK_NO_APT', 'OFFHOOK_URL', 'OFFHOOK_API_KEY'];

export type Setting = { path: readonly string[]; value: unknown; source: string };

/** What the environment sets, and faults for variables that are ours by their prefix but mean nothing: most likely a typo. */
export function settingsOf(env: NodeJS.ProcessEnv): { settings: Setting[]; faults: ConfigFault[] } {
  const settings: Setting[] = [];
  const faults: ConfigFault[] = [];
  for (const name of Object.keys(env).sort()) {
    if (NOT_SETTINGS.includes(name) || !name.startsWith('OFFHOOK_') || Object.hasOwn(VARIABLES, name)) continue;
    faults.push({ field: name, source: 'environment', message: 'is not a variable of Offhook' });
  }
  // In the order of the table, so that OFFHOOK_DRACHTIO_SECRET lands in the object that OFFHOOK_DRACHTIO made.
  for (const [name, variable] of Object.entries(VARIABLES)) {
    const text = env[name];
    // Other programs' variables are often set to nothing on purpose; ours never are.
    if (text === undefined || (text === '' && !name.startsWith('OFFHOOK_'))) continue;
    settings.push({ path: variable.path, value: text === '' ? '' : variable.parse(text), source: name });
  }
  return { settings, faults };
}
