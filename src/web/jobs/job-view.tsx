import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ApiError } from '../api/api-error.js';
import { getJob } from '../api/jobs.js';
import type { Job } from '../api/types.js';
import { newLink } from '../route.js';
import { Heading } from '../ui/heading.js';
import { Icon } from '../ui/icon.js';
import { lengthInWords, sizeInWords } from '../ui/words.js';
import { cancel, deleteAfterAsking, sendAgain } from './job-actions.js';
import { jobOf, noteJob } from './job-list-state.js';
import { JobProgress } from './job-progress.js';
import { JobTranscript } from './job-transcript.js';
import { isActive, whenInWords } from './job-words.js';

/** One transcription: how far it is, or its transcript, or why there is none. */
export function JobView({ id }: { readonly id: string }) {
  const job = jobOf(id);
  const problem = useMissingJob(id, job);
  if (problem !== undefined) return <NoSuchJob problem={problem} />;
  if (job === undefined) return <p class="hint">Loading…</p>;
  return (
    <article class="job-view">
      <a class="back-link" href={newLink}>
        <Icon name="back" />
        New transcription
      </a>
      <header class="job-header">
        <Heading>{job.file_name}</Heading>
        <p class="hint">{aboutInWords(job)}</p>
        <JobButtons job={job} />
      </header>
      {isActive(job) && <JobProgress job={job} />}
      {job.status === 'completed' && <JobTranscript key={id} job={job} />}
      {job.status === 'failed' && <Failure job={job} />}
      {job.status === 'cancelled' && (
        <p>This transcription was cancelled: there is no transcript.</p>
      )}
    </article>
  );
}

/** A job that is older than the list is asked for by itself; says what is wrong where there is none. */
function useMissingJob(id: string, job: Job | undefined): string | undefined {
  const problem = useSignal<string | undefined>(undefined);
  const isMissing = job === undefined;
  useEffect(() => {
    problem.value = undefined;
    if (!isMissing) return;
    const leaving = new AbortController();
    getJob(id, leaving.signal)
      .then(noteJob)
      .catch((error: unknown) => {
        if (leaving.signal.aborted || !(error instanceof ApiError)) return;
        problem.value =
          error.status === 404
            ? 'There is no such transcription: it was deleted, its time was over, or it belongs to another key.'
            : error.message;
      });
    return () => leaving.abort();
  }, [id, isMissing, problem]);
  return isMissing ? problem.value : undefined;
}

function NoSuchJob({ problem }: { readonly problem: string }) {
  return (
    <article class="job-view">
      <Heading>Not found</Heading>
      <p>{problem}</p>
      <p>
        <a href={newLink}>New transcription</a>
      </p>
    </article>
  );
}

function aboutInWords({ created_at, bytes, duration, model, expires_at }: Job): string {
  return [
    whenInWords(created_at),
    ...(duration === null ? [] : [lengthInWords(duration)]),
    sizeInWords(bytes),
    model,
    ...(expires_at === null ? [] : [`kept until ${whenInWords(expires_at)}`]),
  ].join(' · ');
}

function JobButtons({ job }: { readonly job: Job }) {
  return (
    <div class="job-buttons">
      {isActive(job) && (
        <button type="button" class="button" onClick={() => cancel(job)}>
          Cancel
        </button>
      )}
      {(job.status === 'failed' || job.status === 'cancelled') && (
        <button type="button" class="button" onClick={() => sendAgain(job)}>
          <Icon name="retry" />
          Try again
        </button>
      )}
      <button type="button" class="button" onClick={() => deleteAfterAsking(job)}>
        <Icon name="delete" />
        Delete
      </button>
    </div>
  );
}

function Failure({ job }: { readonly job: Job }) {
  return (
    <div class="box box-danger" role="alert">
      <h2>This recording could not be transcribed</h2>
      <p>{job.error?.message ?? 'The server does not say why.'}</p>
    </div>
  );
}
