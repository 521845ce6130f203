import type { Command } from 'commander';
import type { SpeechTask } from '#services/asr/types.js';
import { ENHANCED_FOR } from '#services/enhance/types.js';
import { type ResponseFormat, responseFormats } from '#utils/formats/index.js';
import { ENHANCE_CHOICES } from '../routes/enhance-fields.js';
import {
  addRemoteOptions,
  type RemoteFlags,
  type RemoteWishes,
  readRemoteFlags,
} from './remote/remote-flags.js';
import { UsageError } from './report-failure.js';
import { addSpeakerOptions, readSpeakerFlags, type SpeakerFlags } from './speaker-flags.js';
import type { TranscribeFilesOptions } from './transcribe-files.js';

type Flags = SpeakerFlags &
  RemoteFlags & {
    readonly format: string;
    readonly outputDir?: string;
    readonly language?: string;
    readonly model?: string;
    readonly task: string;
    readonly enhance?: string;
    readonly enhanceFor?: string;
    readonly inverseTextNormalization?: boolean;
    readonly prompt?: string;
    readonly keyword?: readonly string[];
    readonly spellingCorrection?: boolean;
  };

const TASKS: readonly SpeechTask[] = ['transcribe', 'translate'];

/** `whosaid transcribe FILES…` */
export function registerTranscribe(program: Command): void {
  const command = program
    .command('transcribe')
    .description('transcribe audio or video files; exit code 1 when any of them failed')
    .argument(
      '<files...>',
      'audio or video in any format that FFmpeg reads; folders with --recursive',
    )
    .option('-f, --format <formats>', `${responseFormats.join(', ')}; several with commas`, 'text')
    .option('-o, --output-dir <folder>', 'write a file for each input and format (default: print)')
    .option(
      '-l, --language <language>',
      'code or English name (default: what the model knows or hears)',
    )
    .option('-m, --model <id>', 'model; auto: one that knows the language (MODEL)')
    .option(
      '--task <task>',
      'transcribe, or translate to English with a model that can',
      'transcribe',
    )
    .option(
      '--enhance <what>',
      `${ENHANCE_CHOICES.join(', ')}: take noise or music away first (ENHANCE)`,
    )
    .option(
      '--enhance-for <who>',
      'asr: for the words alone; both: for the speakers too (ENHANCE_FOR)',
    )
    .option(
      '--inverse-text-normalization',
      'numbers in figures, with a model that can be told (ENABLE_INVERSE_TEXT_NORMALIZATION)',
    )
    .option('--no-inverse-text-normalization', 'numbers in words, with a model that can be told')
    .option('--prompt <text>', 'earlier text, or a list of words, that tells names')
    .option(
      '--keyword <word>',
      'name or rare word that is likely to be said; repeat it for more',
      (word: string, others: readonly string[] = []) => [...others, word],
    )
    .option(
      '--spelling-correction',
      'write what is nearly one of them as it, where the model cannot be told words (ENABLE_SPELLING_CORRECTION)',
    )
    .option('--no-spelling-correction', 'leave words as the model writes them');
  addRemoteOptions(addSpeakerOptions(command))
    .addHelpText(
      'after',
      `
Examples:
  whosaid transcribe interview.mp3
  whosaid transcribe a.wav b.mp4 --format srt,verbose_json --output-dir out
  whosaid transcribe interview-de.mp3 --model whisper-small --task translate
  whosaid transcribe meeting.mp3 --format vtt --diarize
  whosaid transcribe meeting.mp3 --num-speakers 3 --known alice=alice.wav
  whosaid transcribe standup.mp3 --keyword "Fiona Whitlock" --keyword Kestrel --spelling-correction
  whosaid transcribe call.wav --channels split --names Agent,Caller
  whosaid transcribe --server http://host:8000 --api-key-file key.txt --recursive calls --format srt,json
  whosaid transcribe --server http://host:8000 --watch inbox --output-dir out --summary out/summary.json`,
    )
    .action(async (files: string[], flags: Flags) => {
      const remote = readRemoteFlags(flags);
      const options = readFlags({ files, flags, remote });
      if (remote !== undefined) {
        const { transcribeRemote } = await import('./remote/transcribe-remote.js');
        process.exitCode = await transcribeRemote({ ...options, remote });
        return;
      }
      const { transcribeFiles } = await import('./transcribe-files.js');
      process.exitCode = await transcribeFiles(options);
    });
}

function readFlags({
  files,
  flags,
  remote,
}: {
  readonly files: string[];
  readonly flags: Flags;
  readonly remote: RemoteWishes | undefined;
}): TranscribeFilesOptions {
  const formats = [...new Set(flags.format.split(',').map((word) => word.trim().toLowerCase()))];
  for (const format of formats) {
    if (responseFormats.includes(format as ResponseFormat)) continue;
    throw new UsageError(
      `--format is ${JSON.stringify(format)}; expected ${responseFormats.join(', ')}, or several of them with commas.`,
    );
  }
  // What is found in folders is written beside it.
  const isPrinted = flags.outputDir === undefined && remote?.isRecursive !== true;
  if (formats.length > 1 && isPrinted) {
    throw new UsageError('Several formats need a folder to be written to: add --output-dir.');
  }
  const task = TASKS.find((each) => each === flags.task.trim().toLowerCase());
  if (task === undefined) {
    throw new UsageError(
      `--task is ${JSON.stringify(flags.task)}; expected ${TASKS.join(' or ')}.`,
    );
  }
  const { outputDir, language, model } = flags;
  return {
    files,
    formats: formats as ResponseFormat[],
    outputDir,
    language,
    model,
    task,
    enhance: oneOf('--enhance', flags.enhance, ENHANCE_CHOICES),
    enhanceFor: oneOf('--enhance-for', flags.enhanceFor, ENHANCED_FOR),
    inverseNormalisation: flags.inverseTextNormalization,
    prompt: flags.prompt,
    keywords: flags.keyword,
    spellingCorrection: flags.spellingCorrection,
    speakers: readSpeakerFlags(flags),
  };
}

function oneOf<Choice extends string>(
  option: string,
  text: string | undefined,
  choices: readonly Choice[],
): Choice | undefined {
  if (text === undefined) return undefined;
  const choice = choices.find((each) => each === text.trim().toLowerCase());
  if (choice !== undefined) return choice;
  throw new UsageError(`${option} is ${JSON.stringify(text)}; expected ${choices.join(', ')}.`);
}
