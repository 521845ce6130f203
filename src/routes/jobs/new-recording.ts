import { fetchRecording } from '#services/remote/fetch-recording.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { AppDeps } from '../../app-deps.js';
import type { Multipart } from '../../middleware/multipart.js';
import type { ReceivedFile } from '../../middleware/received-parts.js';

/**
 * The recording of a job: the one that was sent, or what `url` leads to, which is fetched now.
 * @throws WhosaidError `file_missing`, `audio_empty`, or as `fetchRecording` does
 */
export async function newRecording(options: {
  readonly upload: Pick<Multipart, 'file' | 'folder' | 'takeRoom'>;
  readonly url: string | undefined;
  readonly settings: Pick<AppDeps['settings'], 'maxUploadBytes' | 'allowPrivateAddresses'>;
  readonly signal: AbortSignal;
}): Promise<ReceivedFile> {
  const { upload, url } = options;
  const file = url === undefined ? upload.file : await fetched(url, options);
  if (file === undefined) throw new WhosaidError('file_missing');
  if (file.bytes === 0) throw new WhosaidError('audio_empty');
  return file;
}

async function fetched(
  url: string,
  { upload, settings, signal }: Parameters<typeof newRecording>[0],
): Promise<ReceivedFile> {
  let roomTaken = 0;
  const { path, bytes, fileName } = await fetchRecording({
    url,
    folder: upload.folder,
    maxBytes: settings.maxUploadBytes,
    allowPrivate: settings.allowPrivateAddresses,
    signal,
    takeRoom(sum) {
      upload.takeRoom(sum - roomTaken);
      roomTaken = sum;
    },
  });
  return { path, bytes, name: fileName };
}
