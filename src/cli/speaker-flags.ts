import type { Command } from 'commander';
import type { SpeakerCount } from '#services/diarization/types.js';
import type { ChannelsRequest } from '#services/transcription/types.js';
import { joinCounts, MAX_SPEAKERS } from '../speaker-rules.js';
import { UsageError } from './report-failure.js';
import { checkSpeakerNames } from './speaker-names.js';

/** The options about speakers as commander reads them. */
export type SpeakerFlags = {
  readonly diarize?: boolean;
  readonly numSpeakers?: string;
  readonly minSpeakers?: string;
  readonly maxSpeakers?: string;
  readonly known?: readonly string[];
  readonly channels?: string;
  readonly names?: string;
};

/** A known person: a file with their voice, or without `path` the stored voice of that name. */
export type KnownFlag = { readonly name: string; readonly path?: string };

/** What the command line says about speakers. */
export type SpeakerWishes = {
  /** The first option that asks for speakers; absent when none does. */
  readonly askedBy?: string;
  /** `--no-diarize`: no speakers, whatever the settings or the model id say. */
  readonly refused: boolean;
  readonly count?: SpeakerCount;
  readonly known: readonly KnownFlag[];
  /** Each channel is one speaker; never together with `count` and `known`. */
  readonly channels?: ChannelsRequest;
};

export function addSpeakerOptions(command: Command): Command {
  return command
    .option('-d, --diarize', 'say who spoke; every option about speakers means it')
    .option('--no-diarize', 'do not, even where the settings or the model would')
    .option('--num-speakers <number>', 'how many people speak (default: it is estimated)')
    .option('--min-speakers <number>', 'at least so many')
    .option('--max-speakers <number>', 'at most so many')
    .option(
      '-k, --known <voice>',
      'a person whose voice is known: name=file with 1.2 to 10 s of them alone, or the name of a stored voice ' +
        '(whosaid voices --help); once for each',
      (voice: string, before: readonly string[] = []) => [...before, voice],
    )
    .option('--channels <mode>', 'split: in a stereo recording each channel is one speaker', 'mix')
    .option('--names <left,right>', 'with --channels split: who is on which (default: Left,Right)');
}

/** @throws UsageError for values that make no sense, alone or together */
export function readSpeakerFlags(flags: SpeakerFlags): SpeakerWishes {
  const askedBy = askingFlag(flags);
  if (flags.diarize === false && askedBy !== undefined)
    throw new UsageError(`${askedBy} asks who spoke, and --no-diarize says not to. Leave one out.`);
  const count = readCount(flags);
  const known = (flags.known ?? []).map(readKnown);
  checkSpeakerNames(known.map(({ name }) => name));
  const channels = readChannels(flags);
  return {
    refused: flags.diarize === false,
    known,
    ...(askedBy !== undefined && { askedBy }),
    ...(count !== undefined && { count }),
    ...(channels !== undefined && { channels }),
  };
}

function askingFlag(flags: SpeakerFlags): string | undefined {
  if (flags.diarize === true) return '--diarize';
  if (isSplit(flags)) return '--channels split';
  return voiceFlag(flags);
}

/** The first option that only makes sense when speakers are told apart by their voices. */
function voiceFlag(flags: SpeakerFlags): string | undefined {
  if (flags.numSpeakers !== undefined) return '--num-speakers';
  if (flags.minSpeakers !== undefined) return '--min-speakers';
  if (flags.maxSpeakers !== undefined) return '--max-speakers';
  return flags.known !== undefined ? '--known' : undefined;
}

function readCount(flags: SpeakerFlags): SpeakerCount | undefined {
  const exact = readNumber('--num-speakers', flags.numSpeakers);
  const min = readNumber('--min-speakers', flags.minSpeakers);
  const max = readNumber('--max-speakers', flags.maxSpeakers);
  const count = joinCounts({ exact, min, max });
  if (count === 'limits cross')
    throw new UsageError(
      `At least ${min} (--min-speakers) and at most ${max} (--max-speakers) cannot both be. Correct one of them.`,
    );
  if (count === 'outside limits') {
    const range = [min && `--min-speakers ${min}`, max && `--max-speakers ${max}`];
    throw new UsageError(
      `--num-speakers ${exact} is not what ${range.filter(Boolean).join(' and ')} allows. Give the exact number alone.`,
    );
  }
  return count;
}

function readNumber(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (value >= 1 && value <= MAX_SPEAKERS) return value;
  throw new UsageError(
    `${flag} is ${JSON.stringify(text)}; expected a whole number from 1 to ${MAX_SPEAKERS}.`,
  );
}

function readKnown(text: string): KnownFlag {
  const at = text.indexOf('=');
  if (at < 0) return { name: text.trim() };
  const [name, path] = [text.slice(0, at).trim(), text.slice(at + 1)];
  if (name !== '' && path !== '') return { name, path };
  throw new UsageError(
    `--known is ${JSON.stringify(text)}; expected name=file, for example alice=alice.wav, or the name of a stored voice.`,
  );
}

function isSplit({ channels }: SpeakerFlags): boolean {
  return channels?.trim().toLowerCase() === 'split';
}

function readChannels(flags: SpeakerFlags): ChannelsRequest | undefined {
  const { channels = 'mix', names } = flags;
  if (!isSplit(flags)) {
    if (channels.trim().toLowerCase() !== 'mix')
      throw new UsageError(`--channels is ${JSON.stringify(channels)}; expected split or mix.`);
    if (names !== undefined)
      throw new UsageError(
        '--names belongs to --channels split. For voices use --known name=file.',
      );
    return undefined;
  }
  const other = voiceFlag(flags);
  if (other !== undefined)
    throw new UsageError(
      `With --channels split each of the two channels is one speaker, so ${other} has nothing to say. Leave one of them out${other === '--known' ? '; --names left,right gives the speakers names' : ''}.`,
    );
  if (names === undefined) return {};
  const [left = '', right = '', ...more] = names.split(',').map((name) => name.trim());
  if (left === '' || right === '' || more.length > 0)
    throw new UsageError(`--names is ${JSON.stringify(names)}; expected two names, left,right.`);
  checkSpeakerNames([left, right]);
  return { names: [left, right] };
}
