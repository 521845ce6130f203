import { basename } from 'node:path';
import type { JobRendering, JobWork } from '#services/jobs/types.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { AppDeps } from '../../app-deps.js';
import { type CheckedTranscription, checkTranscription } from '../../check-transcription.js';
import type { Multipart } from '../../middleware/multipart.js';
import type { RequestContext } from '../../middleware/request-context.js';
import { renderingOf } from '../rendering.js';
import { speakerRequest } from '../speaker-request.js';
import { parseTranscriptionFields } from '../transcription-fields.js';
import { fieldsFingerprint } from './idempotency.js';
import { type JobFields, parseJobFields } from './job-fields.js';

/** A job that nothing speaks against so far as its fields tell. */
export type JobPlan = Pick<JobFields, 'url' | 'webhookUrl'> & {
  /** Its known voices are files in the folder of the upload. */
  readonly work: Omit<JobWork, keyof Heard>;
  /** The rest of the work: which model, and what it is told. Rejects as `CheckedTranscription.recogniser` does. */
  readonly heard: (recording: Parameters<CheckedTranscription['recogniser']>[0]) => Promise<Heard>;
  readonly rendering: JobRendering;
  /** Hash of the fields. */
  readonly fingerprint: string;
};

/** What may depend on the recording. */
type Heard = Pick<JobWork, 'model' | 'recognition' | 'vocabulary'>;

export type PlanOptions = {
  readonly deps: AppDeps;
  /** Is told the model. */
  readonly context: RequestContext;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly upload: Pick<Multipart, 'files' | 'folder'>;
};

/**
 * Checks everything about a job that can be checked before it is one, with the errors that the same request would have if
 * it waited for its transcript. Nothing of the fields is kept but what the work needs: voices that were sent along are
 * files from now on.
 *
 * @throws WhosaidError `file_and_url`, `file_missing`, or as `parseJobFields`, `parseTranscriptionFields` and
 * `checkTranscription` do
 */
export async function planJob({ deps, context, fields, upload }: PlanOptions): Promise<JobPlan> {
  const { task, url, webhookUrl } = parseJobFields(fields, deps.settings);
  const wanted = parseTranscriptionFields(fields, { task });
  if (upload.files.length > 0 && url !== undefined) throw new WhosaidError('file_and_url');
  if (upload.files.length === 0 && url === undefined) throw new WhosaidError('file_missing');
  const { recogniser, decision, enhance } = await checkTranscription({
    ...{ deps, context },
    fields: wanted,
  });
  const { speakers, channels } = await speakerRequest({
    decision,
    fields: wanted.speakers,
    folder: upload.folder,
  });
  const known = speakers?.known?.map(({ name, path }) => ({ name, file: basename(path) }));
  return {
    url,
    webhookUrl: webhookUrl ?? deps.settings.webhookUrl ?? undefined,
    work: {
      ...(speakers && {
        speakers: {
          ...(speakers.count !== undefined && { count: speakers.count }),
          ...(known && { known }),
        },
      }),
      ...(channels && { channels }),
      ...(enhance && { enhance }),
    },
    async heard(recording) {
      const { entry, recognition, vocabulary } = await recogniser(recording);
      const { applied } = vocabulary;
      return {
        model: entry.id,
        recognition,
        ...(applied !== undefined && { vocabulary: applied }),
      };
    },
    rendering: renderingOf(wanted, decision),
    fingerprint: fieldsFingerprint(fields),
  };
}
