import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { shortClip } from '../support/clips.js';
import { parseStream, postForStream } from '../support/event-stream.js';
import { fixturePcm } from '../support/fixture-pcm.js';
import { makeLongMp3 } from '../support/long-files.js';
import { testFolder } from '../support/paths.js';
import { eventually } from '../support/processes.js';
import { filePart, multipart, rawRequest, textParts } from '../support/raw-http.js';
import { startTestServer, type TestServer } from '../support/start-server.js';

const SAMPLE_RATE = 16_000;
/** As many as are worked on at once. */
const RECORDINGS = 8;
const RECORDING_SECONDS = 2000;
/** The lowest that there is: by their size of 8 MB, the recordings look short. */
const BIT_RATE = 32_000;
/** What is worked through of a recording is told in windows: short ones first, then of two minutes. */
const FIRST_WINDOWS_SECONDS = 100;
const WINDOW_SECONDS = 120;
/** On any machine, however busy. */
const PATIENCE_MS = 120_000;

/** A sentence every minute, so that half an hour is little work. */
function sparseSpeech(): Int16Array {
  const samples = new Int16Array(60 * SAMPLE_RATE);
  samples.set(fixturePcm('two-speakers-clean').subarray(0, 4.6 * SAMPLE_RATE));
  return samples;
}

describe(`a short clip beside ${RECORDINGS} long recordings in work`, () => {
  let server: TestServer;
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let recording: Buffer;
  before(async () => {
    folder = await testFolder();
    const path = await makeLongMp3(
      { folder: folder.path, name: 'long.mp3', bitRate: BIT_RATE },
      sparseSpeech(),
      RECORDING_SECONDS,
    );
    recording = await readFile(path);
    server = await startTestServer({ MAX_CONCURRENT_REQUESTS: String(RECORDINGS) });
  });
  after(async () => {
    await server.close();
    await folder.remove();
  });

  const url = () => `${server.url}/v1/audio/transcriptions`;
  const bodyOf = (file: Buffer, fields: Record<string, string> = {}) =>
    multipart([filePart(file), ...textParts({ model: 'whisper-1', ...fields })]);
  const requests = async () => JSON.parse((await rawRequest(`${server.url}/health`)).body).requests;

  /** A recording in work, with what it tells of its progress. */
  const startRecording = async () => {
    const { reads, leave } = await postForStream(
      url(),
      bodyOf(recording, { stream: 'true', progress: 'true' }),
    );
    let body = '';
    const reading = (async () => {
      for await (const read of reads) body += read;
    })().catch(() => {});
    return {
      reached() {
        const end = body.lastIndexOf('\n\n');
        const events = end < 0 ? [] : parseStream(body.slice(0, end + 2)).events;
        const told = events.filter(({ type }) => type === 'whosaid.progress');
        return Number(told.at(-1)?.audio_seconds ?? 0);
      },
      async leave() {
        leave();
        await reading;
      },
    };
  };

  it('is answered while each of them gets two windows further at most, and all go on', async (test) => {
    const works = await Promise.all(Array.from({ length: RECORDINGS }, startRecording));
    const reached = () => works.map((work) => work.reached());
    const allBegan = () => reached().every((seconds) => seconds > FIRST_WINDOWS_SECONDS);
    await eventually('each recording is in full work', allBegan, PATIENCE_MS);
    // They looked short, and have turned out to be long.
    const { running, long } = await requests();
    assert.deepEqual([running, long.running], [RECORDINGS, RECORDINGS]);

    const before = reached();
    const clip = await rawRequest(url(), { method: 'POST', ...bodyOf(shortClip()) });
    const then = reached();
    assert.equal(clip.status, 200, clip.body);
    const advanced = then.map((seconds, index) => seconds - (before[index] ?? 0));
    test.diagnostic(`meanwhile they got further by ${advanced.map(Math.round).join(', ')} s`);
    for (const seconds of advanced) assert.ok(seconds <= 2 * WINDOW_SECONDS, `${seconds} s`);

    const allGoOn = () => reached().every((seconds, index) => seconds > (then[index] ?? 0));
    await eventually('each recording has got further', allGoOn, PATIENCE_MS);
    for (const work of works) await work.leave();
    await eventually('no place is taken', async () => (await requests()).running === 0);
    await server.untilClean();
  });
});
