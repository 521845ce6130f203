import type { SpeakerTurn } from '#utils/transcript/types.js';
import { cheapestAssignment } from './assignment.js';
import { type Stretch, stretchesOf } from './stretches.js';

/**
 * Diarization errors in seconds of speaker time: two people talking at once for a second are two seconds.
 * `rate` (DER) is all errors over `speech`; Infinity for false alarms where nobody speaks.
 */
export type DiarizationErrors = {
  readonly miss: number;
  readonly falseAlarm: number;
  readonly confusion: number;
  /** Speaker time of the reference. */
  readonly speech: number;
  readonly rate: number;
};

/** Errors of one recording, with how many speakers either side knows. */
export type DiarizationScore = DiarizationErrors & {
  readonly referenceSpeakers: number;
  readonly hypothesisSpeakers: number;
};

/**
 * Diarization error rate over the whole recording: no collar, overlapping speech scored, speakers of both sides mapped
 * one to one so that they agree for as long as possible. Exact sums over the stretches between turn boundaries; no
 * frames. Overlapping turns of one speaker count once. As `pyannote.metrics` computes it; `npm run bench --
 * check-scorers` compares the two.
 */
export function scoreDiarization({
  reference,
  hypothesis,
}: {
  reference: readonly SpeakerTurn[];
  hypothesis: readonly SpeakerTurn[];
}): DiarizationScore {
  const stretches = stretchesOf(reference, hypothesis);
  const partnerOf = mapSpeakers(stretches);
  const sums = { miss: 0, falseAlarm: 0, confusion: 0, speech: 0 };
  for (const { seconds, reference: said, hypothesis: heard } of stretches) {
    const matched = [...said].filter((name) => heard.has(partnerOf.get(name) ?? '')).length;
    sums.miss += seconds * Math.max(0, said.size - heard.size);
    sums.falseAlarm += seconds * Math.max(0, heard.size - said.size);
    sums.confusion += seconds * (Math.min(said.size, heard.size) - matched);
    sums.speech += seconds * said.size;
  }
  return {
    ...withRate(sums),
    referenceSpeakers: countSpeakers(reference),
    hypothesisSpeakers: countSpeakers(hypothesis),
  };
}

/** The errors of several recordings taken as one: long recordings weigh more. */
export function sumDiarizationErrors(files: readonly DiarizationErrors[]): DiarizationErrors {
  const sum = (field: 'miss' | 'falseAlarm' | 'confusion' | 'speech') =>
    files.reduce((total, file) => total + file[field], 0);
  return withRate({
    miss: sum('miss'),
    falseAlarm: sum('falseAlarm'),
    confusion: sum('confusion'),
    speech: sum('speech'),
  });
}

/** In how many recordings the number of speakers is right, and in how many it is at most one off. */
export function countHits(
  scores: readonly Pick<DiarizationScore, 'referenceSpeakers' | 'hypothesisSpeakers'>[],
): { exact: number; withinOne: number } {
  const distances = scores.map(({ referenceSpeakers, hypothesisSpeakers }) =>
    Math.abs(referenceSpeakers - hypothesisSpeakers),
  );
  return {
    exact: distances.filter((distance) => distance === 0).length,
    withinOne: distances.filter((distance) => distance <= 1).length,
  };
}

function withRate(sums: Omit<DiarizationErrors, 'rate'>): DiarizationErrors {
  const errors = sums.miss + sums.falseAlarm + sums.confusion;
  return { ...sums, rate: errors === 0 ? 0 : errors / sums.speech };
}

/** From names of the reference to those of the hypothesis. */
function mapSpeakers(stretches: readonly Stretch[]): Map<string, string> {
  const names = (side: 'reference' | 'hypothesis') => [
    ...new Set(stretches.flatMap((stretch) => [...stretch[side]])),
  ];
  const [said, heard] = [names('reference'), names('hypothesis')];
  const together = said.map(() => heard.map(() => 0));
  for (const { seconds, reference, hypothesis } of stretches) {
    for (const one of reference) {
      const row = together[said.indexOf(one)] ?? [];
      for (const other of hypothesis) {
        const column = heard.indexOf(other);
        // The most time together is the cheapest.
        row[column] = (row[column] ?? 0) - seconds;
      }
    }
  }
  return new Map(
    cheapestAssignment(together).map(({ row, column }) => [said[row] ?? '', heard[column] ?? '']),
  );
}

function countSpeakers(turns: readonly SpeakerTurn[]): number {
  return new Set(turns.filter(({ start, end }) => end > start).map(({ speaker }) => speaker)).size;
}
