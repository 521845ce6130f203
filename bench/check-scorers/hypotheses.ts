import { note } from '../report/progress.js';
import {
  loadMeetings,
  loadReferences,
  readSpeakerReference,
  type SpeakerReference,
} from '../scoring/references.js';
import { wordsOfSegments, wordsOfTurns } from '../scoring/speaker-words.js';
import { openPipeline } from '../support/open-pipeline.js';
import type { Case } from './cases.js';
import { madeUpHypotheses, type TextTurn } from './made-up.js';

/** A recording with its reference; `texts` is there where it says what was said. */
type Recording = {
  readonly set: string;
  readonly reference: SpeakerReference;
  readonly texts?: readonly TextTurn[];
};

/** Hypotheses that are wrong in known ways, about every recording. */
export function madeUpCases(): Case[] {
  return recordings().flatMap((recording) => {
    const { set, reference, texts } = recording;
    const turns = texts ?? reference.turns.map((turn) => ({ ...turn, text: '' }));
    return madeUpHypotheses(turns).map((made) => ({
      set,
      recording: reference.name,
      hypothesis: made.name,
      referenceRttm: reference.rttm,
      turns: made.turns,
      ...(texts && {
        words: { reference: wordsOfTurns(texts), hypothesis: wordsOfTurns(made.turns) },
      }),
    }));
  });
}

/** What our pipeline hears in every recording, as far as it comes; `problem` says why it came no further. */
export async function pipelineCases(): Promise<{ cases: Case[]; problem?: string }> {
  const cases: Case[] = [];
  try {
    const pipeline = await openPipeline();
    try {
      for (const { set, reference, texts } of recordings()) {
        note(`check-scorers: our pipeline: ${reference.name}`);
        const { turns, segments } = await pipeline.transcribe(reference.audio, { speakers: {} });
        if (turns === undefined) throw new Error('its transcript has no turns');
        cases.push({
          set,
          recording: reference.name,
          hypothesis: 'our pipeline',
          referenceRttm: reference.rttm,
          turns,
          ...(texts && {
            words: { reference: wordsOfTurns(texts), hypothesis: wordsOfSegments(segments) },
          }),
        });
      }
    } finally {
      await pipeline.close();
    }
    return { cases };
  } catch (error) {
    return { cases, problem: (error as Error).message };
  }
}

function recordings(): Recording[] {
  return [
    ...loadReferences().references.map(({ audio, turns }) => ({
      set: 'made',
      reference: readSpeakerReference(audio),
      texts: turns,
    })),
    ...loadMeetings().map((reference) => ({ set: 'ami', reference })),
  ];
}
