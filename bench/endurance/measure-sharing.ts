import { postAudio } from '../gateway/post-audio.js';
import type { MadeRecording } from '../long/made-recording.js';
import { postMadeRecording } from '../long/post-made.js';
import { note } from '../report/progress.js';
import type { ServerProcess } from '../support/server-process.js';
import { untilHealth } from './health.js';

export type Sharing = {
  readonly longRecordings: number;
  /** Of one short clip after the other, with nothing else at work. */
  readonly aloneMs: readonly number[];
  /** The same while the long recordings are worked on. */
  readonly besideMs: readonly number[];
  /** Answers without a transcript, of both. */
  readonly failed: number;
};

const CLIPS = 20;
const FIELDS = [
  ['model', 'whisper-1'],
  ['response_format', 'verbose_json'],
  ['diarize', 'true'],
] as const;

/** How long short clips take alone, and while so many long recordings are in work. */
export async function measureSharing({
  server,
  path,
  recording,
  longRecordings,
}: {
  server: ServerProcess;
  path: string;
  recording: MadeRecording;
  longRecordings: number;
}): Promise<Sharing> {
  const { url } = server;
  note('endurance: short clips alone');
  const alone = await postClips({ url, path });
  const leave = new AbortController();
  const { signal } = leave;
  const post = () => postMadeRecording({ url, recording, fields: FIELDS, signal });
  const long = Array.from({ length: longRecordings }, post);
  try {
    const isBusy = untilHealth(url, {
      what: `${longRecordings} recordings at work`,
      is: ({ requests }) => requests.running >= longRecordings,
    });
    await Promise.race([isBusy, Promise.all(long).then(endedTooSoon)]);
    note(`endurance: short clips beside ${longRecordings} long recordings`);
    const beside = await postClips({ url, path });
    await untilHealth(url, {
      what: 'the long recordings still at work',
      is: ({ requests }) => requests.running >= longRecordings,
    });
    return {
      longRecordings,
      aloneMs: alone.elapsedMs,
      besideMs: beside.elapsedMs,
      failed: alone.failed + beside.failed,
    };
  } finally {
    leave.abort();
    await Promise.allSettled(long);
    await untilHealth(url, {
      what: 'nothing at work',
      is: ({ requests }) => requests.running === 0,
    });
  }
}

function endedTooSoon(): never {
  throw new Error('The long recordings were answered before all of them were at work.');
}

async function postClips({ url, path }: { url: string; path: string }) {
  const elapsedMs: number[] = [];
  let failed = 0;
  for (let clip = 0; clip < CLIPS; clip++) {
    const answer = await postAudio({ url, path });
    elapsedMs.push(answer.elapsedMs);
    if (answer.status !== 200) failed++;
  }
  return { elapsedMs, failed };
}
