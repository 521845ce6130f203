import type { Settings } from '#config/settings.js';
import type { ResponseFormat } from '#utils/formats/index.js';
import { UsageError } from './report-failure.js';
import type { SpeakerWishes } from './speaker-flags.js';

/** Who speaks is told by nobody, by the voices, or by the channel. */
export type SpeakersBy = 'nobody' | 'voices' | 'channels';

/**
 * Whether a transcript says who spoke: when an option, a format or the model id asks for it, or when the settings want
 * it always. Labels that were asked for are given or refused, never left out.
 * @throws UsageError when the settings give no labels, or when one option asks for them and another does not want them
 */
export function decideSpeakers(options: {
  readonly wishes: SpeakerWishes;
  readonly formats: readonly ResponseFormat[];
  /** The model id ends in `-diarize`. */
  readonly modelAsks: boolean;
  readonly mode: Settings['speakerDiarization'];
}): SpeakersBy {
  const { wishes, formats, modelAsks, mode } = options;
  const isDiarized = formats.includes('diarized_json');
  if (wishes.refused) {
    if (!isDiarized) return 'nobody';
    throw new UsageError(
      'diarized_json says who spoke, and --no-diarize says not to. Leave one out.',
    );
  }
  const byFormat = isDiarized ? '--format diarized_json' : undefined;
  const askedBy = wishes.askedBy ?? byFormat ?? (modelAsks ? 'the model id' : undefined);
  if (mode === 'never' && askedBy !== undefined)
    throw new UsageError(
      `${askedBy} asks who spoke, and ENABLE_SPEAKER_DIARIZATION is never. Leave it out, or set ENABLE_SPEAKER_DIARIZATION=auto.`,
    );
  if (askedBy === undefined && mode !== 'always') return 'nobody';
  return wishes.channels === undefined ? 'voices' : 'channels';
}
