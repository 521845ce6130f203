import { useState } from 'preact/hooks';
import { type ResponseFormat, responseFormats } from '#utils/formats/index.js';
import { FORMAT_LABELS, rememberFormat, usualFormat } from '../ui/usual-format.js';
import type { TranscriptViewProps } from './transcript-view.js';
import { type WrittenFile, writeFormat } from './write-format.js';

/** Copies and saves the edited transcript in every format of the API. */
export function DownloadBar(props: TranscriptViewProps) {
  const [format, setFormat] = useState<ResponseFormat>(usualFormat);
  const [said, setSaid] = useState('');
  const formats = responseFormats.filter(
    (each) => each !== 'diarized_json' || props.transcript.speakers !== undefined,
  );
  const write = () => writeFormat({ ...props, format });
  return (
    <div class="tool-group">
      <select
        aria-label="Format"
        value={format}
        onChange={(event) => {
          const chosen = event.currentTarget.value as ResponseFormat;
          setFormat(chosen);
          rememberFormat(chosen);
          setSaid('');
        }}
      >
        {formats.map((each) => (
          <option key={each} value={each}>
            {FORMAT_LABELS[each]}
          </option>
        ))}
      </select>
      <button
        type="button"
        class="button"
        onClick={() => {
          copy(write()).then(setSaid);
        }}
      >
        Copy
      </button>
      <button type="button" class="button" onClick={() => save(write())}>
        Download
      </button>
      <output class="copied">{said}</output>
    </div>
  );
}

/** What came of it, in words. Browsers give pages that did not come by https or from this machine no clipboard. */
async function copy({ body }: WrittenFile): Promise<string> {
  try {
    await navigator.clipboard.writeText(body);
    return 'Copied.';
  } catch {
    return 'This browser does not let the page copy; download it instead.';
  }
}

function save({ name, contentType, body }: WrittenFile): void {
  const url = URL.createObjectURL(new Blob([body], { type: contentType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has to begin with the download first.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
