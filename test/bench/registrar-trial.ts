// One trial of `npm run bench -- registrar`: `registrar-trial.js '{"phones":1000,…}'`, prints its result as one line of JSON. So many
// phones register with digest as fast as they are answered, as after a power failure, and then refresh at a steady pace.
import { systemClock } from '../../src/core/clock.js';
import { coresBetween, residentBytes, sampleCpu } from './process-cpu.js';
import { RegisteringPhones } from './registering-phones.js';
import { startServerProcess } from './server-process.js';
import { quantile, rounded } from './statistics.js';

export type RegistrarParameters = { phones: number; atOnce: number; refreshesPerSecond: number; rounds: number };
type Phase = { registrationsPerS: number; p50Ms: number; p99Ms: number; serverCores: number; challenged: number; failed: number };
export type RegistrarResult = RegistrarParameters & { registering: Phase; refreshing: Phase; kilobytesPerPhone: number };

const PASSWORD = 'a password of the benchmark';

const parameters = JSON.parse(process.argv[2] ?? '{}') as RegistrarParameters;
process.stdout.write(`${JSON.stringify(await measure(parameters))}\n`);

async function measure(wanted: RegistrarParameters): Promise<RegistrarResult> {
  const users = Array.from({ length: wanted.phones }, (_, index) => `phone${index}`);
  const accounts = users.map((username) => ({ username, password: PASSWORD }));
  // The limits that protect calls from floods are not what is measured; nobody here answers a ping.
  const sip = {
    admission: { requestsPerSecond: 100_000, requestsPerSecondPerSource: 100_000 },
    registrar: { pingMs: 86_400_000 },
  };
  const server = await startServerProcess(
    `phones: ${JSON.stringify(accounts)}\nsip: ${JSON.stringify(sip)}\nlog: { level: warn }\n`,
  );
  const phones = await RegisteringPhones.open(server.sipPort, users, PASSWORD);
  const phase = async (count: number, run: () => Promise<void>): Promise<Phase> => {
    const [from, challenged, failed] = [phones.answerMs.length, phones.challenged, phones.failed];
    const [startMs, before] = [systemClock.monotonicMs(), sampleCpu(server.pid)];
    await run();
    const elapsedS = (systemClock.monotonicMs() - startMs) / 1000;
    const answers = phones.answerMs.slice(from);
    return {
      registrationsPerS: rounded(count / elapsedS, 0),
      p50Ms: rounded(quantile(answers, 0.5)),
      p99Ms: rounded(quantile(answers, 0.99)),
      serverCores: rounded(coresBetween(server.pid, before, sampleCpu(server.pid)).all),
      challenged: phones.challenged - challenged,
      failed: phones.failed - failed,
    };
  };
  const bytesBefore = residentBytes(server.pid);
  const registering = await phase(wanted.phones, () => phones.all(wanted.atOnce));
  const kilobytesPerPhone = rounded((residentBytes(server.pid) - bytesBefore) / 1024 / wanted.phones);
  const refreshing = await phase(wanted.phones * wanted.rounds, async () => {
    for (let round = 0; round < wanted.rounds; round += 1) await phones.paced(wanted.refreshesPerSecond);
  });
  const registered = await server.metric('offhook_registered_accounts{kind="phone"}');
  phones.close();
  await server.stop();
  if (registered !== wanted.phones) throw new Error(`${registered} of ${wanted.phones} phones are registered`);
  return { ...wanted, registering, refreshing, kilobytesPerPhone };
}
