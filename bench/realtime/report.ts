import { type Bar, barTable } from '../report/bars.js';
import { markdownTable } from '../report/markdown-table.js';
import { median } from '../report/statistics.js';
import { quantile } from '../scoring/word-starts.js';
import type { Agreement } from './measure-agreement.js';
import type { Delays } from './measure-delay.js';
import type { Sessions } from './measure-sessions.js';

/** What was not asked for is absent. */
export type RealtimeFigures = {
  readonly delay?: { readonly alone: Delays; readonly withSpeakers: Delays };
  readonly sessions?: Sessions;
  readonly agreements?: readonly Agreement[];
  /** False: only the recordings of test/fixtures were there. */
  readonly complete: boolean;
};

const MOST_DELAY_SECONDS = 0.7;
const LEAST_AGREEMENT = 0.9;

/** The figures of live transcription as Markdown. */
export function reportRealtime(environment: string, figures: RealtimeFigures): string {
  const { delay, sessions, agreements, complete } = figures;
  const sections = [
    '## Realtime',
    environment,
    complete ? '' : 'EVAL_DIR is absent: only the recordings in test/fixtures.',
    delay && '### Sentences of about three seconds, in real time',
    delay && delayTable(delay),
    sessions &&
      `### ${sessions.sessions} sessions at once, ${sessions.seconds} s each, with speakers`,
    sessions && sessionsTable(sessions),
    agreements && '### Speakers against those of the whole recording',
    agreements && agreementTable(agreements),
    barTable(realtimeBars(figures)),
  ];
  return sections.filter(Boolean).join('\n\n');
}

function delayTable({ alone, withSpeakers }: NonNullable<RealtimeFigures['delay']>): string {
  const row = (what: string, { completed, firstDelta, deltas, utterances, changed }: Delays) => [
    what,
    String(completed.length),
    ...[median(completed), quantile(completed, 0.9), Math.max(...completed)].map(milliseconds),
    milliseconds(median(firstDelta)),
    deltas.toFixed(1),
    `${changed} of ${utterances}`,
  ];
  return markdownTable(
    [
      '',
      'sentences',
      'end of speech to `completed` (ms)',
      'p90',
      'most',
      'first delta after (ms)',
      'deltas each',
      'text changed by guesses',
    ],
    [row('words', alone), row('words and speakers', withSpeakers)],
  );
}

function sessionsTable(sessions: Sessions): string {
  const { utterances, lost, words, missingWords, changed, delays, mostBehindSeconds } = sessions;
  return markdownTable(
    [
      'utterances',
      'lost',
      'words',
      'missing against sessions alone',
      'text changed by guesses',
      'end to `completed` (ms)',
      'p90',
      'most behind (s)',
    ],
    [
      [
        String(utterances),
        String(lost),
        String(words),
        String(missingWords),
        `${changed} of ${utterances}`,
        milliseconds(median(delays)),
        milliseconds(quantile(delays, 0.9)),
        mostBehindSeconds.toFixed(1),
      ],
    ],
  );
}

function agreementTable(agreements: readonly Agreement[]): string {
  return markdownTable(
    [
      'recording',
      'words',
      'same speaker',
      'speakers live',
      'as an upload',
      'WER live',
      'as an upload',
    ],
    agreements.map(({ name, words, share, speakers, liveSpeakers, wer, liveWer }) => [
      name,
      String(words),
      `${(share * 100).toFixed(1)} %`,
      String(liveSpeakers),
      String(speakers),
      liveWer.toFixed(3),
      wer.toFixed(3),
    ]),
  );
}

function realtimeBars({ delay, sessions, agreements }: RealtimeFigures): Bar[] {
  const words = agreements?.reduce((sum, each) => sum + each.words, 0) ?? 0;
  const same = agreements?.reduce((sum, each) => sum + each.share * each.words, 0);
  return [
    {
      what: 'median from the end of speech to `completed`',
      value: delay && median(delay.alone.completed) * 1000,
      limit: { atMost: MOST_DELAY_SECONDS * 1000 },
      unit: ' ms',
      digits: 0,
    },
    {
      what: 'the same with speakers',
      value: delay && median(delay.withSpeakers.completed) * 1000,
      limit: { atMost: MOST_DELAY_SECONDS * 1000 },
      unit: ' ms',
      digits: 0,
    },
    {
      what: 'utterances lost by sessions side by side',
      value: sessions?.lost,
      limit: { atMost: 0 },
      digits: 0,
    },
    {
      what: 'words with the speaker that they have in an upload',
      value: same === undefined ? undefined : same / Math.max(1, words),
      limit: { atLeast: LEAST_AGREEMENT },
      digits: 3,
    },
  ];
}

function milliseconds(seconds: number): string {
  return (seconds * 1000).toFixed(0);
}
