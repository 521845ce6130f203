import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { collectGarbage } from '../../support/heap.js';
import { eventually } from '../../support/processes.js';
import { scriptedSound } from '../../support/scripted-speech.js';
import { open } from './open-session.js';

describe('a live transcription of hours', () => {
  it('keeps no sound that was told', async () => {
    const { live, read } = open();
    const minute = scriptedSound(
      Array.from({ length: 12 }, (_, index) => [[index + 1, 4] as const, [0, 1] as const]).flat(),
    );
    const hear = async (minutes: number) => {
      for (let count = 0; count < minutes; count++) {
        live.append(minute);
        await eventually('it was told', () => live.behindSeconds < 1.5);
      }
      return collectGarbage();
    };
    const first = await hear(2);
    const later = await hear(20);
    // 20 minutes of sound are 38 MB.
    assert.ok(later - first < 6e6, `${((later - first) / 1e6).toFixed(1)} MB more`);
    await live.finish();
    await read;
  });
});
