import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { loadSettings } from '#config/settings.js';
import { transcribeChannels } from '#services/transcription/split-channels.js';
import type { PipelineEvent, TranscribeRequest } from '#services/transcription/types.js';
import { createRuntime, type Runtime } from '#src/runtime.js';
import { silentLogger } from '#utils/logging/logger.js';
import type { Transcript } from '#utils/transcript/types.js';
import { encodeMedia, type MediaRecipe } from '../../support/encode-media.js';
import { fixture, testFolder } from '../../support/paths.js';
import { spokenTurns, telephoneCall } from '../../support/telephone-call.js';

const SECONDS = 30;
const STEREO_WAV: MediaRecipe = {
  format: 'wav',
  audio: { codec: 'pcm_mulaw', sampleFormat: 's16', sampleRate: 8000, channels: 2 },
};

const plain = (text: string) => text.toLowerCase().replace(/[^a-z ]/g, '');

describe('a telephone call with one speaker on each channel', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let runtime: Runtime;
  let call: string;
  const recording = telephoneCall(SECONDS);

  before(async () => {
    folder = await testFolder();
    call = join(folder.path, 'call.wav');
    encodeMedia(call, recording, STEREO_WAV);
    // Speakers by voice are switched off: channels need no speaker models.
    const settings = loadSettings({ ENABLE_SPEAKER_DIARIZATION: 'never' });
    runtime = createRuntime({ settings, logger: silentLogger });
    await runtime.manager.start();
  });
  after(async () => {
    await runtime.dispose();
    await folder.remove();
  });

  const run = (request: TranscribeRequest) =>
    transcribeChannels(request, {
      decoder: runtime.decoder,
      speech: runtime.manager.speech(),
      speakers: runtime.manager.speakers(),
      chunkSeconds: 600,
      chunkOverlapSeconds: 15,
    });

  async function collect(request: TranscribeRequest) {
    const events: PipelineEvent[] = [];
    for await (const event of run(request)) events.push(event);
    const last = events.at(-1);
    assert.equal(last?.type, 'done');
    return { events, transcript: last.transcript };
  }

  const wordsOf = ({ segments }: Transcript, name: string) =>
    segments
      .flatMap((segment) => (segment.speaker === name ? [plain(segment.text)] : []))
      .join(' ');

  it('is told in order of time, each sentence by who said it', async () => {
    const { events, transcript } = await collect({ path: call, channels: {} });
    const { segments, turns = [], speakers = [] } = transcript;
    assert.deepEqual(
      events.flatMap((event) => (event.type === 'segment' ? [event.segment] : [])),
      segments,
    );
    assert.deepEqual(
      segments.map(({ id }) => id),
      segments.map((_, index) => index),
    );
    assert.ok(segments.every(({ start }, index) => start >= (segments[index - 1]?.start ?? 0)));
    assert.deepEqual(
      speakers.map(({ name }) => name),
      ['Left', 'Right'],
    );
    for (const { speaker, words } of segments)
      assert.ok(words.every((word) => word.speaker === speaker));
    const expected = { Alice: 'Left', Bruno: 'Right' } as Record<string, string>;
    for (const turn of spokenTurns().filter(({ end }) => end < SECONDS - 4)) {
      const middle = (turn.start + turn.end) / 2;
      const heard = turns.filter(({ start, end }) => start <= middle && middle <= end);
      assert.deepEqual(
        heard.map(({ speaker }) => speaker),
        [expected[turn.speaker]],
      );
    }
    assert.match(wordsOf(transcript, 'Left'), /^we spent less on travel/);
    assert.match(wordsOf(transcript, 'Right'), /one working chamber since the flood/);
    assert.doesNotMatch(wordsOf(transcript, 'Left'), /chamber/);
    assert.ok(Math.abs(transcript.duration - SECONDS) < 0.1);
    assert.equal(transcript.text, segments.map(({ text }) => text).join(' '));
  });

  it('tells progress that grows to the end, with the length of the recording', async () => {
    const { events } = await collect({ path: call, channels: {} });
    const progress = events.flatMap((event) => (event.type === 'progress' ? [event] : []));
    assert.ok(
      progress.every(
        ({ audioSeconds }, index) => audioSeconds >= (progress[index - 1]?.audioSeconds ?? 0),
      ),
    );
    assert.ok(Math.abs((progress.at(-1)?.audioSeconds ?? 0) - SECONDS) < 0.1);
    assert.ok(progress.every(({ totalSeconds = 0 }) => Math.abs(totalSeconds - SECONDS) < 0.1));
  });

  it('has the names that were given', async () => {
    const { transcript } = await collect({ path: call, channels: { names: ['Ann', 'Bob'] } });
    assert.deepEqual(
      transcript.speakers?.map(({ name }) => name),
      ['Ann', 'Bob'],
    );
    assert.deepEqual(
      new Set(transcript.turns?.map(({ speaker }) => speaker)),
      new Set(['Ann', 'Bob']),
    );
  });

  it('has one speaker when one channel is silent', async () => {
    const path = join(folder.path, 'one-silent.wav');
    const { right } = recording;
    encodeMedia(path, { left: new Int16Array(right.length), right }, STEREO_WAV);
    const { transcript } = await collect({ path, channels: {} });
    assert.deepEqual(
      transcript.speakers?.map(({ name }) => name),
      ['Right'],
    );
    assert.ok(transcript.segments.every(({ speaker }) => speaker === 'Right'));
    assert.equal(transcript.language, 'en');
  });

  it('has no speaker when both channels are silent', async () => {
    const path = join(folder.path, 'silent.wav');
    const nothing = new Int16Array(32_000);
    encodeMedia(path, { left: nothing, right: nothing }, STEREO_WAV);
    const { transcript } = await collect({ path, channels: {} });
    const { segments, speakers, turns, text } = transcript;
    assert.deepEqual(
      { segments, speakers, turns, text },
      { segments: [], speakers: [], turns: [], text: '' },
    );
  });

  it('is refused when it is mono, and when it is no audio', async () => {
    const mono = fixture('two-speakers-clean');
    await assert.rejects(collect({ path: mono, channels: {} }), { key: 'channels_not_stereo' });
    const text = fixture('two-speakers-clean', 'json');
    await assert.rejects(collect({ path: text, channels: {} }), { key: 'audio_unreadable' });
  });

  it('stops both channels when the reader leaves or the request is aborted', async () => {
    for await (const event of run({ path: call, channels: {} }))
      if (event.type === 'segment') break;
    const reason = new Error('enough');
    const abort = new AbortController();
    setTimeout(() => abort.abort(reason), 100);
    await assert.rejects(collect({ path: call, channels: {}, signal: abort.signal }), reason);
    const { transcript } = await collect({ path: call, channels: {} });
    assert.equal(transcript.speakers?.length, 2);
  });
});
