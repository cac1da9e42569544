/** `luhn`: the last digit is the check digit of payment cards (ISO/IEC 7812). */
export const KEY_CHECKS = ['none', 'luhn'] as const;
export type KeyCheck = (typeof KEY_CHECKS)[number];

export const FINISH_KEYS = ['#', '*'] as const;

/** What a caller is asked to key in. Only digits count; `*` begins again, where it is not the finish key. */
export type KeyRequest = {
  /** Said first, and with every further try. */
  prompt: string;
  minLength: number;
  /** With so many it is complete. */
  maxLength: number;
  /** Says that there are no more. */
  finishKey?: (typeof FINISH_KEYS)[number] | undefined;
  /** From the end of the prompt. */
  firstDigitTimeoutMs: number;
  interDigitTimeoutMs: number;
  /** Further tries after a silence, or after digits that cannot be right. */
  retries: number;
  /** Said before the prompt where the digits were not right. */
  invalidSay?: string | undefined;
  validate: KeyCheck;
  /** Nobody but who asked may know them: while they are keyed in nothing is recorded, overheard or listened to. */
  masked: boolean;
};

/** `interrupted`: the caller spoke instead, or the call is over. `busy`: other keys are being asked for. */
export type KeyedIn = { outcome: 'complete'; digits: string } | { outcome: 'nothing' | 'invalid' | 'interrupted' | 'busy' };

/** Stands for a key that nobody may know. */
export const MASKED_KEY = '•';

export function isValidKeys(digits: string, { minLength, validate }: Pick<KeyRequest, 'minLength' | 'validate'>): boolean {
  return digits.length >= minLength && (validate === 'none' || passesLuhn(digits));
}

/** ISO/IEC 7812-1 annex B: every second digit from the right counts double, by the sum of its own digits. */
function passesLuhn(digits: string): boolean {
  const sum = Array.from(digits)
    .toReversed()
    .reduce((total, digit, place) => {
      const value = Number(digit) * (place % 2 === 1 ? 2 : 1);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
  return digits !== '' && sum % 10 === 0;
}
