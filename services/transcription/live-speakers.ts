import type { Identification, KnownVoice, SpeakerService } from '#services/diarization/types.js';
import type { Segment, Speaker, SpeakerTurn, Transcript } from '#utils/transcript/types.js';
import { labelSegment, withSomebody } from './attribute.js';
import { type ChooseSpeakersOptions, chooseSpeakers, type SpokenText } from './attribute-words.js';
import type { RecordingDiarizer } from './diarize-recording.js';
import { LiveLabels } from './live-labels.js';
import { textOf } from './transcript-draft.js';
import type { SpeakersRequest } from './types.js';

export type LiveSpeakersOptions = {
  readonly diarizer: Pick<RecordingDiarizer, 'until' | 'tracks' | 'tracksUntil'>;
  readonly speakers: Pick<SpeakerService, 'identify'>;
  readonly known: readonly KnownVoice[];
  readonly count: SpeakersRequest['count'];
  readonly signal: AbortSignal;
};

/** Who says a segment is decided when at least so much of what follows has been heard, in seconds. */
const LOOK_AHEAD_SECONDS = 45;
/** Speakers are identified when so much of a recording has been heard, … */
const FIRST_SECONDS = 60;
/** … then at twice that, and so on, but after so much more at the latest; in long recordings after a tenth more. */
const LONGEST_STEP_SECONDS = 240;
const LONG_STEP = 0.1;

/**
 * Speakers of a recording that is still being read, for segments that are told once and never again.
 *
 * Diarization runs ahead of recognition. At certain seconds of the recording, which depend on nothing else, all that has
 * been heard up to there is identified as if the recording ended there; names go from one identification to the next by
 * what is heard at the same times. A segment gets its speakers from the first identification that looks far enough
 * ahead of it. So the result does not depend on how fast the machine is.
 */
export class LiveSpeakers {
  readonly #options: LiveSpeakersOptions;
  readonly #labels: LiveLabels;
  #waiting: Segment[] = [];
  readonly #told: Segment[] = [];
  #identification: Identification = { speakers: [], turns: [] };
  /** Second up to which segments have their speakers by the latest identification. */
  #labelledUntil = 0;
  #nextSeconds = FIRST_SECONDS;
  #identifying: Promise<void> | undefined;

  constructor(options: LiveSpeakersOptions) {
    this.#options = options;
    this.#labels = new LiveLabels(options.known.map(({ name }) => name));
  }

  /**
   * False until so much is diarized that the first segments can be told. Words without speakers help nobody until then,
   * so that all processors may diarize.
   */
  get isUnderWay(): boolean {
    return this.#options.diarizer.until >= FIRST_SECONDS;
  }

  /** Takes segments that are recognised for good, in order. */
  add(segments: readonly Segment[]): void {
    this.#waiting.push(...segments);
  }

  /** Segments whose speakers have become known. Begins to identify when it is time. */
  take(): Segment[] {
    const told = this.#tell(this.#labelledUntil);
    this.#identifyIfDue();
    return told;
  }

  /** Resolves when an identification that is under way is done; rejects as the speaker service does. */
  get identified(): Promise<void> | undefined {
    return this.#identifying;
  }

  /** Identifies with everything; call it when `take` begins nothing any more. The segments returned are those not told so far. */
  async finish(transcript: Transcript): Promise<{ rest: Segment[]; transcript: Transcript }> {
    const { diarizer, count } = this.#options;
    await this.#identify(await diarizer.tracks(), count);
    const rest = this.#tell(Number.POSITIVE_INFINITY, { isEnd: true });
    return {
      rest,
      transcript: {
        ...transcript,
        segments: this.#told,
        text: textOf(this.#told),
        ...this.#speakersAndTurns(),
      },
    };
  }

  /** The second of the recording that has to be diarized before the next segment in line can be told. */
  #dueSeconds(): number {
    const end = this.#waiting[0]?.end;
    if (end === undefined || end <= this.#labelledUntil) return Number.POSITIVE_INFINITY;
    while (this.#nextSeconds < end + LOOK_AHEAD_SECONDS) {
      const step = Math.max(LONGEST_STEP_SECONDS, this.#nextSeconds * LONG_STEP);
      this.#nextSeconds += Math.min(this.#nextSeconds, step);
    }
    return this.#nextSeconds;
  }

  #identifyIfDue(): void {
    const seconds = this.#dueSeconds();
    if (this.#identifying || this.#options.diarizer.until < seconds) return;
    this.#identifying = this.#identifyUntil(seconds);
    this.#identifying.catch(() => undefined); // who waits for `identified` sees it
  }

  async #identifyUntil(seconds: number): Promise<void> {
    const { diarizer, count } = this.#options;
    // That not all have spoken yet is no reason to take one person for two.
    const most = count?.max === undefined ? undefined : { max: count.max };
    await this.#identify(await diarizer.tracksUntil(seconds), most);
    this.#labelledUntil = seconds - LOOK_AHEAD_SECONDS;
    this.#identifying = undefined;
  }

  async #identify(
    tracks: Parameters<SpeakerService['identify']>[0],
    count: SpeakersRequest['count'],
  ): Promise<void> {
    const { speakers, known, signal } = this.#options;
    const options = { known, ...(count && { count }) };
    this.#identification = await speakers.identify(tracks, options, { signal });
    this.#labels.update(this.#identification);
  }

  /**
   * Gives their speakers to the segments that end up to this second. Each is told when the next one is known, which helps
   * to choose: how many happen to be recognised at this moment changes nothing.
   */
  #tell(until: number, { isEnd = false } = {}): Segment[] {
    const told: Segment[] = [];
    for (;;) {
      const [segment, next] = this.#waiting;
      if (!segment || segment.end > until || (!next && !isEnd)) return told;
      this.#waiting.shift();
      for (const part of this.#label(segment, next)) {
        const numbered = { ...part, id: this.#told.length };
        this.#told.push(numbered);
        told.push(numbered);
      }
    }
  }

  /** Cuts a segment between its speakers, of whom each has a name from now on. */
  #label(segment: Segment, next: Segment | undefined): Segment[] {
    const { speakers, turns } = withSomebody({
      segments: [segment],
      identification: this.#identification,
    });
    const own = spokenIn(segment);
    const chosen = chooseSpeakers({
      words: [...own, ...(next ? spokenIn(next) : [])],
      turns,
      speakerCount: speakers.length,
      before: this.#saidBefore(),
    });
    const names = own.map((_, word) => this.#labels.nameOf(chosen[word] as number));
    return labelSegment(segment, names);
  }

  #saidBefore(): ChooseSpeakersOptions['before'] {
    const last = this.#told.at(-1);
    const speaker = last?.speaker === undefined ? undefined : this.#labels.speakerOf(last.speaker);
    if (!last || speaker === undefined) return undefined;
    return { word: last.words.at(-1) ?? last, speaker };
  }

  /** As they were told; who says nothing comes last. */
  #speakersAndTurns(): { speakers: Speaker[]; turns: SpeakerTurn[] } {
    const seconds = new Map<string, number>();
    const spoken = new Map<string, number>();
    for (const { speaker = '', start, end } of this.#told) {
      seconds.set(speaker, 0);
      spoken.set(speaker, (spoken.get(speaker) ?? 0) + end - start);
    }
    const turns = this.#identification.turns.map(({ start, end, speaker: index }): SpeakerTurn => {
      const speaker = this.#labels.nameOf(index);
      seconds.set(speaker, (seconds.get(speaker) ?? 0) + end - start);
      return { start, end, speaker };
    });
    return {
      turns,
      // Somebody whom the last identification took for another has no turns, but was told.
      speakers: [...seconds].map(([name, heard]) => {
        return { name, seconds: heard || (spoken.get(name) ?? 0) };
      }),
    };
  }
}

/** Its words; where it has none, all of it. */
function spokenIn(segment: Segment): readonly SpokenText[] {
  return segment.words.length > 0 ? segment.words : [segment];
}
