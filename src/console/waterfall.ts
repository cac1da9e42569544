import { escapeHtml } from '../core/html.js';
import type { Turn, TurnLatency } from '../domain/call.js';

/** In the order in which a turn usually reaches them; the class names carry the colours. */
const STAGES: readonly { key: keyof TurnLatency; label: string; css: string }[] = [
  { key: 'vadEndMs', label: 'VAD', css: 'vad' },
  { key: 'endpointMs', label: 'end of turn', css: 'endpoint' },
  { key: 'sttFinalMs', label: 'recognised', css: 'stt' },
  { key: 'firstTextMs', label: 'first text', css: 'text' },
  { key: 'firstClauseMs', label: 'first clause', css: 'clause' },
  { key: 'firstAudioMs', label: 'first audio', css: 'audio' },
  { key: 'firstPacketMs', label: 'first packet', css: 'packet' },
];

/** One row per turn: a bar whose pieces are the stages, and the figures under it. */
export function waterfallHtml(turns: readonly Turn[]): string {
  if (turns.length === 0) return '<p class="soft">There were no turns.</p>';
  const longestMs = Math.max(1, ...turns.flatMap((turn) => reached(turn).map((stage) => stage.ms)));
  const legend = STAGES.map((stage) => `<span><i class="${stage.css}"></i>${stage.label}</span>`).join('');
  const rows = turns.map((turn) => rowHtml(turn, longestMs)).join('\n');
  return `<p class="soft">Milliseconds after the caller's last speech packet arrived; the full width is ${longestMs.toFixed(0)} ms.</p>
<p class="legend">${legend}</p><div class="waterfall">${rows}</div>`;
}

function rowHtml(turn: Turn, longestMs: number): string {
  const stages = reached(turn);
  let fromMs = 0;
  const pieces = stages.map((stage) => {
    const width = ((stage.ms - fromMs) / longestMs) * 100;
    fromMs = stage.ms;
    return `<i class="${stage.css}" style="width:${width.toFixed(3)}%" title="${stage.label} ${stage.ms.toFixed(0)} ms"></i>`;
  });
  const figures = stages.map((stage) => `<span>${stage.label} <b>${stage.ms.toFixed(0)}</b></span>`);
  if (turn.interrupted) {
    const bargeIn = turn.bargeInMs === undefined ? '' : ` after <b>${turn.bargeInMs.toFixed(0)}</b> ms of the caller's speech`;
    figures.push(`<span class="cut">interrupted: silent${bargeIn}</span>`);
  }
  return `<section><h3>${turn.sequence}. ${turn.cause} <span class="soft">at ${(turn.originMs / 1000).toFixed(1)} s</span></h3>
<div class="bar">${pieces.join('')}</div><p class="figures">${figures.join(' ')}</p>${sourcesHtml(turn)}</section>`;
}

/** What the answer was looked up in. */
function sourcesHtml({ sources = [] }: Turn): string {
  if (sources.length === 0) return '';
  const names = sources.map(({ documentName, sequence, heading }) => {
    const place = heading === '' ? `piece ${sequence}` : `piece ${sequence}: ${heading}`;
    return `${escapeHtml(documentName)} <span class="soft">${escapeHtml(place)}</span>`;
  });
  return `<p class="figures">Looked up in ${names.join(', ')}</p>`;
}

/** Stages by time: streaming lets a later stage overtake, and before the zero (a recogniser that is done early) counts as zero. */
function reached(turn: Turn): { label: string; css: string; ms: number }[] {
  return STAGES.flatMap(({ key, label, css }) => {
    const ms = turn.latency[key];
    return ms === undefined || !Number.isFinite(ms) ? [] : [{ label, css, ms: Math.max(0, ms) }];
  }).sort((a, b) => a.ms - b.ms);
}
