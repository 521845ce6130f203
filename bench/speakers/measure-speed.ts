import { SAMPLE_RATE } from '#services/asr/types.js';
import type { SpeakerTurn } from '#utils/transcript/types.js';
import { note } from '../report/progress.js';
import { type DiarizationScore, scoreDiarization } from '../scoring/diarization.js';
import type { SpeakerReference } from '../scoring/references.js';
import type { OpenPipeline } from '../support/open-pipeline.js';
import { diarizeOurs } from './our-diarizer.js';
import { SherpaDiarizer } from './sherpa-diarizer.js';

/** Lists of milliseconds have one entry for each repetition. */
export type SpeedMeasurements = {
  readonly seconds: number;
  readonly hosts: number;
  /** Of all hosts together; sherpa gets as many. */
  readonly threads: number;
  readonly ours: Contender;
  /** Undefined when it failed, for which `problem` is the reason. */
  readonly sherpa: Contender | undefined;
  readonly problem: string | undefined;
};

export type Contender = {
  readonly elapsedMs: readonly number[];
  /** Of what was timed. */
  readonly score: DiarizationScore;
};

/**
 * Times the diarization of a recording that is already decoded, ours and sherpa's in turns, so that a machine that grows
 * slower or faster meanwhile does so for both. Both are loaded and warm before.
 */
export async function measureSpeed({
  pipeline,
  reference,
  repetitions,
}: {
  pipeline: OpenPipeline;
  reference: SpeakerReference;
  repetitions: number;
}): Promise<SpeedMeasurements> {
  const { speakerHosts: hosts, speakerThreads } = pipeline.settings;
  const threads = hosts * speakerThreads;
  const samples = await pipeline.decode(reference.audio);
  const sherpa = new SherpaDiarizer({ models: await pipeline.speakerModels(), threads });
  const ourMs: number[] = [];
  const sherpaMs: number[] = [];
  try {
    note('speakers: one run of each on the first minute that is not measured');
    const minute = samples.subarray(0, 60 * SAMPLE_RATE);
    await diarizeOurs(pipeline.speakers, minute);
    await sherpa.diarize(minute);

    let ours: readonly SpeakerTurn[] = [];
    let theirs: readonly SpeakerTurn[] = [];
    for (let turn = 1; turn <= repetitions; turn++) {
      note(`speakers: ${turn} of ${repetitions}: ours`);
      const our = await diarizeOurs(pipeline.speakers, samples);
      ourMs.push(our.elapsedMs);
      ours = our.turns;
      note(`speakers: ${turn} of ${repetitions}: sherpa-onnx-node`);
      const their = sherpa.problem === undefined ? await sherpa.diarize(samples) : undefined;
      if (their === undefined) continue;
      sherpaMs.push(their.elapsedMs);
      theirs = their.turns;
    }
    const score = (hypothesis: readonly SpeakerTurn[]) =>
      scoreDiarization({ reference: reference.turns, hypothesis });
    return {
      seconds: samples.length / SAMPLE_RATE,
      hosts,
      threads,
      ours: { elapsedMs: ourMs, score: score(ours) },
      sherpa: sherpaMs.length > 0 ? { elapsedMs: sherpaMs, score: score(theirs) } : undefined,
      problem: sherpa.problem,
    };
  } finally {
    await sherpa.stop();
  }
}
