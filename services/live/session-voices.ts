import { SAMPLE_RATE } from '#services/asr/types.js';
import type {
  ChunkTracks,
  Identification,
  IdentifiedTurn,
  KnownVoice,
  SpeakerService,
} from '#services/diarization/types.js';
import {
  type ChooseSpeakersOptions,
  chooseSpeakers,
  type SpokenText,
} from '#services/transcription/attribute-words.js';
import { LiveLabels } from '#services/transcription/live-labels.js';
import { condenseVoices } from './condense-voices.js';

/**
 * Pieces of two voices that are less alike on average are two people's. More than for whole recordings: who is taken for
 * somebody else at first is told so, and later pieces cannot put it right: docs/decisions/live-transcription.md.
 */
const LIKENESS = 0.46;
/** Turns this long before an utterance, in seconds, say nothing about its words any more. */
const NEAR_SECONDS = 30;

type Call = { readonly signal: AbortSignal };

/**
 * Who speaks in a session. With each utterance all that was heard so far is linked anew, as the tracks of a recording
 * are; names go from one linkage to the next by what is heard at the same times, and what was told stays as it is.
 */
export class SessionVoices {
  readonly #speakers: SpeakerService;
  readonly #labels: LiveLabels;
  #chunks: readonly ChunkTracks[] = [];
  #before: { readonly word: SpokenText; readonly name: string } | undefined;

  constructor(
    speakers: SpeakerService,
    { known }: { readonly known: readonly KnownVoice[] } = { known: [] },
  ) {
    this.#speakers = speakers;
    // No letter may look like a known name.
    const names = known.map(({ name }) => name);
    this.#labels = new LiveLabels(names, { lettersStay: true });
  }

  /**
   * What is heard in a part of an utterance. Depends on nothing else; parts may be heard side by side.
   *
   * @param start Position of the first sample.
   */
  async hear(samples: Int16Array, start: number, call: Call): Promise<ChunkTracks> {
    const seconds = start / SAMPLE_RATE;
    const block = { samples, start: seconds, firstWindow: 0, last: true };
    const analysis = await this.#speakers.analyse(block, call);
    const end = seconds + samples.length / SAMPLE_RATE;
    return this.#speakers.tracks({ start: seconds, end, blocks: [analysis] }, call);
  }

  /**
   * Who said each word of an utterance. To be asked for one utterance after the other.
   *
   * @param heard What `hear` made of its parts.
   */
  async name(
    words: readonly SpokenText[],
    {
      heard,
      known,
      ...call
    }: Call & {
      readonly heard: readonly ChunkTracks[];
      readonly known: readonly KnownVoice[];
    },
  ): Promise<string[]> {
    const chunks = [...this.#chunks, ...heard];
    const identification = await this.#speakers.identify(
      chunks,
      { known, likeness: LIKENESS },
      call,
    );
    this.#labels.update(identification);
    this.#chunks = condenseVoices(chunks, identification);
    const names = this.#choose(words, identification);
    const [word, name] = [words.at(-1), names.at(-1)];
    if (word && name !== undefined) this.#before = { word, name };
    return names;
  }

  #choose(words: readonly SpokenText[], { speakers, turns }: Identification): string[] {
    const [first] = words;
    if (!first) return [];
    const near = turns.filter(({ end }) => end > first.start - NEAR_SECONDS);
    // Words without a voice: somebody said them, most likely whoever spoke before.
    if (near.length === 0) {
      const name = this.#before?.name ?? this.#labels.nameOf(0);
      return words.map(() => name);
    }
    const speakerCount = speakers.length;
    const before = this.#saidBefore(near);
    const chosen = chooseSpeakers({ words, turns: near, speakerCount, before });
    return chosen.map((speaker) => this.#labels.nameOf(speaker));
  }

  /** What was told last, if whoever said it is heard in these turns. */
  #saidBefore(turns: readonly IdentifiedTurn[]): ChooseSpeakersOptions['before'] {
    if (!this.#before) return undefined;
    const speaker = this.#labels.speakerOf(this.#before.name);
    if (speaker === undefined || !turns.some((turn) => turn.speaker === speaker)) return undefined;
    return { word: this.#before.word, speaker };
  }
}
