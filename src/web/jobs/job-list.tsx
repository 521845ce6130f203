import { isServerGone } from '../api/server.js';
import type { Job } from '../api/types.js';
import { uploads } from '../new/upload-queue.js';
import { jobLink, route } from '../route.js';
import { Icon, type IconName } from '../ui/icon.js';
import { cancel, deleteAfterAsking } from './job-actions.js';
import { hasOlderJobs, jobs, showOlderJobs } from './job-list-state.js';
import { isActive, statusInWords, whenInWords } from './job-words.js';
import { UploadRow } from './upload-row.js';

/** All transcriptions of this key: those on their way, then the others, the newest first. */
export function JobList() {
  return (
    <aside class="job-list" aria-labelledby="job-list-title">
      <h2 id="job-list-title">Transcriptions</h2>
      <ul class="plain-list">
        {uploads.value.map((upload) => (
          <UploadRow key={upload.id} upload={upload} />
        ))}
        {jobs.value?.map((job) => (
          <JobRow key={job.id} job={job} />
        ))}
      </ul>
      <EmptyList />
      {hasOlderJobs.value && (
        <button type="button" class="button" onClick={showOlderJobs}>
          Show older ones
        </button>
      )}
    </aside>
  );
}

function EmptyList() {
  if (uploads.value.length > 0 || (jobs.value?.length ?? 0) > 0) return null;
  if (jobs.value === undefined) {
    return (
      <p class="hint">
        {isServerGone.value ? 'They are shown when the server answers.' : 'Loading…'}
      </p>
    );
  }
  return (
    <p class="hint">
      Nothing yet. What you transcribe appears here and stays on the server for a while, also when
      this page is closed.
    </p>
  );
}

const ICONS: Readonly<Record<Job['status'], IconName>> = {
  pending: 'clock',
  processing: 'clock',
  completed: 'check',
  failed: 'alert',
  cancelled: 'close',
};

function JobRow({ job }: { readonly job: Job }) {
  const { id, file_name: title, status } = job;
  const open = route.value;
  const isOpen = open.page === 'job' && open.id === id;
  return (
    <li class={`job-row job-${status}`}>
      <a href={jobLink(id)} {...(isOpen && { 'aria-current': 'page' })}>
        <Icon name={ICONS[status]} />
        <span class="job-title">{title}</span>
        <span class="job-about">
          <span>{statusInWords(job)}</span>
          {!isActive(job) && <time>{whenInWords(job.created_at)}</time>}
        </span>
      </a>
      {isActive(job) && (
        <progress max={1} value={job.progress} aria-label={`Progress of ${title}`} />
      )}
      {isActive(job) ? (
        <button type="button" class="button-icon" onClick={() => cancel(job)}>
          <Icon name="close" label={`Cancel ${title}`} />
        </button>
      ) : (
        <button type="button" class="button-icon" onClick={() => deleteAfterAsking(job)}>
          <Icon name="delete" label={`Delete ${title}`} />
        </button>
      )}
    </li>
  );
}
