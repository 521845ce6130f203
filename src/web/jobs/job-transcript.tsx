import { useSignal } from '@preact/signals';
import type { FunctionComponent } from 'preact';
import { useEffect } from 'preact/hooks';
import { readTranscriptDocument } from '#utils/transcript/document.js';
import { ApiError } from '../api/api-error.js';
import { getTranscript } from '../api/jobs.js';
import { isServerGone } from '../api/server.js';
import type { Job } from '../api/types.js';
import { findEdits, keepEdits } from '../storage/kept-edits.js';
import { findRecording } from '../storage/recordings.js';
import type { Edits } from '../transcript/edits.js';
import type { TranscriptViewProps } from '../transcript/transcript-view.js';
import { announce } from '../ui/announce.js';
import { askNow } from './follow-jobs.js';

type Loaded = Pick<TranscriptViewProps, 'transcript' | 'rendering' | 'edits'> & {
  readonly View: FunctionComponent<TranscriptViewProps>;
  readonly audio: Blob | undefined;
};

/** The transcript of a completed job, with what was changed in it. */
export function JobTranscript({ job }: { readonly job: Job }) {
  const loaded = useSignal<Loaded | undefined>(undefined);
  const problem = useSignal<string | undefined>(undefined);
  const isGone = isServerGone.value;
  useEffect(() => {
    if (loaded.peek() !== undefined || isGone) return;
    const leaving = new AbortController();
    load(job.id, leaving.signal)
      .then((all) => {
        loaded.value = all;
      })
      .catch((error: unknown) => {
        if (leaving.signal.aborted) return;
        problem.value =
          error instanceof ApiError ? error.message : 'The page could not load a part of itself.';
        askNow();
      });
    return () => leaving.abort();
    // Once more when the server is back.
  }, [job.id, isGone, loaded, problem]);
  if (loaded.value === undefined)
    return <p class="hint">{problem.value ?? 'Loading the transcript…'}</p>;
  const { View, audio, ...shown } = loaded.value;
  const change = (changed: Edits): void => {
    if (loaded.value) loaded.value = { ...loaded.value, edits: changed };
    void keepEdits(job.id, changed).then((isKept) => {
      if (!isKept)
        announce(
          'The browser could not keep this change: it is lost when the page is closed.',
          'error',
        );
    });
  };
  return <View {...shown} title={job.file_name} onEdits={change} {...(audio && { audio })} />;
}

/** What shows a transcript is loaded with the first one. */
async function load(id: string, signal: AbortSignal): Promise<Loaded> {
  const [document, audio, edits, { TranscriptView }] = await Promise.all([
    getTranscript(id, signal),
    findRecording(id),
    findEdits(id),
    import('../transcript/transcript-view.js'),
  ]);
  return { View: TranscriptView, ...readTranscriptDocument(document), audio, edits };
}
