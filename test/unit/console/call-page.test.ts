import t from 'tap';
import { renderCallPage } from '../../../src/console/call-page.js';
import { newAgentId } from '../../../src/core/ids.js';
import { sampleCall, sampleCompletedCall, sampleEntry, sampleTurn } from '../../support/sample-records.js';

const HOSTILE = `"><img src=x onerror='alert(1)'>&amp;`;

void t.test('what was cut off is struck through, after what was heard', async (t) => {
  const call = sampleCompletedCall(newAgentId());
  const transcript = [
    sampleEntry(call.id, 1, { interrupted: true, heardText: 'We are open' }),
    sampleEntry(call.id, 2, { speaker: 'caller', text: '', heardText: '' }),
    sampleEntry(call.id, 3, { text: 'Goodbye.', heardText: 'Goodbye.' }),
  ];
  const page = renderCallPage({ call, transcript, turns: [], recordingUrl: 'a.wav' });
  t.match(page, /We are open<s [^>]*> from nine to five\.<\/s>/);
  t.match(page, 'spoke, but was not understood');
  t.match(page, '<p>Goodbye.</p>');
  t.match(page, '<audio controls preload="metadata" src="a.wav">');
});

void t.test('who has answered a call of ours is told, and by what', async (t) => {
  const call = sampleCompletedCall(newAgentId(), { answeredBy: { verdict: 'machine', reason: 'long_greeting', afterMs: 2940 } });
  const page = renderCallPage({ call, transcript: [], turns: [], recordingUrl: undefined });
  t.match(page, '<dt>Answered by</dt><dd>machine (long greeting, after 2.9 s)</dd>');
  t.notMatch(renderCallPage({ call: sampleCall(), transcript: [], turns: [], recordingUrl: undefined }), 'Answered by');
});

void t.test('a turn is a bar whose pieces add up to its last stage, with the figures under it', async (t) => {
  const call = sampleCompletedCall(newAgentId());
  const turns = [
    sampleTurn(call.id, 1, {
      latency: { vadEndMs: 200, sttFinalMs: 500, firstTextMs: 400, firstPacketMs: 1000 },
      interrupted: true,
      bargeInMs: 181,
    }),
    sampleTurn(call.id, 2, { cause: 'digit', latency: { firstPacketMs: 500 } }),
  ];
  const page = renderCallPage({ call, transcript: [], turns, recordingUrl: undefined });
  const bars = [...page.matchAll(/<div class="bar">(.*?)<\/div>/g)].map((bar) =>
    [...(bar[1] ?? '').matchAll(/width:([\d.]+)%/g)].reduce((sum, width) => sum + Number(width[1]), 0),
  );
  t.same(bars, [100, 50]);
  t.match(page, 'first packet <b>1000</b>');
  t.match(page, 'after <b>181</b> ms');
});

void t.test('nothing that came from outside becomes markup', async (t) => {
  const call = sampleCompletedCall(newAgentId(), {
    agentName: HOSTILE,
    fromUri: HOSTILE,
    toUri: HOSTILE,
    sipCallId: HOSTILE,
    codec: HOSTILE,
    mediaStats: { [HOSTILE]: 1 },
    termination: { result: 'success', reason: HOSTILE as 'caller_hangup' },
  });
  const transcript = [sampleEntry(call.id, 1, { text: HOSTILE, heardText: HOSTILE.slice(0, 8), interrupted: true })];
  const page = renderCallPage({ call, transcript, turns: [], recordingUrl: HOSTILE });
  t.notMatch(page, /<img|onerror='/);
  t.notMatch(page, /<script|https?:\/\/|<link|@import/, 'and nothing is loaded from elsewhere');
});

void t.test('a call that was never answered, with latencies that are no numbers, still has a page', async (t) => {
  const call = sampleCall({ status: 'failed' });
  const turns = [
    sampleTurn(call.id, 1, { latency: { vadEndMs: Number.NaN, firstPacketMs: -5 } }),
    sampleTurn(call.id, 2, { latency: {} }),
  ];
  const page = renderCallPage({ call, transcript: [], turns, recordingUrl: undefined });
  t.match(page, 'Nothing was said');
  t.notMatch(page, /NaN|undefined|Infinity/);
});

void t.test('the waveform shows who is loud when, the caller above and the agent below', async (t) => {
  const rest = { call: sampleCompletedCall(newAgentId()), transcript: [], turns: [], recordingUrl: 'a.wav' };
  const page = renderCallPage({ ...rest, waveform: { caller: [0, 1, 0.25], agent: [0.25, 0, 1] } });
  t.match(page, '<path class="caller" d="M0 100V100H1V0H2V50H3V100Z"/>');
  t.match(page, '<path class="agent" d="M0 100V150H1V100H2V200H3V100Z"/>');
  t.notMatch(renderCallPage(rest), '<svg class="waveform"');
});
