import type { OpusTerms } from '../../domain/ports/media.js';

/** Sender and receiver alike take this much where nothing is said (RFC 7587 section 6.1 leaves the bitrate open). */
const UNLIMITED_BPS = 510_000;
const FULL_BAND_HZ = 48_000;

/**
 * What we say of ourselves: 16 kHz is what we render and what we capture, and what is lost we restore from the packet after it.
 * Nothing is said of DTX: whoever listens to speech for a living would rather have all of it.
 */
export const OUR_OPUS_PARAMETERS = 'minptime=10;useinbandfec=1;maxplaybackrate=16000;sprop-maxcapturerate=16000';

/** Reads a=fmtp of an Opus format; what makes no sense counts as not said. */
export function opusTermsOf(parameters: string | undefined): OpusTerms {
  const said = new Map<string, number>();
  for (const parameter of (parameters ?? '').split(';')) {
    const [, name = '', value = ''] = /^\s*([a-z-]{1,40})\s*=\s*(\d{1,9})\s*$/i.exec(parameter) ?? [];
    if (value !== '') said.set(name.toLowerCase(), Number(value));
  }
  const isOn = (name: string): boolean => said.get(name) === 1;
  const within = (name: string, least: number, most: number): number => {
    const value = said.get(name);
    return value === undefined || value < least || value > most ? most : value;
  };
  return {
    maxAverageBitrateBps: within('maxaveragebitrate', 6_000, UNLIMITED_BPS),
    maxPlaybackRateHz: within('maxplaybackrate', 8_000, FULL_BAND_HZ),
    inBandFec: isOn('useinbandfec'),
    dtx: isOn('usedtx'),
    constantBitrate: isOn('cbr'),
  };
}
