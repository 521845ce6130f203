import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeWav } from '#services/audio/wav.js';
import { STEP_SAMPLES } from '#services/enhance/enhance-blocks.js';
import type { EnhancedFor, Enhancement, Enhancer } from '#services/enhance/types.js';
import { note } from '../report/progress.js';
import { scoreDiarization } from '../scoring/diarization.js';
import { type Reference, readSpeakerReference } from '../scoring/references.js';
import { scoreWords } from '../scoring/word-starts.js';
import type { OpenPipeline } from '../support/open-pipeline.js';
import { makeNoise, mix, type Noise } from './noises.js';

const SAMPLE_RATE = 16_000;

/** One recording in one noise, heard in one way. */
export type Heard = {
  readonly recording: string;
  readonly noise: Noise | 'none';
  /** Undefined without noise. */
  readonly decibels: number | undefined;
  /** Whether and for whom it was enhanced. */
  readonly way: 'as it is' | EnhancedFor;
  readonly wordErrors: number;
  readonly referenceWords: number;
  readonly der: number;
  /** Steps of 10 s that were enhanced, and all. */
  readonly enhanced: number;
  readonly steps: number;
};

export type MeasureOptions = {
  readonly pipeline: OpenPipeline;
  readonly reference: Reference;
  readonly noise: Noise | 'none';
  readonly decibels: number | undefined;
  /** Speech of others, for babble. */
  readonly others: Int16Array;
  readonly kind: Enhancement;
  readonly folder: string;
};

/** Hears a recording in some noise without enhancement, and enhanced for recognition and for all. */
export async function measureNoise(options: MeasureOptions): Promise<Heard[]> {
  const { pipeline, reference, noise, decibels, folder, kind } = options;
  const samples = await noisySamples(options);
  const path = join(folder, 'noisy.wav');
  await writeFile(path, encodeWav(samples));
  const model = await pipeline.enhancementModel(kind);
  const heard: Heard[] = [];
  for (const way of ['as it is', 'asr', 'both'] as const) {
    note(`enhance: ${reference.name}, ${noise} ${decibels ?? ''}, ${way}`);
    let enhanced = 0;
    const counted: Enhancer = (id) => {
      const service = pipeline.enhancer(id);
      return {
        enhance(block, call) {
          enhanced += 1;
          return service.enhance(block, call);
        },
      };
    };
    const { segments, turns = [] } = await pipeline.transcribe(path, {
      speakers: {},
      enhancer: counted,
      ...(way !== 'as it is' && { enhance: { kind, model, for: way } }),
    });
    const { words } = scoreWords(
      reference.turns,
      segments.flatMap((segment) => segment.words),
    );
    const { turns: spoken } = readSpeakerReference(reference.audio);
    heard.push({
      ...{ recording: reference.name, noise, decibels, way, enhanced },
      wordErrors: words.substitutions + words.deletions + words.insertions,
      referenceWords: words.referenceWords,
      der: scoreDiarization({ reference: spoken, hypothesis: turns }).rate,
      steps: Math.ceil(samples.length / STEP_SAMPLES),
    });
  }
  return heard;
}

async function noisySamples(options: MeasureOptions): Promise<Int16Array> {
  const { pipeline, reference, noise, decibels, others } = options;
  const speech = await pipeline.decode(reference.audio);
  if (noise === 'none' || decibels === undefined) return speech;
  const marks = new Uint8Array(speech.length);
  for (const { start, end } of reference.turns)
    marks.fill(1, Math.floor(start * SAMPLE_RATE), Math.ceil(end * SAMPLE_RATE));
  return mix(speech, {
    noise: makeNoise(noise, { length: speech.length, speech: others }),
    decibels,
    isSpeech: (at) => marks[at] === 1,
  });
}

/** Seconds of audio that one host enhances in a second, on a minute of it; the model is loaded. */
export async function measureSpeed(
  pipeline: OpenPipeline,
  { kind, samples }: { readonly kind: Enhancement; readonly samples: Int16Array },
): Promise<number> {
  const service = pipeline.enhancer(await pipeline.enhancementModel(kind));
  await service.enhance(samples.slice(0, SAMPLE_RATE));
  const minute = samples.slice(0, 60 * SAMPLE_RATE);
  const startMs = performance.now();
  for (let at = 0; at < minute.length; at += STEP_SAMPLES)
    await service.enhance(minute.slice(at, at + STEP_SAMPLES));
  return minute.length / SAMPLE_RATE / ((performance.now() - startMs) / 1000);
}
