import t, { type Test } from 'tap';
import { FakeClock } from '../../../src/core/clock.js';
import { AppError } from '../../../src/core/errors.js';
import { silentLogger } from '../../../src/core/log.js';
import type { LanguageModel } from '../../../src/domain/ports/speech.js';
import type { Report } from '../../../src/domain/report.js';
import { ReportService } from '../../../src/reports/report-service.js';
import { NullRecognizer } from '../../../src/speech/embedded/null-recognizer.js';
import { demoAgent } from '../../../src/speech/script/demo-agent.js';
import { ScriptBrain } from '../../../src/speech/script/script-brain.js';
import { openDatabase } from '../../../src/storage/database.js';
import { FakeTts } from '../../support/fake-speech.js';
import { sampleAgent, sampleCompletedCall, sampleEntry } from '../../support/sample-records.js';
import { WRITTEN, WritingModel } from '../../support/writing-model.js';

const SCHEMA = {
  type: 'object',
  properties: {
    email: { type: 'string', format: 'email' },
    nights: { type: 'integer', minimum: 1 },
    note: { type: 'string' },
  },
  required: ['email', 'nights'],
  additionalProperties: false,
};

/** The report of a call that said this, stored and read again. */
async function reportBy(t: Test, llm: LanguageModel, extractionSchema: object | undefined, said: string): Promise<Report> {
  const database = await openDatabase(':memory:');
  const clock = new FakeClock();
  const suite = { stt: new NullRecognizer(), llm, tts: new FakeTts(clock) };
  const reader = new ScriptBrain();
  const reports = new ReportService({
    ...database,
    speech: { suiteFor: () => suite },
    reader,
    demoAgent,
    openRecording: () => Promise.reject(new AppError('recording_not_found', 'none')),
    clock,
    log: silentLogger,
    automatic: false,
    timeoutMs: 30_000,
    transcriptionTimeoutMs: 30_000,
    webhookWaitMs: 0,
  });
  t.teardown(async () => {
    await reports.close();
    reader.close();
    await database.close();
  });
  const agent = sampleAgent({ extractionSchema: extractionSchema as Record<string, unknown> | undefined });
  await database.agents.insert(agent);
  const call = sampleCompletedCall(agent.id, { endedAtMs: clock.nowMs() });
  await database.calls.insert(call);
  await database.calls.appendTranscript(sampleEntry(call.id, 1, { speaker: 'caller', text: said }));
  const made = await reports.get(call);
  t.same(await database.reports.find(call.tenantId, call.id), made, 'it is stored as it was made');
  return made;
}

void t.test('the model reads out what the schema asks for; it is asked again with its faults, three times at most', async (t) => {
  const good = { email: 'ann@example.com', nights: 2 };
  const llm = new WritingModel(WRITTEN, 'no JSON', { email: 'ann', nights: 0, more: 1 }, good);
  const { extraction, generatedBy } = await reportBy(t, llm, SCHEMA, 'two nights for ann at example dot com');
  t.equal(generatedBy, 'openai');
  t.same(extraction, { data: good, faults: [], attempts: 3 });
  const [, first, second, third] = llm.requests;
  t.match(first?.instructions, JSON.stringify(SCHEMA));
  t.match(first?.material, /two nights for ann/);
  t.notMatch(first?.material, /breaks the schema/);
  t.match(second?.material, /breaks the schema:\n- the answer is no JSON object/);
  t.match(third?.material, /must match format "email"[^]*must be >= 1|must be >= 1[^]*must match format "email"/);
  t.match(third?.material, /must NOT have additional properties/);
});

void t.test('an answer that never keeps to the schema is kept with its faults', async (t) => {
  const llm = new WritingModel(WRITTEN, { email: 'ann@example.com' });
  const { extraction } = await reportBy(t, llm, SCHEMA, 'hello');
  t.same(extraction, {
    data: { email: 'ann@example.com' },
    faults: ["the object must have required property 'nights'"],
    attempts: 3,
  });
  t.equal(llm.requests.length, 4);
});

void t.test('without a model, or where it fails, rules fill in what they found, and nothing else', async (t) => {
  const script = new ScriptBrain();
  t.teardown(() => script.close());
  const said = 'my address is ann@example.com';
  const byRules = {
    data: { email: 'ann@example.com' },
    faults: ["the object must have required property 'nights'"],
    attempts: 0,
  };
  t.same((await reportBy(t, script, SCHEMA, said)).extraction, byRules);
  const failing = new WritingModel(WRITTEN, new AppError('provider_failed', 'refused'));
  const report = await reportBy(t, failing, SCHEMA, said);
  t.match(report, { summary: WRITTEN.summary, generatedBy: 'openai' }, 'the report stands all the same');
  t.same(report.extraction, byRules);
  t.equal((await reportBy(t, script, undefined, said)).extraction, undefined, 'nobody asks for one');
});
