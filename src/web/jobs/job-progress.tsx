import type { Job } from '../api/types.js';
import { clockTime } from '../ui/words.js';
import { useHeardSoFar } from './heard-so-far.js';
import { statusInWords } from './job-words.js';

/** How far a job is, and what was heard so far. */
export function JobProgress({ job }: { readonly job: Job }) {
  const segments = useHeardSoFar(job.id);
  return (
    <section class="box" aria-label="Progress">
      <p class="progress-words">{statusInWords(job)}</p>
      <progress max={1} value={job.progress} aria-label={`Progress of ${job.file_name}`} />
      <p class="hint">
        You may close this page: the server goes on, and the transcript will be here.
      </p>
      <ol class="plain-list heard">
        {segments.value.map(({ id, start, text, speaker }) => (
          <li key={id}>
            <time>{clockTime(start)}</time>
            <span>
              {speaker !== undefined && <strong>{speaker}: </strong>}
              {text}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
