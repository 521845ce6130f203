import type {
  AnalyseInput,
  BlockAnalysis,
  SpeakerService,
  TracksInput,
} from '#services/diarization/types.js';

type Asked = {
  readonly block: AnalyseInput;
  readonly signal: AbortSignal | undefined;
  readonly answer: () => void;
  readonly fail: (error: unknown) => void;
};

/** Stands in for the speaker hosts: writes down what is asked, and answers when the test says so. */
export class RecordingService implements SpeakerService {
  readonly hosts: number;
  /** All blocks so far, in order. */
  readonly asked: Asked[] = [];
  readonly tracksAsked: TracksInput[] = [];
  /** Blocks without an answer: now, and at most so far. */
  unanswered = 0;
  mostUnanswered = 0;
  readonly #atOnce: boolean;

  constructor({ hosts = 1, atOnce = true }: { hosts?: number; atOnce?: boolean } = {}) {
    this.hosts = hosts;
    this.#atOnce = atOnce;
  }

  analyse(block: AnalyseInput, call?: { signal?: AbortSignal }): Promise<BlockAnalysis> {
    const { promise, resolve, reject } = withResolvers<BlockAnalysis>();
    this.unanswered++;
    this.mostUnanswered = Math.max(this.mostUnanswered, this.unanswered);
    const settle = (how: () => void) => {
      this.unanswered--;
      how();
    };
    const answer = () =>
      settle(() => resolve({ windows: this.asked.length, runs: [], pieces: [] }));
    const fail = (error: unknown) => settle(() => reject(error));
    const signal = call?.signal;
    this.asked.push({ block, signal, answer, fail });
    signal?.addEventListener('abort', () => fail(signal.reason), { once: true });
    if (this.#atOnce) setImmediate(answer);
    return promise;
  }

  async tracks(input: TracksInput) {
    this.tracksAsked.push(input);
    return { start: input.start, end: input.end, tracks: [], asides: [], ties: [] };
  }

  async identify() {
    return { speakers: [], turns: [] };
  }

  async sample() {
    return { speechSeconds: 0, voices: 0 };
  }
}

/** Promise.withResolvers is not in the oldest Node that we run on. */
function withResolvers<Value>() {
  let resolve: (value: Value) => void = () => {};
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<Value>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
