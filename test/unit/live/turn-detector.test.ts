import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HEARING_FRAME, SAMPLE_RATE } from '#services/asr/types.js';
import { closeBelow, findSpans } from '#services/asr/vad/spans.js';
import { TurnDetector } from '#services/live/turn-detector.js';
import type { TurnDetection } from '#services/live/types.js';

const usual: TurnDetection = { threshold: 0.5, prefixPaddingSeconds: 0.3, silenceSeconds: 0.2 };

/** What a detector tells, as stretches of frames; an open one ends with the sound. */
function turnsIn(probabilities: readonly number[], options: TurnDetection = usual): number[][] {
  const detector = new TurnDetector(options);
  const turns: number[][] = [];
  for (const [frame, probability] of probabilities.entries()) {
    const turn = detector.push(frame, probability);
    if (turn?.type === 'opened') turns.push([turn.frame]);
    if (turn?.type === 'closed') turns.at(-1)?.push(turn.frame);
  }
  return turns;
}

const frames = (count: number, probability: number) => new Array<number>(count).fill(probability);

describe('the turn detector', () => {
  it('finds what is found when all of the sound is known', () => {
    let seed = 7;
    const random = () => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    for (const threshold of [0.3, 0.5, 0.8])
      for (const silenceSeconds of [0.1, 0.2, 0.7]) {
        const sound = Array.from({ length: 200 }, () =>
          frames(1 + Math.floor(random() * 12), random()),
        );
        const probabilities = [...sound.flat(), ...frames(40, 0)];
        const spans = findSpans(Float32Array.from(probabilities), {
          openAt: threshold,
          closeBelow: closeBelow(threshold),
          minSilenceSeconds: silenceSeconds,
          maxSpeechSeconds: Number.POSITIVE_INFINITY,
          frameSeconds: HEARING_FRAME / SAMPLE_RATE,
          totalSeconds: 1000,
        });
        const found = turnsIn(probabilities, { ...usual, threshold, silenceSeconds });
        assert.deepEqual(
          found,
          spans.map(({ start, end }) =>
            [start, end].map((at) => Math.round((at * SAMPLE_RATE) / HEARING_FRAME)),
          ),
        );
        assert.ok(found.length > 0);
      }
  });

  it('takes no click for speech', () => {
    assert.deepEqual(turnsIn([...frames(5, 0), ...frames(3, 0.9), ...frames(20, 0)]), []);
  });

  it('ends after as much silence as was wished, not before', () => {
    const speech = [...frames(20, 0.9), ...frames(12, 0), ...frames(20, 0.9), ...frames(40, 0)];
    assert.deepEqual(turnsIn(speech, { ...usual, silenceSeconds: 0.2 }), [
      [0, 20],
      [32, 52],
    ]);
    assert.deepEqual(turnsIn(speech, { ...usual, silenceSeconds: 0.5 }), [[0, 52]]);
  });
});
