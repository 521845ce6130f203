import { cancelUpload, retryUpload, type Uploading } from '../new/upload-queue.js';
import { Icon } from '../ui/icon.js';
import { lengthInWords, sizeInWords } from '../ui/words.js';

/** A recording that is on its way to the server. */
export function UploadRow({ upload }: { readonly upload: Uploading }) {
  const { id, name, file, state, sentBytes, problem } = upload;
  const isFailed = state === 'failed';
  return (
    <li class={isFailed ? 'job-row job-failed' : 'job-row job-uploading'}>
      <div class="job-row-text">
        <Icon name={isFailed ? 'alert' : 'upload'} />
        <span class="job-title">{name}</span>
        <span class="job-about">{uploadInWords(upload)}</span>
        {problem !== undefined && <span class="problem">{problem}</span>}
      </div>
      {!isFailed && <progress max={file.size} value={sentBytes} aria-label={`Upload of ${name}`} />}
      {isFailed && (
        <button type="button" class="button-icon" onClick={() => retryUpload(id)}>
          <Icon name="retry" label={`Send ${name} again`} />
        </button>
      )}
      <button type="button" class="button-icon" onClick={() => cancelUpload(id)}>
        <Icon name="close" label={isFailed ? `Put ${name} away` : `Cancel ${name}`} />
      </button>
    </li>
  );
}

function uploadInWords({ state, file, sentBytes, bytesPerSecond }: Uploading): string {
  if (state === 'waiting') return `Waits to be sent · ${sizeInWords(file.size)}`;
  if (state === 'failed') return 'Not sent';
  if (state === 'retrying') return 'Trying again';
  if (sentBytes >= file.size) return 'Sent; the server takes it in';
  const sent = `Sending: ${sizeInWords(sentBytes)} of ${sizeInWords(file.size)}`;
  if (bytesPerSecond === undefined || bytesPerSecond === 0) return sent;
  return `${sent} · about ${lengthInWords((file.size - sentBytes) / bytesPerSecond)} left`;
}
