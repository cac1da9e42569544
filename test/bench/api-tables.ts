import type { ApiLoadResult } from './api-load-trial.js';
import type { ApiResult } from './api-trial.js';
import type { DialectResult } from './dialects-trial.js';
import type { RegistrarResult } from './registrar-trial.js';
import type { SpeechApiResult } from './speech-api-trial.js';
import { markdown } from './tables.js';
import type { WebhookResult } from './webhook-trial.js';

export const apiTable = ({ calls, agents, connections, operations }: ApiResult): string =>
  `API with ${calls} calls and ${agents} agents stored, ${connections} connections; constant: plain Express answering the same body\n${markdown(
    ['operation', 'bytes', 'requests/s', 'p50 ms', 'p99 ms', 'constant requests/s', 'its p99 ms', 'ratio'],
    operations.map(({ name, bytes, ours, constant, ratio }) => [
      name,
      String(bytes),
      ours.requestsPerS.toFixed(0),
      String(ours.p50Ms),
      String(ours.p99Ms),
      constant.requestsPerS.toFixed(0),
      String(constant.p99Ms),
      ratio.toFixed(2),
    ]),
  )}`;

export const dialectsTable = ({ connections, operations }: DialectResult): string =>
  `Dialects beside the core dialect's same operation, ${connections} connections\n${markdown(
    ['dialect', 'operation', 'requests/s', 'p50 ms', 'p99 ms', 'core requests/s', 'its p99 ms', 'ratio'],
    operations.map(({ dialect, name, theirs, core, ratio }) => [
      dialect,
      name,
      theirs.requestsPerS.toFixed(0),
      String(theirs.p50Ms),
      String(theirs.p99Ms),
      core.requestsPerS.toFixed(0),
      String(core.p99Ms),
      ratio.toFixed(2),
    ]),
  )}`;

export const apiLoadTable = (results: readonly ApiLoadResult[]): string =>
  `API beside calls\n${markdown(
    ['calls', 'requests/s', 'API p50 ms', 'API p99 ms', 'pacing p50 ms', 'p99', 'p99.9', 'max', 'packets missing'],
    results.map(({ calls, api, pacing }) => [
      String(calls),
      ...(api ? [api.requestsPerS.toFixed(0), String(api.p50Ms), String(api.p99Ms)] : ['0', '-', '-']),
      ...(pacing
        ? [pacing.pacingP50Ms, pacing.pacingP99Ms, pacing.pacingP999Ms, pacing.pacingMaxMs].map((ms) => ms.toFixed(2))
        : ['-', '-', '-', '-']),
      pacing ? String(pacing.missing) : '-',
    ]),
  )}`;

export const webhookTable = (results: readonly WebhookResult[]): string =>
  `Webhook fan-out\n${markdown(
    ['events', 'receivers', 'deliveries/s', 'CPU of the server', 'duplicates'],
    results.map(({ events, receivers, deliveriesPerS, serverCores, duplicates }) => [
      String(events),
      String(receivers),
      String(deliveriesPerS),
      `${(serverCores * 100).toFixed(0)} %`,
      String(duplicates),
    ]),
  )}`;

export const registrarTable = ({ phones, registering, refreshing, kilobytesPerPhone }: RegistrarResult): string =>
  `${phones} phones, digest SHA-256; ${kilobytesPerPhone} kB of memory for each\n${markdown(
    ['', 'registrations/s', 'p50 ms', 'p99 ms', 'CPU of the server', 'challenged', 'failed'],
    Object.entries({ 'all at once': registering, refreshing }).map(([what, phase]) => [
      what,
      String(phase.registrationsPerS),
      String(phase.p50Ms),
      String(phase.p99Ms),
      `${(phase.serverCores * 100).toFixed(0)} %`,
      String(phase.challenged),
      String(phase.failed),
    ]),
  )}`;

export const speechApiTable = ({ synthesis, transcription }: SpeechApiResult): string =>
  `Speech over the API, embedded voice and recogniser\n${markdown(
    ['request', 'audio s', 'first byte p50 ms', 'p99', 'whole p50 ms', 'p99', 'real-time factor', 'words'],
    [
      ...synthesis.map(({ format, firstByte, whole, audioMs }) => [
        `synthesize ${format}`,
        (audioMs / 1000).toFixed(1),
        String(firstByte.p50Ms),
        String(firstByte.p99Ms),
        String(whole.p50Ms),
        String(whole.p99Ms),
        (whole.p50Ms / audioMs).toFixed(3),
        '',
      ]),
      ...transcription.map(({ format, whole, audioMs, understood }) => [
        `transcribe ${format}`,
        (audioMs / 1000).toFixed(1),
        '',
        '',
        String(whole.p50Ms),
        String(whole.p99Ms),
        (whole.p50Ms / audioMs).toFixed(3),
        understood ? 'understood' : 'none',
      ]),
    ],
  )}`;
