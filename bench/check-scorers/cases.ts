import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpeakerTurn } from '#utils/transcript/types.js';
import { readRttm, writeRttm } from '../scoring/rttm.js';
import type { SpeakerWords } from '../scoring/speaker-words.js';

/** One hypothesis about one recording. Words are there where the reference has a text. */
export type Case = {
  /** `made` or `ami`. */
  readonly set: string;
  readonly recording: string;
  /** Where it comes from: `our pipeline`, `labels swapped` … */
  readonly hypothesis: string;
  /** The RTTM file of the reference. */
  readonly referenceRttm: string;
  readonly turns: readonly SpeakerTurn[];
  readonly words?: { readonly reference: SpeakerWords; readonly hypothesis: SpeakerWords };
};

/** A case as files: both sides read the same. */
export type WrittenCase = {
  readonly referenceRttm: string;
  readonly hypothesisRttm: string;
  readonly referenceWords?: string;
  readonly hypothesisWords?: string;
};

/** Writes a case into `folder`; `name` begins its files' names. */
export async function writeCase(
  { recording, referenceRttm, turns, words }: Case,
  { folder, name }: { folder: string; name: string },
): Promise<WrittenCase> {
  const path = (ending: string) => join(folder, `${name}.${ending}`);
  const hypothesisRttm = path('rttm');
  await writeFile(hypothesisRttm, writeRttm({ recording, turns }));
  if (words === undefined) return { referenceRttm, hypothesisRttm };
  const [referenceWords, hypothesisWords] = [path('reference.json'), path('hypothesis.json')];
  await writeFile(referenceWords, segLst({ recording, words: words.reference }));
  await writeFile(hypothesisWords, segLst({ recording, words: words.hypothesis }));
  return { referenceRttm, hypothesisRttm, referenceWords, hypothesisWords };
}

/** The turns of both sides as they are in the files, rounded to what RTTM holds. */
export function readTurns({ referenceRttm, hypothesisRttm }: WrittenCase) {
  return {
    reference: readRttm(readFileSync(referenceRttm, 'utf8')),
    hypothesis: readRttm(readFileSync(hypothesisRttm, 'utf8')),
  };
}

/** SegLST as meeteval reads it, one entry for each speaker: the times do not matter for cpWER. */
function segLst({ recording, words }: { recording: string; words: SpeakerWords }): string {
  const entries = [...words].map(([speaker, list]) => ({
    session_id: recording,
    speaker,
    start_time: 0,
    end_time: 1,
    words: list.join(' '),
  }));
  return JSON.stringify(entries);
}
