import { z } from 'zod';
import type { SpeakerCount } from '#services/diarization/types.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { MAX_SPEAKERS } from '../speaker-rules.js';
import { channelNames } from './channel-names.js';
import {
  isPresent,
  list,
  rejectWith,
  shown,
  single,
  switchField,
  toCatalogued,
  wholeNumberField,
} from './field-readers.js';
import { type KnownSpeaker, pairKnownSpeakers } from './known-speakers.js';
import { speakerCount } from './speaker-count.js';

/** What a request says about speakers, checked. */
export type SpeakerFields = {
  /** The switch, where it was sent. */
  readonly diarize?: boolean;
  /** From num_speakers, min_speakers and max_speakers, where one of them was sent. */
  readonly count?: SpeakerCount;
  /** Known voices; never together with `channels`. */
  readonly known?: readonly KnownSpeaker[];
  /** Each channel is one speaker (`channels=split`); never together with `count` and `known`. */
  readonly channels?: { readonly names: readonly [string, string] };
  /** The first of these fields that asks for speakers by being there, other than `diarize`. */
  readonly asking?: string;
};

const SPEAKER_LIMITS = { min: 1, max: MAX_SPEAKERS };
const COUNT_FIELDS = ['num_speakers', 'min_speakers', 'max_speakers'] as const;

const schema = z.object({
  diarize: switchField('diarize'),
  num_speakers: wholeNumberField('num_speakers', SPEAKER_LIMITS),
  min_speakers: wholeNumberField('min_speakers', SPEAKER_LIMITS),
  max_speakers: wholeNumberField('max_speakers', SPEAKER_LIMITS),
  channels: single.transform((text = 'mix', context) => {
    const word = text.trim().toLowerCase();
    if (word === 'mix' || word === 'split') return word;
    const received = `'${shown(text)}'`;
    const expected = "'mix' or 'split'";
    return rejectWith(context, 'field_invalid', { param: 'channels', expected, received });
  }),
  known_speaker_names: list,
  known_speaker_references: list,
});

/** Names of these fields. */
export const speakerFieldNames: readonly string[] = Object.keys(schema.shape);

type Values = z.output<typeof schema>;

/**
 * Reads the fields about speakers. Throws the catalogue's error for the first that is wrong: `field_invalid`,
 * `fields_contradict`, `speaker_counts_contradict`, `known_speakers_unpaired`, `known_speaker_repeated` or
 * `known_speaker_not_data_url`.
 */
export function parseSpeakerFields(fields: Readonly<Record<string, unknown>>): SpeakerFields {
  const result = schema.safeParse(fields);
  if (!result.success) throw toCatalogued(result.error);
  const values = result.data;
  const asking = askingField(values);
  const isSplit = values.channels === 'split';
  const count = isSplit ? undefined : speakerCount(values);
  const known = isSplit ? [] : knownOf(values);
  return {
    ...(values.diarize !== undefined && { diarize: values.diarize }),
    ...(count !== undefined && { count }),
    ...(known.length > 0 && { known }),
    ...(isSplit && { channels: { names: channelsOf(values) } }),
    ...(asking !== undefined && { asking }),
  };
}

function askingField(values: Values): string | undefined {
  if (values.channels === 'split') return 'channels';
  return (
    COUNT_FIELDS.find((name) => values[name] !== undefined) ??
    (['known_speaker_names', 'known_speaker_references'] as const).find((name) =>
      isPresent(values[name]),
    )
  );
}

function knownOf(values: Values): KnownSpeaker[] {
  return pairKnownSpeakers({
    names: values.known_speaker_names,
    references: values.known_speaker_references,
  });
}

/** Who speaks is known by channel, so nothing may ask to find it out by voice. */
function channelsOf(values: Values): readonly [string, string] {
  const other = [...COUNT_FIELDS, 'known_speaker_references' as const].find((name) =>
    isPresent(values[name]),
  );
  if (other === undefined) return channelNames(values.known_speaker_names);
  throw new WhosaidError('fields_contradict', {
    param: other,
    one: 'channels=split',
    other,
    reason: 'with it each of the two channels is one speaker, whatever the voices are like.',
  });
}
