import { escapeHtml } from '../core/html.js';
import type { AnsweredBy } from '../domain/answered-by.js';
import type { Call, TranscriptEntry, Turn } from '../domain/call.js';
import { CALL_PAGE_STYLE } from './call-page-style.js';
import { waterfallHtml } from './waterfall.js';
import { type Waveform, waveformHtml } from './waveform.js';

export type CallPage = {
  call: Call;
  transcript: readonly TranscriptEntry[];
  turns: readonly Turn[];
  /** Relative to where the page is opened; absent when there is no recording (yet). */
  recordingUrl: string | undefined;
  waveform?: Waveform | undefined;
};

/** A call on one page that needs nothing else: no script, no font, no style from anywhere. */
export function renderCallPage({ call, transcript, turns, recordingUrl, waveform }: CallPage): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Call with ${escapeHtml(call.agentName)}</title><style>${CALL_PAGE_STYLE}</style></head>
<body><main>
<h1>${escapeHtml(call.fromUri)} <span class="soft">${call.direction === 'inbound' ? 'called' : 'was called by'}</span> ${escapeHtml(call.agentName)}</h1>
<p>${badge(call)} <span class="soft">${escapeHtml(ending(call))}</span></p>
<dl>${facts(call)
    .map(([name, value]) => `<div><dt>${name}</dt><dd>${escapeHtml(value)}</dd></div>`)
    .join('')}</dl>
<h2>Recording</h2>
${recordingUrl === undefined ? '<p class="soft">No recording is available.</p>' : `${waveform ? waveformHtml(waveform) : ''}<audio controls preload="metadata" src="${escapeHtml(recordingUrl)}"></audio><p class="soft">Left: caller. Right: agent. <a href="${escapeHtml(recordingUrl)}" download>Download</a></p>`}
<h2>Transcript</h2>
${transcript.length === 0 ? '<p class="soft">Nothing was said.</p>' : `<ol class="transcript">${transcript.map(entryHtml).join('\n')}</ol>`}
<h2>Turns</h2>
${waterfallHtml(turns)}
<h2>Media</h2>
${statsHtml(call)}
</main></body></html>
`;
}

const badge = (call: Call): string => `<span class="badge ${call.status}">${call.status.replace('_', ' ')}</span>`;

function ending(call: Call): string {
  if (!call.termination) return 'has not ended';
  const { result, reason } = call.termination;
  return `${reason.replaceAll('_', ' ')} (${result.replaceAll('_', ' ')})`;
}

function facts(call: Call): [string, string][] {
  const rows: [string, string | undefined][] = [
    ['Began', new Date(call.startedAtMs).toISOString()],
    ['Answered', call.answeredAtMs === undefined ? undefined : `after ${seconds(call.answeredAtMs - call.startedAtMs)}`],
    [
      'Lasted',
      call.answeredAtMs === undefined || call.endedAtMs === undefined ? undefined : seconds(call.endedAtMs - call.answeredAtMs),
    ],
    ['Answered by', call.answeredBy && answererOf(call.answeredBy)],
    ['To', call.toUri],
    ['Codec', call.codec],
    ['Encryption', call.srtp ?? 'none'],
    ['SIP status', call.sipCode?.toString()],
    ['Agent version', call.agentVersion?.toString()],
    ['Call', call.id],
    ['SIP Call-ID', call.sipCallId],
  ];
  return rows.filter((row): row is [string, string] => row[1] !== undefined);
}

const answererOf = ({ verdict, reason, afterMs }: AnsweredBy): string =>
  `${verdict} (${reason.replaceAll('_', ' ')}, after ${seconds(afterMs)})`;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

function entryHtml(entry: TranscriptEntry): string {
  const time = `<time>${seconds(entry.startMs)}</time>`;
  return `<li class="${entry.speaker}">${time}<b>${entry.speaker}</b><p>${wordsHtml(entry)}${reactionHtml(entry)}</p></li>`;
}

/** What was cut off follows what was heard, struck through. */
function wordsHtml({ speaker, text, heardText, interrupted }: TranscriptEntry): string {
  if (text === '') return '<i class="soft">spoke, but was not understood</i>';
  if (speaker === 'caller' || !interrupted) return escapeHtml(text);
  const unheard = text.startsWith(heardText) ? text.slice(heardText.length) : ` ${text}`;
  return `${escapeHtml(heardText)}<s title="cut off: the caller did not hear this">${escapeHtml(unheard)}</s>`;
}

const reactionHtml = ({ feedback }: TranscriptEntry): string =>
  feedback === undefined ? '' : ` <span class="soft">(found ${feedback})</span>`;

function statsHtml(call: Call): string {
  const stats = Object.entries(call.mediaStats ?? {});
  if (stats.length === 0) return '<p class="soft">No figures.</p>';
  const rows = stats.map(
    ([name, value]) => `<tr><th>${escapeHtml(inWords(name))}</th><td>${escapeHtml(figure(value))}</td></tr>`,
  );
  return `<table class="stats">${rows.join('')}</table>`;
}

/** `packetsWrongSource` -> `packets wrong source`, `jitterMs` -> `jitter (ms)`. */
function inWords(name: string): string {
  const [, stem = name, unit] = /^(.*?)(Ms|Samples)?$/.exec(name) ?? [];
  const words = stem.replace(/([A-Z])/g, ' $1').toLowerCase();
  return unit ? `${words} (${unit.toLowerCase()})` : words;
}

const figure = (value: number): string => (Number.isInteger(value) ? value.toString() : value.toFixed(2));
