import type { Settings } from '#config/settings.js';
import type { AudioDecoder } from '#services/audio/types.js';
import { enrolVoices } from '#services/diarization/enrol.js';
import { joinSamples } from '#utils/signal/pcm.js';
import { createRuntime } from '../runtime.js';
import { createCliLogger } from './cli-logger.js';
import { checkReadable, voiceProblem } from './known-voices.js';
import { UsageError } from './report-failure.js';
import { onStopSignal } from './stop-signals.js';
import type { VoiceStore } from './voice-store.js';

/**
 * Checks a recording of one person with the speaker models, as `transcribe --known` would, and stores it.
 * @returns the exit code: 0, or 130 when interrupted
 * @throws UsageError saying what is wrong with the recording; SettingsError or WhosaidError when it cannot be checked
 */
export async function addVoice(options: {
  readonly name: string;
  readonly file: string;
  readonly settings: Settings;
  readonly store: VoiceStore;
}): Promise<number> {
  const { name, file, settings, store } = options;
  if (settings.speakerDiarization === 'never')
    throw new UsageError(
      'A voice is checked with the speaker models, and ENABLE_SPEAKER_DIARIZATION is never. Set it to auto.',
    );
  await checkReadable(file);
  const controller = new AbortController();
  const { signal } = controller;
  const restoreSignals = onStopSignal(() => controller.abort(new Error('interrupted')));
  // The recogniser is not needed: only what is asked for is started.
  const runtime = createRuntime({ settings, logger: createCliLogger(settings) });
  const reference = { name, path: file };
  try {
    const { decoder, manager } = runtime;
    await enrolVoices([reference], { decoder, speakers: manager.speakers(), signal });
    await store.save({ name, samples: await decodeShort(file, decoder, signal) });
    process.stdout.write(`Stored: ${name}. Use it with --known ${quotedForShell(name)}\n`);
    return 0;
  } catch (error) {
    if (signal.aborted) return 130;
    throw voiceProblem(error, [reference]) ?? error;
  } finally {
    await runtime.dispose();
    restoreSignals();
  }
}

/** All of a recording that is known to be short. */
async function decodeShort(
  path: string,
  decoder: AudioDecoder,
  signal: AbortSignal,
): Promise<Int16Array> {
  const blocks: Int16Array[] = [];
  for await (const block of decoder.decode(path, { signal })) blocks.push(block);
  return joinSamples(blocks);
}

function quotedForShell(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : `"${name}"`;
}
