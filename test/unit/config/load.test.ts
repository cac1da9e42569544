import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ConfigError } from '../../../src/config/faults.js';
import { type LoadOptions, loadConfig } from '../../../src/config/load.js';
import { printConfig } from '../../../src/config/print.js';
import type { Config } from '../../../src/config/schema.js';
import { DEFAULT_TENANT } from '../../../src/core/ids.js';

function faultsOf(env: NodeJS.ProcessEnv, options: LoadOptions = {}): string[] {
  try {
    loadConfig(env, options);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n').slice(1);
    throw error;
  }
  return [];
}

function fileWith(t: { testdir(): string }, text: string | Buffer): string {
  const file = join(t.testdir(), 'own.yaml');
  writeFileSync(file, text);
  return file;
}

void t.test('the shipped file alone is a configuration, and equals the defaults of the schema', async (t) => {
  const shipped = loadConfig({});
  t.equal(shipped.sip.port, 5060);
  t.same(shipped, loadConfig({}, { defaultFile: fileWith(t, '') }), 'two places say the same');
  t.same(shipped.speech.defaults, { stt: 'embedded', llm: 'script', tts: 'embedded' });
});

void t.test('file beats defaults, environment beats file, command line beats environment', async (t) => {
  const OFFHOOK_CONFIG = fileWith(t, 'sip: { port: 5070 }\nhttp: { port: 8070 }\nmedia: { capacity: 7 }\n');
  const env = { OFFHOOK_CONFIG, OFFHOOK_HTTP_PORT: '8071', OFFHOOK_SIP_PORT: '5071' };
  const config = loadConfig(env, { overrides: { sip: { port: 0 } } });
  t.equal(config.media.capacity, 7);
  t.equal(config.http.port, 8071);
  t.equal(config.sip.port, 0);
  t.equal(config.media.timeoutMs, 30_000, 'a file that sets one value of a section leaves the others');
});

void t.test('every documented variable reaches its setting', async (t) => {
  const config = loadConfig({
    OFFHOOK_DATA_DIR: '/var/lib/offhook',
    OFFHOOK_BIND: '127.0.0.1',
    OFFHOOK_SIP_PORT: '15060',
    OFFHOOK_SIP_TLS_PORT: '15061',
    OFFHOOK_SIP_TLS_CERTIFICATE: '/etc/offhook/cert.pem',
    OFFHOOK_SIP_TLS_KEY: '/etc/offhook/key.pem',
    OFFHOOK_SIP_TLS_CA: '/etc/offhook/ca.pem',
    OFFHOOK_HTTP_PORT: '0',
    OFFHOOK_RTP_PORTS: '30000-30999',
    OFFHOOK_EXTERNAL_IP: '203.0.113.7',
    OFFHOOK_ADMIN_KEY: 'va_0123456789abcdef',
    OFFHOOK_PUBLIC_URL: 'https://voice.example.com',
    OFFHOOK_SMTP_URL: 'smtp://offhook:secret@mail.example:587',
    OFFHOOK_SMTP_FROM: 'Offhook <offhook@example.com>',
    OFFHOOK_LOG_LEVEL: 'warn',
    OFFHOOK_DRACHTIO: '[::1]:9022',
    OFFHOOK_DRACHTIO_SECRET: 'cymru',
    OFFHOOK_SECRET_KEY: 'correct horse battery',
    OFFHOOK_OUTBOUND_GATEWAY: 'sip:{number}@trunk.example:5060',
    OFFHOOK_OUTBOUND_FROM: 'sip:+15550100@pbx.example',
    OPENAI_API_KEY: 'sk-test',
    OPENAI_BASE_URL: 'http://127.0.0.1:4000/v1',
  });
  t.match(config, {
    dataDir: '/var/lib/offhook',
    bind: '127.0.0.1',
    sip: {
      port: 15060,
      tlsPort: 15061,
      tls: { certificate: '/etc/offhook/cert.pem', key: '/etc/offhook/key.pem', ca: '/etc/offhook/ca.pem' },
    },
    http: { port: 0, publicUrl: 'https://voice.example.com' },
    smtp: { url: 'smtp://offhook:secret@mail.example:587', from: 'Offhook <offhook@example.com>' },
    media: { rtpPorts: { min: 30000, max: 30999 } },
    externalIp: '203.0.113.7',
    adminKey: 'va_0123456789abcdef',
    log: { level: 'warn' },
    drachtio: { host: '::1', port: 9022, secret: 'cymru' },
    secrets: { key: 'correct horse battery' },
    outbound: { gatewayUri: 'sip:{number}@trunk.example:5060', from: 'sip:+15550100@pbx.example' },
    speech: { openai: { apiKey: 'sk-test', baseUrl: 'http://127.0.0.1:4000/v1' } },
  });
});

void t.test('certificates of further names come with one for all others', async (t) => {
  const certificates = [{ certificate: '/b.pem', key: '/b.key' }];
  const faults = faultsOf({}, { overrides: { sip: { tls: { certificates } } } });
  t.match(faults, [/sip\.tls\.certificates .*needs sip\.tls\.certificate as well/]);
  const tls = { certificate: '/a.pem', key: '/a.key', certificates };
  t.match(loadConfig({}, { overrides: { sip: { tls } } }).sip.tls, tls);
});

void t.test('an openai key makes openai the default of all stages, unless the configuration chooses', async (t) => {
  const env = { OPENAI_API_KEY: 'sk-test' };
  t.same(loadConfig(env).speech.defaults, { stt: 'openai', llm: 'openai', tts: 'openai' });
  const overrides = { speech: { defaults: { tts: 'embedded' } } };
  t.same(loadConfig(env, { overrides }).speech.defaults, { stt: 'openai', llm: 'openai', tts: 'embedded' });
  const onlyChat = { speech: { openai: { llm: { baseUrl: 'http://127.0.0.1:11434/v1' } } } };
  t.same(loadConfig({}, { overrides: onlyChat }).speech.defaults, { stt: 'embedded', llm: 'openai', tts: 'embedded' });
});

void t.test('four faults come out as four lines, each naming the setting and where it was set', async (t) => {
  const OFFHOOK_CONFIG = fileWith(t, 'sip: { prot: 5060 }\nhttp: { port: 70000 }\n');
  const faults = faultsOf({ OFFHOOK_CONFIG, OFFHOOK_RTP_PORTS: '20001-20001', OFFHOOK_ADMIN_KEY: '' });
  t.equal(faults.length, 4 + 1, 'an empty key is both empty and too short');
  t.match(faults.join('\n'), /sip\.prot \(.*own\.yaml\): is not a setting/);
  t.match(faults.join('\n'), /http\.port \(.*own\.yaml\): .*65535/);
  t.match(faults.join('\n'), /media\.rtpPorts \(OFFHOOK_RTP_PORTS\): min must be even/);
  t.match(faults.join('\n'), /adminKey \(OFFHOOK_ADMIN_KEY\): must not be empty/);
});

void t.test('a variable of our prefix that does not exist is a fault, others are not ours to judge', async (t) => {
  t.match(faultsOf({ OFFHOOK_SIPPORT: '5060', HOME: '/root' }), [/OFFHOOK_SIPPORT \(environment\): is not a variable/]);
});

void t.test('text that is no number, range or address is refused where it stands', async (t) => {
  const faults = faultsOf({
    OFFHOOK_SIP_PORT: '5060 tcp',
    OFFHOOK_RTP_PORTS: '20000',
    OFFHOOK_BIND: 'everywhere',
    OFFHOOK_DRACHTIO: 'a:b:c',
    OFFHOOK_LOG_LEVEL: 'loud',
    OFFHOOK_DATABASE_URL: 'postgres://offhook:hunter2@db/offhook',
  });
  for (const name of ['SIP_PORT', 'RTP_PORTS', 'BIND', 'DRACHTIO', 'LOG_LEVEL', 'DATABASE_URL']) {
    t.match(faults.join('\n'), new RegExp(`\\(OFFHOOK_${name}\\)`), name);
  }
  t.notMatch(faults.join('\n'), /hunter2/, 'values are not repeated');
});

void t.test('a gateway needs a place for the number, and leaves room for calls that come in', async (t) => {
  const outbound = { gatewayUri: 'sip:trunk.example', allowedPrefixes: ['49'] };
  t.match(faultsOf({}, { overrides: { outbound } }), [/outbound\.gatewayUri .*\{number\}/, /outbound\.allowedPrefixes\.0 .*\+/]);
  const greedy = { gatewayUri: 'sip:{number}@trunk.example', maxConcurrent: 400 };
  t.match(faultsOf({}, { overrides: { outbound: greedy } }), [/outbound\.maxConcurrent .*below calls\.maxConcurrent/]);
});

void t.test('origins are as browsers send them, so that none is listed in vain', async (t) => {
  const load = (list: string) => ({ OFFHOOK_CONFIG: fileWith(t, `http: { corsOrigins: [${list}] }`) });
  const origins = ['https://app.example.com', 'http://localhost:3000', '*'];
  t.same(loadConfig(load(origins.map((origin) => `"${origin}"`).join())).http.corsOrigins, origins);
  for (const wrong of [
    'https://app.example.com/',
    'https://APP.example.com',
    'https://a.test:443',
    'app.example.com',
    'file:///',
    '',
  ]) {
    t.match(faultsOf(load(`"${wrong}"`)), [/http\.corsOrigins\.0.*must be an origin/], wrong);
  }
});

void t.test('further providers have names; what stands in must be there for its stage', async (t) => {
  const providers = {
    standby: { type: 'openai', baseUrl: 'http://127.0.0.1:4000/v1' },
    eleven: { type: 'elevenlabs', apiKey: 'xi-secret', voice: 'v' },
  };
  const fallbacks = { llm: ['standby', 'script'], tts: ['eleven', 'embedded'] };
  const config = loadConfig({}, { overrides: { speech: { providers, fallbacks } } });
  t.same(config.speech.fallbacks, { stt: [], ...fallbacks });
  t.notMatch(printConfig(config), /xi-secret/);
  const wrong = { stt: ['eleven'], llm: ['nobody'], tts: ['script'] };
  t.match(faultsOf({}, { overrides: { speech: { providers: { ...providers, Bad: {} }, fallbacks: wrong } } }), [/providers/]);
  t.match(faultsOf({}, { overrides: { speech: { providers, fallbacks: wrong } } }), [
    /fallbacks\.stt\.0.*which only speaks/,
    /fallbacks\.llm\.0.*must be one of script, openai, standby, eleven/,
    /fallbacks\.tts\.0.*must be one of embedded/,
  ]);
});

void t.test('openai without a way to reach it is a fault', async (t) => {
  const overrides = { speech: { defaults: { stt: 'openai' } } };
  t.match(faultsOf({}, { overrides }), [/speech\.defaults\.stt \(command line\): is openai, but there is neither a key/]);
});

void t.test('a file that is missing, a folder, no YAML, no mapping or hostile is one clear fault', async (t) => {
  const cases: [string, RegExp][] = [
    ['/nonexistent/own.yaml', /cannot be read: ENOENT/],
    [t.testdirName, /cannot be read: E/],
    [fileWith(t, 'sip: [unclosed'), /cannot be read/],
  ];
  for (const [file, expected] of cases) t.match(faultsOf({ OFFHOOK_CONFIG: file }), [expected], file);
  t.match(faultsOf({ OFFHOOK_CONFIG: fileWith(t, '- a\n- b\n') }), [/must be a YAML mapping/]);
  t.match(faultsOf({ OFFHOOK_CONFIG: fileWith(t, 'a: &a [1]\nb: [*a, *a]\n') }), [/cannot be read/]);
  t.match(faultsOf({ OFFHOOK_CONFIG: fileWith(t, '__proto__: { sip: 1 }\n') }), [/__proto__ \(.*\): is not a setting/]);
  t.equal(faultsOf({ OFFHOOK_CONFIG: fileWith(t, Buffer.from([0xff, 0xfe, 0x00, 0x80])) }).length, 1);
  t.match(faultsOf({ OFFHOOK_CONFIG: fileWith(t, Buffer.alloc(1_100_000, 0x20)) }), [/larger than/]);
});

void t.test('printing redacts every secret and keeps the rest', async (t) => {
  const secrets = ['va_0123456789abcdef', 'sk-one', 'sk-two', 'cymru-secret', 'hunter2', 'word of the trunk', 'correct horse'];
  const config: Config = loadConfig(
    {
      OFFHOOK_ADMIN_KEY: 'va_0123456789abcdef',
      OPENAI_API_KEY: 'sk-one',
      OFFHOOK_DRACHTIO: 'drachtio:9022',
      OFFHOOK_DRACHTIO_SECRET: 'cymru-secret',
      OFFHOOK_SECRET_KEY: 'correct horse battery',
    },
    {
      overrides: {
        speech: { openai: { tts: { apiKey: 'sk-two' }, stt: { baseUrl: 'https://me:hunter2@stt.example/v1' } } },
        trunks: [{ name: 'Provider', kind: 'register', host: 'a.example', username: 'me', password: 'word of the trunk' }],
      },
    },
  );
  const printed = printConfig(config);
  for (const secret of secrets) t.notMatch(printed, secret, `${secret} does not leave`);
  t.match(printed, /adminKey: "?\[redacted\]/);
  t.match(printed, 'stt.example/v1');
  t.match(printed, 'port: 5060');
});

void t.test('a trunk of the file is held to the rules of the API', async (t) => {
  const trunks = [
    { name: 'a', kind: 'static' },
    { name: 'b', kind: 'static', host: 'b.example', sources: ['10/8'], pasword: 'x' },
  ];
  const faults = faultsOf({}, { overrides: { trunks } }).join('\n');
  t.match(faults, /trunks\.0\.host/);
  t.match(faults, /trunks\.1\.sources\.0/);
  t.match(faults, /trunks\.1\.pasword .*is not a setting/);
  const twice = [1, 2].map(() => ({ name: 'a', kind: 'static', host: 'a.example' }));
  t.match(faultsOf({}, { overrides: { trunks: twice } }), [/two trunks of one name/]);
});

void t.test('webhooks go out over HTTPS unless private addresses are allowed', async (t) => {
  const webhooks = { subscriptions: [{ url: 'http://127.0.0.1:9/hook', secret: 'short' }] };
  t.match(faultsOf({}, { overrides: { webhooks } }).join(), /subscriptions\.0\.secret.*16 characters/);
  const subscriptions = [{ url: 'http://127.0.0.1:9/hook' }];
  t.match(
    faultsOf({}, { overrides: { webhooks: { subscriptions } } }).join(),
    /subscriptions\.0\.url.*must be an https:\/\/ URL/,
  );
  const { webhooks: allowed } = loadConfig({}, { overrides: { webhooks: { allowPrivate: true, subscriptions } } });
  t.match(allowed.subscriptions, [{ events: ['call_started', 'call_completed', 'call_failed'], tenant: DEFAULT_TENANT }]);
});

void t.test('mail needs an address of our own to lead back to, and its password is not printed', (t) => {
  const smtp = { url: 'smtp://offhook:hidden@mail.example:587', from: 'offhook@example.com' };
  t.match(faultsOf({}, { overrides: { smtp } }), [/http\.publicUrl .*must be set with smtp/]);
  const faults = faultsOf({}, { overrides: { smtp: { url: 'http://mail.example', from: 'nobody' } } }).join('\n');
  t.match(faults, /smtp\.url .*must be an smtp:\/\//);
  t.match(faults, /smtp\.from .*must be an e-mail address/);
  const printed = printConfig(loadConfig({}, { overrides: { smtp, http: { publicUrl: 'https://voice.example.com' } } }));
  t.match(printed, 'mail.example:587');
  t.notMatch(printed, 'hidden');
  t.end();
});
