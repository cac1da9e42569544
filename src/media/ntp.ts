/** Since 1900, as RTCP writes it (RFC 3550 section 4): seconds, and 1/2^32 of a second. */
export type NtpTime = { seconds: number; fraction: number };

/** Between the epochs of NTP (1900) and Unix (1970). */
const EPOCH_OFFSET_S = 2_208_988_800;
/** Short forms of such times count in 1/65536 s. */
export const SHORT_NTP_PER_MS = 65.536;

export function ntpOf(epochMs: number): NtpTime {
  const seconds = Math.floor(epochMs / 1000);
  return { seconds: (seconds + EPOCH_OFFSET_S) >>> 0, fraction: Math.floor(((epochMs - seconds * 1000) / 1000) * 2 ** 32) >>> 0 };
}

/** The middle 32 bits, by which reports refer to a time. */
export const middleNtpOf = ({ seconds, fraction }: NtpTime): number => ((seconds & 0xffff) * 0x1_0000 + (fraction >>> 16)) >>> 0;
