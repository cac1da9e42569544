/** Voices of the embedded synthesiser: an agent made for it keeps speaking when its provider is changed. */
const OWN_VOICES: ReadonlySet<string> = new Set(['slt', 'rms', 'awb', 'kal', 'kal16']);

export const isOwnVoice = (voice: string): boolean => OWN_VOICES.has(voice);
