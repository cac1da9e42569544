import type { Termination } from '../domain/call.js';
import type { AudioAgreement, MediaEvent } from '../domain/ports/media.js';
import type { HeardTone } from '../domain/tone-recognizer.js';
import type { CallRecord } from './call-record.js';

/** Keeps on record what the media session of a call tells. Undefined: the call goes on, whatever it was. */
export function noteMedia(event: MediaEvent, record: CallRecord, agreement: AudioAgreement | undefined): Termination | undefined {
  if (event.type === 'recordingFailed') record.log.error({ reason: event.reason }, 'recording stopped early');
  if (event.type === 'latched') record.latched(event.address, event.port);
  if (event.type !== 'tone') return undefined;
  record.toneHeard(event.tone);
  return agreement?.toneDetection?.onTone === 'end' ? terminationBy(event.tone) : undefined;
}

/** What has become of a call on which this tone was heard; undefined: it goes on. */
function terminationBy(tone: HeardTone): Termination | undefined {
  switch (tone) {
    case 'busy':
    case 'congestion':
      return { result: 'client_error', reason: 'busy' };
    case 'information':
      return { result: 'client_error', reason: 'no_such_number' };
    case 'fax':
      return { result: 'client_error', reason: 'rejected' };
    case 'ringback':
    case 'beep':
      return undefined;
  }
}
