import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Job, JobEvent, JobRef, Jobs, JobWork, NewJob } from '#services/jobs/types.js';
import { isFinal } from '#services/jobs/types.js';
import { transcribe } from '#services/transcription/pipeline.js';
import type { Runtime } from '#src/runtime.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { Transcript } from '#utils/transcript/types.js';
import { conversationClip, shortClip, silence, wholeClip } from '../support/clips.js';
import { fixture, testFolder } from '../support/paths.js';
import { eventually } from '../support/processes.js';

/** Chunks of these recordings, in seconds, so that there are several. */
export const CONTRACT_CHUNKS = { chunkSeconds: 30, chunkOverlapSeconds: 4 };

export type OpenedJobs = {
  readonly jobs: Jobs;
  /** Everything that works, for results to be compared with. */
  readonly runtime: Runtime;
  /** Ends these jobs, and opens what they have stored as the next process would. */
  reopen(): Promise<OpenedJobs>;
  /** Names of what is still stored of recordings. */
  leftovers(): Promise<string[]>;
  close(): Promise<void>;
};

export type OpenJobsForTest = (options: {
  /** Folder of its own, on one disk with what the jobs store. */
  readonly folder: string;
  readonly maxJobs?: number;
  readonly concurrency?: number;
}) => Promise<OpenedJobs>;

const MODEL = 'moonshine-base-en';
const ANN = 'key:ann';
const BEN = 'key:ben';
const PATIENCE_MS = 120_000;

/** What holds of jobs, wherever they are kept and whoever does the work. */
export function describeJobs(name: string, open: OpenJobsForTest): void {
  describe(`jobs, ${name}`, () => {
    let folder: Awaited<ReturnType<typeof testFolder>>;
    let opened: OpenedJobs;
    let jobs: Jobs;
    let made = 0;

    before(async () => {
      folder = await testFolder();
      opened = await open({ folder: folder.path });
      ({ jobs } = opened);
    });
    after(async () => {
      await opened.close();
      await folder.remove();
    });

    async function newJob(audio: Buffer, changes: Partial<NewJob> = {}): Promise<NewJob> {
      made += 1;
      const path = join(folder.path, 'uploads', `upload-${made}`);
      await mkdir(path, { recursive: true });
      await writeFile(join(path, 'recording'), audio);
      return {
        owner: ANN,
        fileName: 'meeting.wav',
        folder: path,
        file: 'recording',
        bytes: audio.length,
        work: { model: MODEL, recognition: {} },
        rendering: {
          format: 'json',
          granularities: [],
          logprobs: false,
          speakerDetail: false,
          languages: false,
        },
        ...changes,
      };
    }
    const create = async (audio: Buffer, changes: Partial<NewJob> = {}): Promise<JobRef> => {
      const { job } = await jobs.create(await newJob(audio, changes));
      return { id: job.id, owner: job.owner };
    };
    const untilFinal = async (ref: JobRef): Promise<Job> => {
      let job: Job | undefined;
      const hasEnded = async (): Promise<boolean> => {
        job = await jobs.get(ref);
        assert.ok(job, 'the job is there');
        return isFinal(job.status);
      };
      await eventually('the job has ended', hasEnded, PATIENCE_MS);
      return job as Job;
    };
    const eventsOf = async (ref: JobRef, after = 0): Promise<JobEvent[]> => {
      const { signal } = new AbortController();
      const events: JobEvent[] = [];
      for await (const event of (await jobs.events(ref, { after, signal })) ?? [])
        events.push(event);
      return events;
    };
    const untilAtWork = (ref: JobRef) =>
      eventually(
        'the job is in work',
        async () => (await jobs.get(ref))?.status === 'processing',
        PATIENCE_MS,
      );
    /** What a request that waits for its answer gets. */
    const transcriptOf = async (
      audio: Buffer,
      work: Partial<JobWork> = {},
    ): Promise<Transcript> => {
      const path = join(folder.path, `compared-${made++}`);
      await writeFile(path, audio);
      const { decoder, manager } = opened.runtime;
      const { speakers } = work;
      const request = {
        path,
        ...(speakers && { speakers: {} }),
        ...(work.channels && { channels: {} }),
      };
      const deps = { decoder, speech: manager.speech(), speakers: manager.speakers() };
      for await (const event of transcribe(request, { ...deps, ...CONTRACT_CHUNKS }))
        if (event.type === 'done') return event.transcript;
      throw new Error('no transcript');
    };
    const refuses = (key: string) => (error: unknown) =>
      error instanceof WhosaidError && error.key === key;

    it('give the transcript that a request gives which waits for it', async () => {
      for (const work of [{}, { speakers: {} }]) {
        const whole = { model: MODEL, recognition: {}, ...work };
        const ref = await create(wholeClip(), { work: whole });
        const job = await untilFinal(ref);
        assert.equal(job.status, 'completed', JSON.stringify(job.error));
        assert.deepEqual(await jobs.transcript(ref), await transcriptOf(wholeClip(), work));
        assert.ok(job.startedAt && job.endedAt && job.endedAt >= job.startedAt);
        assert.ok(Math.abs(job.audioSeconds - 54.99) < 0.1, `${job.audioSeconds} s`);
      }
    });

    it('transcribe each channel alone and know known voices, where that is asked for', async () => {
      const stereo = await readFile(fixture('two-channels-short'));
      const channels = { model: MODEL, recognition: {}, channels: {} };
      const byChannel = await create(stereo, { work: channels });
      const known = [{ name: 'Alice', file: 'voice-0' }];
      const speakers = { model: MODEL, recognition: {}, speakers: { known } };
      const withVoice = await newJob(conversationClip(), { work: speakers });
      await writeFile(join(withVoice.folder, 'voice-0'), shortClip());
      const { job } = await jobs.create(withVoice);
      const byVoice = { id: job.id, owner: job.owner };
      for (const ref of [byChannel, byVoice]) {
        const ended = await untilFinal(ref);
        assert.equal(ended.status, 'completed', JSON.stringify(ended.error));
      }
      const expected = await transcriptOf(stereo, channels);
      assert.deepEqual(await jobs.transcript(byChannel), expected);
      const transcript = await jobs.transcript(byVoice);
      assert.equal(transcript?.segments[0]?.speaker, 'Alice');
    });

    it('tell all that happened in order, to whoever comes when and wherever they were cut off', async () => {
      const ref = await create(wholeClip());
      const [live, again] = await Promise.all([eventsOf(ref), eventsOf(ref, 1)]);
      assert.deepEqual(
        live.map(({ seq }) => seq),
        live.map((_, index) => index + 1),
      );
      assert.deepEqual(again, live.slice(1));
      assert.deepEqual(await eventsOf(ref), live);
      for (const after of [1, 2, live.length - 1, live.length])
        assert.deepEqual(await eventsOf(ref, after), live.slice(after));
      const statuses = live.flatMap(({ news }) => (news.type === 'status' ? [news.status] : []));
      assert.deepEqual(statuses, ['pending', 'processing', 'completed']);
      const last = live.at(-1)?.news;
      assert.equal(last?.type === 'status' && last.status, 'completed');
      const segments = live.flatMap(({ news }) => (news.type === 'segment' ? [news.text] : []));
      const transcript = await jobs.transcript(ref);
      assert.deepEqual(
        segments,
        transcript?.segments.map(({ text }) => text),
      );
    });

    it('stop telling when nobody listens any more', async () => {
      const ref = await create(wholeClip());
      const listening = new AbortController();
      const events = await jobs.events(ref, { after: 0, signal: listening.signal });
      const first = await events?.next();
      assert.equal(first?.done, false);
      listening.abort();
      for await (const _ of events ?? []);
      await untilFinal(ref);
    });

    it('are nobody else’s', async () => {
      const ref = await create(shortClip());
      const foreign = { ...ref, owner: BEN };
      const { signal } = new AbortController();
      await untilFinal(ref);
      assert.equal(await jobs.get(foreign), undefined);
      assert.equal(await jobs.transcript(foreign), undefined);
      assert.equal(await jobs.cancel(foreign), undefined);
      assert.equal(await jobs.remove(foreign), false);
      assert.equal(await jobs.events(foreign, { after: 0, signal }), undefined);
      const page = await jobs.list({ owner: BEN, limit: 100, order: 'desc' });
      assert.equal(
        page.jobs.some(({ id }) => id === ref.id),
        false,
      );
      assert.ok(await jobs.get(ref), 'it is still there');
    });

    it('are made once for each idempotency key of each owner', async () => {
      const idempotency = { key: 'the same', fingerprint: 'one' };
      const first = await jobs.create(await newJob(shortClip(), { idempotency }));
      assert.equal(first.isNew, true);
      const repeated = await newJob(shortClip(), { idempotency });
      const second = await jobs.create(repeated);
      assert.equal(second.isNew, false);
      assert.equal(second.job.id, first.job.id);
      // The folder is still the caller's.
      assert.deepEqual(await readdir(repeated.folder), ['recording']);
      const other = { key: 'the same', fingerprint: 'two' };
      await assert.rejects(
        async () => jobs.create(await newJob(shortClip(), { idempotency: other })),
        refuses('idempotency_conflict'),
      );
      const bens = await jobs.create(await newJob(shortClip(), { owner: BEN, idempotency: other }));
      assert.equal(bens.isNew, true);
      await untilFinal({ id: bens.job.id, owner: BEN });
      await untilFinal({ id: first.job.id, owner: ANN });
    });

    it('fail with the error of their recording, and have no transcript', async () => {
      const ref = await create(
        Buffer.from('This is no audio at all, but long enough to be tried.'),
      );
      const job = await untilFinal(ref);
      assert.equal(job.status, 'failed');
      assert.match(job.error?.key ?? '', /^audio_/);
      assert.equal(await jobs.transcript(ref), undefined);
      await assert.rejects(() => jobs.cancel(ref), refuses('job_finished'));
    });

    it('are cancelled while they wait and while they are in work, once', async () => {
      const refs = await Promise.all([1, 2, 3, 4].map(() => create(wholeClip())));
      const [first, last] = [refs[0] as JobRef, refs[3] as JobRef];
      assert.equal((await jobs.cancel(last))?.status, 'cancelled');
      await untilAtWork(first);
      assert.equal((await jobs.cancel(first))?.status, 'cancelled');
      for (const ref of [first, last]) {
        await assert.rejects(() => jobs.cancel(ref), refuses('job_finished'));
        assert.equal(await jobs.transcript(ref), undefined);
        const end = (await eventsOf(ref)).at(-1)?.news;
        assert.equal(end?.type === 'status' && end.status, 'cancelled');
      }
      for (const ref of refs.slice(1, 3)) assert.equal((await untilFinal(ref)).status, 'completed');
      await assert.rejects(() => jobs.cancel(refs[1] as JobRef), refuses('job_finished'));
    });

    it('leave nothing of a recording when they have ended', async () => {
      await eventually(
        'no recording is left',
        async () => (await opened.leftovers()).length === 0,
        PATIENCE_MS,
      );
    });

    it('are removed with all that belongs to them, in work or not', async () => {
      const done = await create(shortClip());
      await untilFinal(done);
      const working = await create(wholeClip());
      await untilAtWork(working);
      for (const ref of [done, working]) {
        assert.equal(await jobs.remove(ref), true);
        assert.equal(await jobs.remove(ref), false);
        assert.equal(await jobs.get(ref), undefined);
        assert.equal(await jobs.transcript(ref), undefined);
      }
      await eventually('no recording is left', async () => (await opened.leftovers()).length === 0);
    });

    it('are listed page by page, by status and by batch', async () => {
      const owner = 'key:lister';
      const refs: JobRef[] = [];
      for (let count = 0; count < 5; count++) {
        const batch = count < 3 ? { batchId: 'the batch' } : {};
        refs.push(await create(silence(1), { owner, ...batch }));
      }
      for (const ref of refs) await untilFinal(ref);
      const ids = refs.map(({ id }) => id);
      const page = async (query: Partial<Parameters<Jobs['list']>[0]>) => {
        const found = await jobs.list({ owner, limit: 2, order: 'asc', ...query });
        return { ids: found.jobs.map(({ id }) => id), hasMore: found.hasMore };
      };
      assert.deepEqual(await page({}), { ids: ids.slice(0, 2), hasMore: true });
      assert.deepEqual(await page({ after: ids[1] as string }), {
        ids: ids.slice(2, 4),
        hasMore: true,
      });
      assert.deepEqual(await page({ after: ids[3] as string }), {
        ids: ids.slice(4),
        hasMore: false,
      });
      const newest = { ids: ids.slice(3).reverse(), hasMore: true };
      assert.deepEqual(await page({ order: 'desc' }), newest);
      assert.deepEqual(await page({ batchId: 'the batch', limit: 9 }), {
        ids: ids.slice(0, 3),
        hasMore: false,
      });
      assert.deepEqual(await page({ statuses: ['failed'] }), { ids: [], hasMore: false });
      assert.equal((await page({ statuses: ['completed'], limit: 9 })).ids.length, 5);
      await assert.rejects(() => page({ after: 'nobody' }), refuses('cursor_unknown'));
    });

    it('let owners take turns', async () => {
      const anns = await Promise.all(
        Array.from({ length: 12 }, () => create(conversationClip(), { owner: 'key:many' })),
      );
      const [few] = await Promise.all([create(shortClip(), { owner: 'key:few' })]);
      const ended = await untilFinal(few as JobRef);
      const later = await Promise.all(anns.map(untilFinal));
      const before = later.filter(({ endedAt }) => (endedAt ?? 0) < (ended.endedAt ?? 0));
      // Those in work when it came, and one more for each place.
      assert.ok(before.length <= 6, `${before.length} of 12 ended before`);
    });
  });

  describe(`jobs, ${name}, over the end of a process`, () => {
    it('go on where they were, and are refused when there are too many', async () => {
      const folder = await testFolder();
      let opened = await open({ folder: folder.path, maxJobs: 3, concurrency: 1 });
      try {
        const create = async (number: number): Promise<JobRef> => {
          const path = join(folder.path, 'uploads', `upload-${Math.random()}`);
          await mkdir(path, { recursive: true });
          await writeFile(join(path, 'recording'), conversationClip());
          const { job } = await opened.jobs.create({
            owner: ANN,
            fileName: 'meeting.wav',
            folder: path,
            file: 'recording',
            bytes: 1000,
            idempotency: { key: `job ${number}`, fingerprint: 'the same' },
            work: { model: MODEL, recognition: {} },
            rendering: {
              format: 'json',
              granularities: [],
              logprobs: false,
              speakerDetail: false,
              languages: false,
            },
          });
          return { id: job.id, owner: ANN };
        };
        const refs = [await create(1), await create(2), await create(3)];
        // One that is there already is no more.
        assert.deepEqual(await create(2), refs[1]);
        await assert.rejects(
          () => create(4),
          (error) => error instanceof WhosaidError && error.key === 'jobs_full',
        );
        opened = await opened.reopen();
        for (const ref of refs) {
          let status = '';
          await eventually(
            'the job has ended',
            async () => {
              status = (await opened.jobs.get(ref))?.status ?? 'gone';
              return !['pending', 'processing'].includes(status);
            },
            PATIENCE_MS,
          );
          assert.equal(status, 'completed');
        }
      } finally {
        await opened.close();
        await folder.remove();
      }
    });
  });
}
