import type { SessionShape } from './read-session.js';
import type { SessionSettings, TranscriptionWishes } from './session-settings.js';

/** What a session is called, and when it ends at the latest, in Unix seconds. */
export type SessionIdentity = { readonly id: string; readonly expiresAt: number };

const OBJECT = 'realtime.transcription_session';
const FLAT_FORMATS = { 'audio/pcm': 'pcm16', 'audio/pcmu': 'g711_ulaw', 'audio/pcma': 'g711_alaw' };

/** A session as OpenAI shows it: all that holds, in the GA shape or the older one. */
export function shownSession(
  settings: SessionSettings,
  { id, expiresAt, shape }: SessionIdentity & { readonly shape: SessionShape },
): object {
  const { format, noiseReduction, turnDetection, include } = settings;
  const transcription = withoutVoices(settings.transcription);
  const common = { object: OBJECT, id, expires_at: expiresAt };
  if (shape === 'flat') {
    return {
      ...common,
      input_audio_format: FLAT_FORMATS[format.type],
      input_audio_transcription: transcription,
      input_audio_noise_reduction: noiseReduction,
      turn_detection: turnDetection,
      include,
    };
  }
  const input = {
    format,
    transcription,
    noise_reduction: noiseReduction,
    turn_detection: turnDetection,
  };
  return { type: 'transcription', ...common, audio: { input }, include };
}

/** Megabytes that the client has itself. */
function withoutVoices(wishes: TranscriptionWishes | null): TranscriptionWishes | null {
  if (wishes === null) return null;
  const { known_speaker_references: _, ...others } = wishes;
  return others;
}
