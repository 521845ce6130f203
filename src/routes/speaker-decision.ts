import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { ResponseFormat } from '#utils/formats/index.js';
import type { SpeakerFields } from './speaker-fields.js';

/** ENABLE_SPEAKER_DIARIZATION: on request, for every request, or refused. */
export type SpeakerMode = 'auto' | 'always' | 'never';

export type SpeakerDecision = {
  /** Who speaks is told by nobody, by the voices, or by the channel. */
  readonly by: 'nobody' | 'voices' | 'channels';
  /** `json` gains `segments`: only for a field of ours or the operator's wish, as strict clients reject further keys. */
  readonly detail: boolean;
};

export type SpeakerWishes = {
  readonly fields: SpeakerFields;
  readonly responseFormat: ResponseFormat;
  /** The model id ends in `-diarize`. */
  readonly modelAsks: boolean;
  readonly mode: SpeakerMode;
};

/**
 * Decides whether a request gets speakers. `diarize=false` wins over what a model id or the operator's `always` imply,
 * but cannot be combined with fields and formats that are about speakers. Labels that were asked for are given or
 * refused, never left out.
 *
 * @throws WhosaidError `fields_contradict`, or `speakers_disabled` when the server gives no labels
 */
export function decideSpeakers(wishes: SpeakerWishes): SpeakerDecision {
  const { fields, mode } = wishes;
  if (fields.diarize === false) {
    refuseContradiction(wishes);
    return { by: 'nobody', detail: false };
  }
  const param = askedBy(wishes);
  if (mode === 'never' && param !== undefined) {
    throw new WhosaidError('speakers_disabled', { param });
  }
  if (param === undefined && mode !== 'always') return { by: 'nobody', detail: false };
  const isOurs =
    fields.diarize === true || fields.count !== undefined || fields.channels !== undefined;
  return {
    by: fields.channels === undefined ? 'voices' : 'channels',
    detail: isOurs || mode === 'always',
  };
}

/** The field that asks for speakers. */
function askedBy({ fields, responseFormat, modelAsks }: SpeakerWishes): string | undefined {
  if (fields.diarize === true) return 'diarize';
  if (fields.asking !== undefined) return fields.asking;
  if (responseFormat === 'diarized_json') return 'response_format';
  return modelAsks ? 'model' : undefined;
}

function refuseContradiction({ fields, responseFormat }: SpeakerWishes): void {
  const isDiarized = responseFormat === 'diarized_json';
  const other = isDiarized ? 'response_format=diarized_json' : fields.asking;
  if (other === undefined) return;
  throw new WhosaidError('fields_contradict', {
    param: 'diarize',
    one: 'diarize=false',
    other,
    reason: 'the one wants no speaker labels, the other asks for them.',
  });
}
