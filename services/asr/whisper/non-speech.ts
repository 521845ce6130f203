/** A whole text in brackets or between notes or stars: "[BLANK_AUDIO]", "(music)", "♪ la la ♪". */
const NOTE = /^[([{（【«♪♫*].*[)\]}）】»♪♫*][.!]?$/su;
const BRACKETS = /[([{（【][^)\]}）】]*[)\]}）】]|[♪♫*][^♪♫*]*[♪♫*]/gu;
const WORDS = /[\p{L}\p{N}]/u;

/**
 * Whether something was said: Whisper writes notes in brackets about what is no speech, and dots where it hears
 * nothing.
 */
export function isSpeech(text: string): boolean {
  if (!NOTE.test(text)) return WORDS.test(text);
  return WORDS.test(text.replace(BRACKETS, ''));
}
