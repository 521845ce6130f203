import { ApiError } from '../api/api-error.js';
import { cancelJob, deleteJob } from '../api/jobs.js';
import type { Job } from '../api/types.js';
import { addUploads } from '../new/upload-queue.js';
import { goTo, jobLink, newLink, route } from '../route.js';
import { findRecording, findRecordingInfo } from '../storage/recordings.js';
import { announce } from '../ui/announce.js';
import { confirm } from '../ui/confirm.js';
import { jobsHaveChanged } from './follow-jobs.js';
import { noteJob, noteJobIsGone } from './job-list-state.js';

/** Ends a job that waits or is worked on. */
export function cancel({ id, file_name }: Job): Promise<void> {
  return said(async () => {
    noteJob(await cancelJob(id));
    announce(`${file_name} is cancelled.`);
    jobsHaveChanged();
  });
}

/** Deletes a job with its transcript and all that the browser keeps of it, if that is really wanted. */
export async function deleteAfterAsking({ id, file_name }: Job): Promise<void> {
  const isWanted = await confirm({
    title: 'Delete this transcription?',
    text: `The transcript of ${file_name} and what you have changed in it will be gone for good.`,
    verb: 'Delete',
  });
  if (!isWanted) return;
  await said(async () => {
    // One that is not there any more is deleted, too.
    await deleteJob(id).catch((error: ApiError) => {
      if (error.status !== 404) throw error;
    });
    const open = route.value;
    if (open.page === 'job' && open.id === id) goTo(newLink);
    noteJobIsGone(id);
    announce(`${file_name} is deleted.`);
    jobsHaveChanged();
  });
}

/** Sends the recording of a job once more, if the browser still has it. */
export async function sendAgain({ id, file_name: name }: Job): Promise<void> {
  const [file, info] = await Promise.all([findRecording(id), findRecordingInfo(id)]);
  if (file === undefined || info === undefined) {
    announce('The browser does not have this recording any more. Choose the file again.', 'error');
    return goTo(newLink);
  }
  const [made] = addUploads([{ file, name, fields: info.fields }]);
  const job = await made;
  const open = route.value;
  if (job && open.page === 'job' && open.id === id) goTo(jobLink(job.id));
}

/** Does something with the API and says in words what went wrong. */
async function said(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    announce(error.message, 'error');
  }
}
