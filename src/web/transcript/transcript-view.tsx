import type { Transcript } from '#utils/transcript/types.js';
import type { Edits } from './edits.js';

export type TranscriptViewProps = {
  readonly transcript: Transcript;
  /** Name of the file, for downloads. */
  readonly title: string;
  /** What was uploaded, if the browser still has it. */
  readonly audio?: Blob;
  readonly edits: Edits;
  readonly onEdits: (edits: Edits) => void;
};

/** One transcript, to read. */
export function TranscriptView({ transcript, title }: TranscriptViewProps) {
  return (
    <article aria-label={title}>
      {transcript.segments.map((segment) => (
        <p key={segment.id}>
          {segment.speaker !== undefined && <strong>{segment.speaker}: </strong>}
          {segment.text}
        </p>
      ))}
    </article>
  );
}
