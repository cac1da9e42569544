import t, { type Test } from 'tap';
import { FakeClock } from '../../../src/core/clock.js';
import { AppError } from '../../../src/core/errors.js';
import { silentLogger } from '../../../src/core/log.js';
import type { Call } from '../../../src/domain/call.js';
import type { LanguageModel } from '../../../src/domain/ports/speech.js';
import { ReportService, type ReportServiceDeps } from '../../../src/reports/report-service.js';
import { NullRecognizer } from '../../../src/speech/embedded/null-recognizer.js';
import { demoAgent } from '../../../src/speech/script/demo-agent.js';
import { ScriptBrain } from '../../../src/speech/script/script-brain.js';
import { type Database, openDatabase } from '../../../src/storage/database.js';
import { FakeTts } from '../../support/fake-speech.js';
import { sampleAgent, sampleCompletedCall, sampleEntry } from '../../support/sample-records.js';
import { until } from '../../support/until.js';
import { WRITTEN, WritingModel } from '../../support/writing-model.js';

type Bench = { database: Database; clock: FakeClock; reports: ReportService; call: Call; settled: () => number };

/** A call that has just ended, of an agent that thinks with `llm`. */
async function start(t: Test, llm: LanguageModel, changes: Partial<ReportServiceDeps> = {}): Promise<Bench> {
  const database = await openDatabase(':memory:');
  const clock = new FakeClock();
  let settled = 0;
  const suite = { stt: new NullRecognizer(), llm, tts: new FakeTts(clock) };
  const reports = new ReportService({
    ...database,
    speech: { suiteFor: () => suite },
    reader: new ScriptBrain(),
    demoAgent,
    openRecording: () => Promise.reject(new AppError('recording_not_found', 'none')),
    clock,
    log: silentLogger,
    automatic: true,
    timeoutMs: 30_000,
    transcriptionTimeoutMs: 30_000,
    webhookWaitMs: 3000,
    onSettled: () => {
      settled += 1;
    },
    ...changes,
  });
  t.teardown(async () => {
    await reports.close();
    await database.close();
  });
  const agent = sampleAgent();
  await database.agents.insert(agent);
  const call = sampleCompletedCall(agent.id, { endedAtMs: clock.nowMs() });
  await database.calls.insert(call);
  await database.calls.appendTranscript(sampleEntry(call.id, 1, { speaker: 'caller', text: 'when are you open' }));
  return { database, clock, reports, call, settled: () => settled };
}

/** Writes when it is told to. */
class SlowModel extends WritingModel {
  readonly waiting: (() => void)[] = [];

  override async write(request: Parameters<WritingModel['write']>[0]): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.waiting.push(resolve);
      request.signal.addEventListener('abort', () => reject(request.signal.reason as Error));
    });
    return await super.write(request);
  }
}

t.test('a report is made after the call by itself, and the webhook waits a moment for it', async (t) => {
  const llm = new SlowModel(WRITTEN);
  const { reports, call, settled, clock } = await start(t, llm);
  reports.onEnded(call);
  await until(() => llm.waiting.length === 1);
  t.equal(await reports.excerptOf(call), undefined, 'wait');
  t.equal(await reports.find(call), undefined);
  clock.advance(3000);
  t.match(await reports.excerptOf(call), /^Inbound call to Front Desk/, 'but not for long: then what the rules can tell');
  llm.waiting[0]?.();
  await until(() => settled() === 1);
  t.match(await reports.find(call), { summary: WRITTEN.summary, generatedBy: 'openai' });
  t.equal(await reports.excerptOf(call), WRITTEN.summary);
});

t.test('no report by itself of calls that nobody answered, of echo and tone, or when it is turned off', async (t) => {
  const llm = new WritingModel(WRITTEN);
  const { reports, call, settled } = await start(t, llm);
  reports.onEnded({ ...call, answeredAtMs: undefined });
  reports.onEnded({ ...call, agentId: undefined, agentName: 'echo' });
  t.match(await reports.excerptOf(call), /^Inbound call/, 'nothing to wait for');
  const off = await start(t, llm, { automatic: false });
  off.reports.onEnded(off.call);
  t.match(await off.reports.excerptOf(off.call), /^Inbound call/);
  t.equal(llm.requests.length + settled() + off.settled(), 0);
});

t.test('a model that does not answer is given up at the deadline, and the next to ask may have more luck', async (t) => {
  const llm = new SlowModel(WRITTEN);
  const { reports, call, clock, settled } = await start(t, llm);
  reports.onEnded(call);
  await until(() => llm.waiting.length === 1);
  const asked = reports.get(call);
  await new Promise(setImmediate);
  clock.advance(30_000);
  await t.rejects(asked, { code: 'provider_failed' });
  await until(() => settled() === 1);
  t.equal(llm.waiting.length, 1, 'who asked meanwhile shared it');
  const again = reports.get(call);
  await until(() => llm.waiting.length === 2);
  llm.waiting[1]?.();
  t.match(await again, { generatedBy: 'openai' });
});

t.test('the report goes with its call, and of a call deleted meanwhile none is kept', async (t) => {
  const llm = new SlowModel(WRITTEN);
  const { reports, call, database } = await start(t, llm);
  const asked = reports.get(call);
  await until(() => llm.waiting.length === 1);
  const gone = { ...sampleCompletedCall(undefined), tenantId: call.tenantId };
  await t.rejects(
    reports.get(gone).then((report) => database.reports.save(report)),
    { code: 'call_not_found' },
  );
  llm.waiting[0]?.();
  await asked;
});

t.test('closing breaks off what is under way', async (t) => {
  const llm = new SlowModel(WRITTEN);
  const { reports, call } = await start(t, llm);
  const asked = reports.get(call);
  await until(() => llm.waiting.length === 1);
  const [outcome] = await Promise.allSettled([asked, reports.close()]);
  t.match(outcome, { status: 'rejected', reason: { code: 'draining' } });
});

t.test('an agent whose provider is gone from this server gets a report by rules', async (t) => {
  const speech = {
    suiteFor: (): never => {
      throw new AppError('invalid_request', 'no llm provider of that name');
    },
  };
  const { reports, call } = await start(t, new WritingModel(WRITTEN), { speech });
  t.match(await reports.get(call), { generatedBy: 'embedded', extractedData: { intents: ['hours'] } });
});

t.test('e-mail addresses, spoken or spelled, numbers, times and names are found in what the caller said', async (t) => {
  const { reports, call, database } = await start(t, new ScriptBrain());
  const said = (sequence: number, text: string) => sampleEntry(call.id, sequence, { speaker: 'caller', text });
  await database.calls.appendTranscript(said(2, 'my name is john smith'));
  await database.calls.appendTranscript(said(3, 'write to john dot smith at example dot com or js@example.org'));
  await database.calls.appendTranscript(said(4, 'at half past ten my number is five five five'));
  await database.calls.appendTranscript(said(5, ''));
  t.match((await reports.get(call)).extractedData, {
    names: ['John Smith'],
    emails: ['js@example.org', 'john.smith@example.com'],
    times: ['half past ten'],
    questions: ['when are you open'],
  });
});
