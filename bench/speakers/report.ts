import { type Bar, barTable } from '../report/bars.js';
import { markdownTable } from '../report/markdown-table.js';
import { median, spread } from '../report/statistics.js';
import type { DiarizationScore } from '../scoring/diarization.js';
import type { ChunkedScore } from './measure-chunks.js';
import type { Contender, SpeedMeasurements } from './measure-speed.js';

export type SpeakerMeasurements = {
  /** Name of the recording. */
  readonly name: string;
  /** The recording is the one that the bars are about. */
  readonly complete: boolean;
  readonly speed: SpeedMeasurements;
  readonly chunks: { readonly whole: ChunkedScore; readonly chunked: ChunkedScore };
};

/** Speed and the cost of short chunks as Markdown. */
export function reportSpeakers(environment: string, measured: SpeakerMeasurements): string {
  const { name, speed, chunks, complete } = measured;
  return [
    '## Speed of diarization, and short chunks',
    environment,
    `${name}, ${speed.seconds.toFixed(0)} s, already decoded; ours as one chunk. Medians (range), measured in turns; the ratio is of the same turn.`,
    speedTable(speed),
    speed.problem === undefined ? '' : `sherpa-onnx-node failed: ${speed.problem}`,
    'The same recording through the whole pipeline:',
    chunkTable([chunks.whole, chunks.chunked]),
    barTable(complete ? speakerBars(measured) : speakerBars(measured).map(unmeasured)),
    complete ? '' : 'The bars are about six-speakers-long, which is not there (EVAL_DIR).',
  ]
    .filter((section) => section !== '')
    .join('\n\n');
}

function speedTable({ seconds, hosts, threads, ours, sherpa }: SpeedMeasurements): string {
  const row = (what: string, { elapsedMs, score }: Contender, ratio: string) => [
    what,
    spread(
      elapsedMs.map((ms) => (seconds * 1000) / ms),
      'x',
    ),
    ratio,
    ...scoreCells(score),
  ];
  return markdownTable(
    ['diarization', 'times real time', 'ours against it', 'DER', 'speakers found'],
    [
      row(`ours (${hosts} hosts, ${threads} threads in all)`, ours, ''),
      ...(sherpa
        ? [
            row(
              `sherpa-onnx-node, ${threads} threads`,
              sherpa,
              spread(ratios(ours, sherpa), 'x', 2),
            ),
          ]
        : []),
    ],
  );
}

function chunkTable(scores: readonly ChunkedScore[]): string {
  return markdownTable(
    ['CHUNK_SECONDS', 'DER', 'speakers found', 'WER', 'cpWER'],
    scores.map(({ chunkSeconds, speakers, wer, cpWer }) => [
      String(chunkSeconds),
      ...scoreCells(speakers),
      wer.toFixed(4),
      cpWer.toFixed(4),
    ]),
  );
}

/** DER, and speakers found of those there are. */
export function scoreCells({ rate, hypothesisSpeakers, referenceSpeakers }: DiarizationScore) {
  return [rate.toFixed(4), `${hypothesisSpeakers} of ${referenceSpeakers}`];
}

/** How many times faster we are, turn by turn. */
function ratios(ours: Contender, sherpa: Contender): number[] {
  return sherpa.elapsedMs.flatMap((ms, turn) => {
    const our = ours.elapsedMs[turn];
    return our === undefined ? [] : [ms / our];
  });
}

function speakerBars({ speed, chunks }: SpeakerMeasurements): Bar[] {
  const { whole, chunked } = chunks;
  const more = { digits: 4 };
  return [
    {
      what: "diarization against sherpa-onnx-node's",
      value: speed.sherpa && median(ratios(speed.ours, speed.sherpa)),
      limit: { atLeast: 4 },
      unit: 'x',
    },
    {
      what: 'chunks of a minute: DER higher by',
      value: chunked.speakers.rate - whole.speakers.rate,
      limit: { atMost: 0.015 },
      ...more,
    },
    {
      what: 'chunks of a minute: speakers more or fewer',
      value: Math.abs(chunked.speakers.hypothesisSpeakers - whole.speakers.hypothesisSpeakers),
      limit: { atMost: 0 },
      digits: 0,
    },
    {
      what: 'chunks of a minute: WER higher by',
      value: chunked.wer - whole.wer,
      limit: { atMost: 0.003 },
      ...more,
    },
  ];
}

function unmeasured(bar: Bar): Bar {
  return { ...bar, value: undefined };
}
