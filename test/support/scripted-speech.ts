import { setTimeout as pause } from 'node:timers/promises';
import {
  HEARING_FRAME,
  type Heard,
  type Hearing,
  type RecognisedSegment,
  SAMPLE_RATE,
  type SpeechService,
} from '#services/asr/types.js';
import { untilAborted } from '#services/model-manager/hosts/until-aborted.js';

/** Sound for `ScriptedSpeech`: a number from 1 up is a word that lasts `seconds`; 0 is silence. */
export function scriptedSound(
  parts: readonly (readonly [word: number, seconds: number])[],
): Int16Array {
  const samples = parts.map(([word, seconds]) =>
    new Int16Array(Math.round(seconds * SAMPLE_RATE)).fill(word),
  );
  const all = new Int16Array(samples.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of samples) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Stands in for the engine hosts: hears `scriptedSound`, and answers a recognition when the test lets it. */
export class ScriptedSpeech implements SpeechService {
  readonly batchSize = 8;
  readonly maxSegmentSeconds?: number;
  places = 2;
  /** 1 and less: nothing is read while it is spoken. */
  freePlaces = 0;
  /** What each recognition was asked, in order. */
  readonly asked: { readonly seconds: number; readonly isUrgent: boolean }[] = [];
  /** How a word is written; called for every recognition. */
  spell: (word: number, call: number) => string = (word) => `w${word}`;
  /** Awaited before a recognition is answered. */
  gate: (call: number) => Promise<void> = async () => undefined;
  /** Awaited before sound is listened to. */
  listening: () => Promise<void> = async () => undefined;

  constructor({ maxSegmentSeconds }: { maxSegmentSeconds?: number } = {}) {
    if (maxSegmentSeconds !== undefined) this.maxSegmentSeconds = maxSegmentSeconds;
  }

  async listen({ samples }: Hearing): Promise<Heard> {
    await this.listening();
    const probabilities = new Float32Array(samples.length / HEARING_FRAME);
    probabilities.forEach((_, frame) => {
      const part = samples.subarray(frame * HEARING_FRAME, (frame + 1) * HEARING_FRAME);
      const spoken = part.filter((sample) => sample !== 0).length;
      probabilities[frame] = (0.95 * spoken) / HEARING_FRAME;
    });
    return { probabilities, memory: { state: new Float32Array(0), context: new Int16Array(0) } };
  }

  async recognise(
    segments: Parameters<SpeechService['recognise']>[0],
    _: Parameters<SpeechService['recognise']>[1],
    { signal, isUrgent = false }: { signal?: AbortSignal; isUrgent?: boolean } = {},
  ): Promise<RecognisedSegment[]> {
    const call = this.asked.length;
    const samples = segments[0]?.samples ?? new Int16Array();
    this.asked.push({ seconds: samples.length / SAMPLE_RATE, isUrgent });
    await untilAborted(this.gate(call), signal);
    return [this.#written(samples, call)];
  }

  detect(): Promise<never> {
    return Promise.reject(new Error('not asked here'));
  }

  detectLanguage(): Promise<never> {
    return Promise.reject(new Error('not asked here'));
  }

  #written(samples: Int16Array, call: number): RecognisedSegment {
    const words: RecognisedSegment['words'][number][] = [];
    for (let at = 0, begin = 0; at <= samples.length; at++) {
      if (at < samples.length && samples[at] === samples[begin]) continue;
      const word = samples[begin] ?? 0;
      const times = { start: begin / SAMPLE_RATE, end: at / SAMPLE_RATE };
      if (word !== 0) words.push({ text: this.spell(word, call), confidence: 1, ...times });
      begin = at;
    }
    const text = words.map((word) => word.text).join(' ');
    return { text, words, tokens: [], avgLogprob: 0, temperature: 0, language: 'en' };
  }
}

/** Gives a session sound in pieces, each when the last one was listened to, as if in real time. */
export async function speak(
  session: { append(samples: Int16Array): void },
  samples: Int16Array,
  { pieceSeconds = 0.1 }: { pieceSeconds?: number } = {},
): Promise<void> {
  const size = Math.round(pieceSeconds * SAMPLE_RATE);
  for (let at = 0; at < samples.length; at += size) {
    session.append(samples.subarray(at, at + size));
    await pause(0);
    await pause(0);
  }
}
