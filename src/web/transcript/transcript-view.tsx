import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Rendering } from '#utils/transcript/document.js';
import type { Transcript } from '#utils/transcript/types.js';
import { DownloadBar } from './download-bar.js';
import { EditBar } from './edit-bar.js';
import type { Edits } from './edits.js';
import type { Person } from './people.js';
import { Player } from './player.js';
import { PlayerBar } from './player-bar.js';
import { SearchBar } from './search-bar.js';
import { handleShortcut } from './shortcuts.js';
import { SpeakerDialog } from './speaker-dialog.js';
import { SpeakingTime } from './speaking-time.js';
import { useSearch } from './use-search.js';
import { useTranscript } from './use-transcript.js';
import { Waveform } from './waveform.js';
import { WordList } from './word-list.js';
import './styles/transcript.css';

export type TranscriptViewProps = {
  readonly transcript: Transcript;
  /** How the job wanted it written: `rendering` of its `…/transcript`. */
  readonly rendering: Rendering;
  /** Name of the file, for downloads. */
  readonly title: string;
  /** What was uploaded, if the browser still has it. */
  readonly audio?: Blob;
  readonly edits: Edits;
  readonly onEdits: (edits: Edits) => void;
};

/** One transcript: to read, to listen to, to correct and to take away. */
export function TranscriptView(props: TranscriptViewProps) {
  const { transcript, title, edits } = props;
  const text = useTranscript(props);
  const { player, recording, setRecording } = usePlayer(props);
  const current = useComputed(() => text.words.at(player.time.value));
  const cursor = useSignal(0);
  const editing = useSignal(-1);
  const search = useSearch(text.layout.pieces, cursor);
  const [chosen, setChosen] = useState<Person>();
  const shortcuts = { player, text, search };
  return (
    <section
      class="transcript"
      aria-label={`Transcript of ${title}`}
      onKeyDown={(event) => handleShortcut(event, shortcuts)}
    >
      <PlayerBar player={player} duration={transcript.duration} onRecording={setRecording} />
      <Waveform {...{ transcript, edits, player, recording, people: text.people }} />
      <div class="transcript-tools">
        <SearchBar search={search} />
        <EditBar {...{ text, player, cursor, editing }} />
        <DownloadBar {...props} />
      </div>
      <div class="transcript-columns">
        <WordList
          {...{ text, player, current, cursor, editing, search }}
          language={transcript.language}
          onSpeaker={setChosen}
        />
        {text.people.length > 0 && <SpeakingTime people={text.people} onChoose={setChosen} />}
      </div>
      {chosen && (
        <SpeakerDialog
          person={chosen}
          people={text.people}
          onName={(name) => text.rename(chosen, name)}
          onClose={() => setChosen(undefined)}
        />
      )}
    </section>
  );
}

/** A player for this transcript, with the recording that the page has or somebody chose. */
function usePlayer({ transcript, audio }: TranscriptViewProps) {
  const [chosen, setRecording] = useState<Blob>();
  const recording = chosen ?? audio;
  const player = useMemo(() => new Player(transcript.duration), [transcript]);
  useEffect(() => {
    if (recording !== undefined) player.open(recording);
    return () => player.dispose();
  }, [player, recording]);
  return { player, recording, setRecording };
}
