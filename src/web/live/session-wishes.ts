import { modelOf } from '../api/server.js';
import { dataUrl, options, people } from '../new/options.js';

/** The event that says how a session is to transcribe: as the form for recordings says. */
export async function sessionUpdate(): Promise<object> {
  const { model, language, speakers } = options.value;
  const about = modelOf(model);
  const known = speakers === 'known' ? people.value.filter(({ clip }) => clip !== undefined) : [];
  const hasSpeakers = speakers !== 'none' && about?.capabilities.speakers !== false;
  return {
    type: 'session.update',
    session: {
      type: 'transcription',
      audio: {
        input: {
          format: { type: 'audio/pcm', rate: 24_000 },
          turn_detection: { type: 'server_vad', silence_duration_ms: 400 },
          transcription: {
            model: about?.model ?? 'whisper-1',
            ...(about?.languages.includes(language) && { language }),
            diarize: hasSpeakers,
            ...(hasSpeakers &&
              known.length > 0 && {
                known_speaker_names: known.map(({ name }) => name.trim()),
                known_speaker_references: await Promise.all(
                  known.map(({ clip }) => dataUrl(clip ?? new Blob())),
                ),
              }),
          },
        },
      },
    },
  };
}
