import { barTable } from '../report/bars.js';
import { describeEnvironment } from '../report/environment.js';
import { scoreDiarization } from '../scoring/diarization.js';
import { loadReferences } from '../scoring/references.js';
import { scoreSpeakerWords, wordsOfSegments, wordsOfTurns } from '../scoring/speaker-words.js';
import { scoreWords } from '../scoring/word-starts.js';
import { type ScoredSpeakers, speakerBars, speakerTable } from './speaker-report.js';
import { type Heard, transcribeAll } from './transcribe-all.js';
import { errorSection, type ScoredWords, wordBars, wordTable } from './word-report.js';

/**
 * Transcribes every recording with a reference, with speakers and as the server would, and prints word and speaker
 * errors beside sherpa's and the bars.
 */
export async function runAccuracyBench({ errors = false }: { errors?: boolean }): Promise<void> {
  const environment = describeEnvironment();
  const set = loadReferences();
  const { heard, problem } = await transcribeAll(set);
  const words = heard.flatMap(scoreHeardWords);
  const speakers = heard.map(scoreHeardSpeakers);
  const complete = set.source === 'eval';
  const sections = [
    '## Accuracy',
    environment,
    complete ? '' : 'EVAL_DIR is absent: only the recordings in test/fixtures.',
    '### Words',
    wordTable(words),
    '### Speakers',
    'No collar, overlap scored, whole recordings; overall figures weigh recordings by their speech. sherpa: OfflineSpeakerDiarization with the same two models, at its best threshold.',
    speakerTable(speakers),
    problem === undefined ? '' : `sherpa-onnx-node failed: ${problem}`,
    barTable([
      ...wordBars({ scored: words, complete }),
      ...speakerBars({ scored: speakers, complete }),
    ]),
    errors ? words.map(errorSection).join('\n\n') : '',
  ];
  process.stdout.write(`${sections.filter((section) => section !== '').join('\n\n')}\n`);
}

/** Nothing where it is not known what was said. */
function scoreHeardWords({ words: reference, transcript }: Heard): ScoredWords[] {
  if (reference === undefined) return [];
  const words = transcript.segments.flatMap((segment) => segment.words);
  return [{ name: reference.name, words, score: scoreWords(reference.turns, words) }];
}

function scoreHeardSpeakers({
  set,
  reference,
  words,
  transcript,
  sherpaTurns,
}: Heard): ScoredSpeakers {
  const { turns } = reference;
  return {
    set,
    name: reference.name,
    ours: scoreDiarization({ reference: turns, hypothesis: transcript.turns }),
    sherpa: sherpaTurns && scoreDiarization({ reference: turns, hypothesis: sherpaTurns }),
    words:
      words &&
      scoreSpeakerWords({
        reference: wordsOfTurns(words.turns),
        hypothesis: wordsOfSegments(transcript.segments),
      }),
  };
}
