import { note } from '../report/progress.js';
import type { Reference } from '../scoring/references.js';
import { scoreWords } from '../scoring/word-starts.js';
import type { OpenPipeline } from '../support/open-pipeline.js';
import { speakerAgreement } from './agreement.js';
import { listenTo, ofType } from './listen-to.js';

export type Agreement = {
  readonly name: string;
  readonly words: number;
  /** 0 to 1. */
  readonly share: number;
  readonly speakers: number;
  readonly liveSpeakers: number;
  /** Word errors against the reference. */
  readonly wer: number;
  readonly liveWer: number;
};

/** Every recording twice: as an upload, and as a live session with speakers. */
export async function measureAgreement(
  pipeline: OpenPipeline,
  references: readonly Reference[],
): Promise<Agreement[]> {
  const agreements: Agreement[] = [];
  for (const { name, audio, turns } of references) {
    note(`realtime: speakers of ${name}`);
    const whole = await pipeline.transcribe(audio, { speakers: {} });
    const samples = await pipeline.decode(audio);
    const { speech, speakers } = pipeline;
    const heard = await listenTo(samples, { speech, speakers, inRealTime: false });
    const words = whole.segments.flatMap((segment) => segment.words);
    const live = ofType(heard, 'completed').flatMap(({ event }) => event.words);
    agreements.push({
      name,
      words: words.length,
      share: speakerAgreement(words, live),
      speakers: whole.speakers?.length ?? 0,
      liveSpeakers: new Set(live.map(({ speaker }) => speaker)).size,
      wer: scoreWords(turns, words).words.rate,
      liveWer: scoreWords(turns, live).words.rate,
    });
  }
  return agreements;
}
