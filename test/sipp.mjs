// `npm run sipp -- <scenario> [--target host:port] [--service user] [--rate N] [--calls N] [--concurrent N] [--hold MS] [--transport tcp]`
// Runs one scenario of sipp-scenarios/ against a server: a running one (--target), or one that it starts for the purpose.
import { existsSync, readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { aptInstall, prepare } from '../src/setup.mjs';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    target: { type: 'string' },
    service: { type: 'string', default: 'echo' },
    rate: { type: 'string', default: '10' },
    calls: { type: 'string', default: '1' },
    concurrent: { type: 'string' },
    hold: { type: 'string', default: '1000' },
    transport: { type: 'string', default: 'udp' },
  },
});
const scenarios = readdirSync('sipp-scenarios').map((name) => name.replace(/\.xml$/, ''));
const [scenario] = positionals;
if (!scenarios.includes(scenario)) {
  process.stderr.write(`usage: npm run sipp -- <scenario>, one of: ${scenarios.join(' ')}\n`);
  process.exit(2);
}

await prepare({ systemPackages: false });
if (!existsSync('/usr/bin/sipp')) aptInstall(['sip-tester']);
const { runSipp } = await import('../dist/test/support/sipp.js');
const { startTestServer } = await import('../dist/test/support/server.js');

const server = values.target === undefined ? await startTestServer({ calls: { ringMs: 600 } }) : undefined;
const [host, port] = values.target?.split(':') ?? ['127.0.0.1', String(server.sipPort)];
try {
  const calls = Number(values.calls);
  const result = await runSipp({
    scenario,
    service: values.service,
    target: { host, port: Number(port) },
    calls,
    callsPerSecond: Number(values.rate),
    concurrent: Number(values.concurrent ?? calls),
    holdMs: Number(values.hold),
    transport: values.transport,
    timeoutS: 60 + calls / Number(values.rate) + Number(values.hold) / 1000,
  });
  process.stdout.write(
    `${scenario}: ${result.successful} calls succeeded, ${result.failed} failed, ${result.elapsedS.toFixed(1)} s\n`,
  );
} catch (error) {
  process.stdout.write(`${error.message}\n`);
  process.exitCode = 1;
} finally {
  await server?.close();
}
