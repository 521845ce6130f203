import { useState } from 'preact/hooks';
import { type ResponseFormat, responseFormats } from '#utils/formats/index.js';
import { remember, remembered } from '../storage/remembered.js';
import type { TranscriptViewProps } from './transcript-view.js';
import { type WrittenFile, writeFormat } from './write-format.js';

const LABELS: Readonly<Record<ResponseFormat, string>> = {
  text: 'Text',
  srt: 'Subtitles (srt)',
  vtt: 'Subtitles (vtt)',
  json: 'json',
  verbose_json: 'verbose_json, with times',
  diarized_json: 'diarized_json, with speakers',
};

/** The one that was chosen last, of those that every transcript has. */
function usualFormat(): ResponseFormat {
  const last = remembered('format');
  return responseFormats.find((each) => each === last && each !== 'diarized_json') ?? 'text';
}

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
          remember('format', chosen);
          setSaid('');
        }}
      >
        {formats.map((each) => (
          <option key={each} value={each}>
            {LABELS[each]}
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
