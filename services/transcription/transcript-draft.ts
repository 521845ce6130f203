import type { Segment, Transcript } from '#utils/transcript/types.js';
import { ChunkJoiner } from './join-chunks.js';
import type { ChunkEndStep, ChunkIdentity } from './read-recording.js';
import type { UnnumberedSegment } from './recognise-window.js';

/** A step of reading, and where it is a window, what was recognised in it. */
export type RecognisedStep = {
  readonly step:
    | {
        readonly type: 'window';
        readonly chunk: ChunkIdentity;
        /** Second of the recording at which the next one begins. */
        readonly window: { readonly end: number };
      }
    | ChunkEndStep;
  readonly segments: readonly UnnumberedSegment[];
};

/** What is known of a recording while it is worked through. */
export class TranscriptDraft {
  readonly segments: Segment[] = [];
  readonly #joiner = new ChunkJoiner<UnnumberedSegment>();
  readonly #secondsByLanguage = new Map<string, number>();

  /** Every segment that begins before this second of the recording is there. */
  get until(): number {
    return this.#joiner.until;
  }

  /** Takes the next step in order; returns the segments that became certain by it. */
  add({ step, segments }: RecognisedStep): Segment[] {
    const settled =
      step.type === 'window'
        ? this.#joiner.add({ segments, end: step.window.end, ownUntil: step.chunk.ownUntil })
        : this.#joiner.end(step);
    return settled.map((found) => this.#number(found));
  }

  /** @param fallback.language Where nothing was said. */
  transcript(fallback: { readonly duration: number; readonly language: string }): Transcript {
    const languages = [...this.#secondsByLanguage]
      .sort(([, one], [, other]) => other - one)
      .map(([language]) => language);
    return {
      language: languages[0] ?? fallback.language,
      languages,
      duration: fallback.duration,
      text: textOf(this.segments),
      segments: this.segments,
    };
  }

  #number(found: UnnumberedSegment): Segment {
    const { language } = found;
    const segment = { id: this.segments.length, ...found };
    this.segments.push(segment);
    const seconds = this.#secondsByLanguage.get(language) ?? 0;
    this.#secondsByLanguage.set(language, seconds + segment.end - segment.start);
    return segment;
  }
}

/** Texts of segments as one. */
export function textOf(segments: readonly Segment[]): string {
  return segments.map(({ text }) => text).join(' ');
}
