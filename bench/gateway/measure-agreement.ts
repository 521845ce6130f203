import { note } from '../report/progress.js';
import type { ReferenceSet } from '../scoring/references.js';
import type { OpenPipeline } from '../support/open-pipeline.js';
import { labelAgreement } from './agreement.js';

export type Agreement = {
  readonly name: string;
  readonly words: number;
  /** 0 to 1. */
  readonly share: number;
  readonly speakers: number;
  readonly liveSpeakers: number;
};

/** Every recording twice: speakers with all of it known, and live. */
export async function measureAgreement(
  pipeline: OpenPipeline,
  { references }: ReferenceSet,
): Promise<Agreement[]> {
  const agreements: Agreement[] = [];
  for (const { name, audio } of references) {
    note(`gateway: live labels of ${name}`);
    const whole = await pipeline.transcribe(audio, { speakers: {} });
    const live = await pipeline.transcribe(audio, { speakers: {}, live: true });
    agreements.push({
      name,
      words: whole.segments.reduce((sum, { words }) => sum + words.length, 0),
      share: labelAgreement({ whole, live }),
      speakers: whole.speakers?.length ?? 0,
      liveSpeakers: live.speakers?.length ?? 0,
    });
  }
  return agreements;
}
