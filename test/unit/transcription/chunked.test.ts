import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { loadSettings } from '#config/settings.js';
import type { AudioDecoder } from '#services/audio/types.js';
import { encodeWav } from '#services/audio/wav.js';
import { transcribe } from '#services/transcription/pipeline.js';
import type { PipelineEvent } from '#services/transcription/types.js';
import { createRuntime, type Runtime } from '#src/runtime.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { silentLogger } from '#utils/logging/logger.js';
import { joinSamples, SAMPLE_RATE } from '#utils/signal/pcm.js';
import type { Transcript } from '#utils/transcript/types.js';
import { becomes, canSeeProcesses, decoderChildren } from '../../support/decoding.js';
import { fixturePcm } from '../../support/fixture-pcm.js';
import { fixture, testFolder } from '../../support/paths.js';

const path = fixture('two-speakers-clean');

/** Short chunks with a third of overlap, so that a minute has several. */
const CHUNKS = { chunkSeconds: 20, chunkOverlapSeconds: 6 };
const LONGEST_SECONDS = 25;

describe('a recording in chunks', () => {
  let runtime: Runtime;
  let folder: Awaited<ReturnType<typeof testFolder>>;
  before(async () => {
    const settings = loadSettings({ ASR_HOSTS: '1' });
    runtime = createRuntime({ settings, logger: silentLogger });
    folder = await testFolder();
    await runtime.manager.start();
  });
  after(async () => {
    await runtime.dispose();
    await folder.remove();
  });

  const run = (file: string, options: Partial<typeof CHUNKS> & RunOptions = {}) => {
    const { decoder = runtime.decoder, signal, ...chunks } = options;
    return transcribe(
      { path: file, ...(signal && { signal }) },
      {
        decoder,
        speech: runtime.manager.speech(),
        speakers: runtime.manager.speakers(),
        ...CHUNKS,
        ...chunks,
      },
    );
  };
  const collect = async (...call: Parameters<typeof run>) => {
    const events: PipelineEvent[] = [];
    for await (const event of run(...call)) events.push(event);
    return events;
  };
  const transcriptOf = async (...call: Parameters<typeof run>): Promise<Transcript> => {
    const last = (await collect(...call)).at(-1);
    assert.equal(last?.type, 'done');
    return last.transcript;
  };
  const wav = async (samples: Int16Array): Promise<string> => {
    const file = join(folder.path, `${samples.length}.wav`);
    await writeFile(file, encodeWav(samples));
    return file;
  };

  it('has the words of the recording as a whole, each once', async () => {
    const whole = await transcriptOf(path, { chunkSeconds: 600 });
    const chunked = await transcriptOf(path);
    assert.equal(chunked.duration, whole.duration);
    assert.ok(differences(bare(whole), bare(chunked)) <= 2, `${whole.text}\n${chunked.text}`);
    checkTimes(chunked);
  });

  it('tells segments and progress in order, and every segment before progress passes it', async () => {
    const events = await collect(path);
    let told = 0;
    let last = -1;
    for (const event of events) {
      if (event.type === 'segment') {
        assert.equal(event.segment.id, ++last);
        assert.ok(event.segment.start >= told);
      }
      if (event.type === 'progress') {
        assert.ok(event.audioSeconds > told);
        told = event.audioSeconds;
      }
    }
    const final = events.at(-1);
    assert.equal(final?.type, 'done');
    assert.equal(told, final.transcript.duration);
    const early = events.findIndex(({ type }) => type === 'progress');
    assert.ok(early < events.length / 2, 'the first chunk is told before the others are done');
  });

  it('is nothing but its length when nobody speaks', async () => {
    const { text, segments, duration } = await transcriptOf(
      await wav(new Int16Array(70 * SAMPLE_RATE)),
    );
    assert.deepEqual({ text, segments, duration }, { text: '', segments: [], duration: 70 });
  });

  it('loses no word where one is spoken at the edge of every chunk, without any pause', async () => {
    const { file, sentences } = await breathless();
    const spoken = bare(await transcriptOf(file, { chunkSeconds: 600 }));
    const chunked = bare(await transcriptOf(file));
    const limit = sentences; // One for each sentence: two joined without a breath are hard to hear.
    assert.ok(Math.abs(chunked.length - spoken.length) <= limit, chunked.join(' '));
    assert.ok(differences(spoken, chunked) <= 2 * limit, chunked.join(' '));
  });

  it('ends where it ends, also at the edge of a chunk and a second after it', async () => {
    const all = fixturePcm('two-speakers-clean');
    for (const seconds of [LONGEST_SECONDS, LONGEST_SECONDS + 1, 40]) {
      const file = await wav(all.subarray(0, seconds * SAMPLE_RATE));
      const transcript = await transcriptOf(file);
      assert.equal(transcript.duration, seconds);
      const whole = await transcriptOf(file, { chunkSeconds: 600 });
      // What a recording breaks off in the middle of may be read in another way.
      assert.ok(differences(bare(whole), bare(transcript)) <= 4, `${seconds} s`);
      checkTimes(transcript);
    }
  });

  it('throws what the decoder throws in a later chunk, and the next one is served', async () => {
    const broken = new WhosaidError('decoder_lost', { reason: 'a test' });
    const decoder = failingAfter(runtime.decoder, { seconds: 30, error: broken });
    await assert.rejects(collect(path, { decoder }), broken);
    assert.match((await transcriptOf(path)).text, /^We spent less on travel/);
  });

  it('leaves no decoder behind when it is aborted or left in a later chunk', {
    skip: canSeeProcesses ? false : 'looks for processes through /proc',
  }, async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    const { signal } = controller;
    await assert.rejects(async () => {
      for await (const event of run(path, { signal }))
        if (event.type === 'progress' && event.audioSeconds > 15) controller.abort(reason);
    }, reason);
    for await (const event of run(path))
      if (event.type === 'progress' && event.audioSeconds > 15) break;
    // One child waits for the next recording.
    assert.ok(await becomes(() => decoderChildren().length <= 1, 5000));
  });

  /** One sentence after the other with the pauses cut out. */
  async function breathless(): Promise<{ file: string; sentences: number }> {
    const [from, to] = [0.85, 4.15].map((second) => Math.round(second * SAMPLE_RATE));
    const sentence = fixturePcm('two-speakers-clean').subarray(from, to);
    const sentences = 10;
    return { file: await wav(joinSamples(Array(sentences).fill(sentence))), sentences };
  }
});

type RunOptions = { readonly decoder?: AudioDecoder; readonly signal?: AbortSignal };

function failingAfter(
  decoder: AudioDecoder,
  { seconds, error }: { seconds: number; error: Error },
): AudioDecoder {
  return {
    async *decode(file, options) {
      let samples = 0;
      for await (const block of decoder.decode(file, options)) {
        yield block;
        samples += block.length;
        if (samples > seconds * SAMPLE_RATE) throw error;
      }
      return { seconds: samples / SAMPLE_RATE };
    },
    state: () => decoder.state(),
    dispose: () => decoder.dispose(),
  };
}

function bare({ text }: Transcript): string[] {
  return text
    .toLowerCase()
    .replace(/[^a-z' ]/g, '')
    .split(' ');
}

/** Edits between two lists of words (Levenshtein). */
function differences(one: readonly string[], other: readonly string[]): number {
  let row = other.map((_, index) => index + 1);
  row.unshift(0);
  for (const [index, word] of one.entries()) {
    const next = [index + 1];
    for (const [column, against] of other.entries())
      next.push(
        Math.min(
          (row[column] as number) + (word === against ? 0 : 1),
          (row[column + 1] as number) + 1,
          (next[column] as number) + 1,
        ),
      );
    row = next;
  }
  return row.at(-1) as number;
}

function checkTimes({ segments, duration, text }: Transcript): void {
  assert.equal(text, segments.map((segment) => segment.text).join(' '));
  let before = 0;
  for (const { words, tokens } of segments) {
    assert.ok(tokens.length > 0);
    for (const { start, end } of words) {
      assert.ok(start >= before && end >= start && end <= duration + 0.1);
      before = start;
    }
  }
}
