import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { announce } from '../ui/announce.js';
import { Icon } from '../ui/icon.js';
import { clockTime } from '../ui/words.js';
import { type Recording, startRecording } from './recording.js';

export type RecorderProps = {
  /** Words of the button that begins. */
  readonly label: string;
  /** Name of the file, without its ending. */
  readonly nameOf: () => string;
  readonly onDone: (file: File) => void;
  /** Stops by itself after so long. */
  readonly mostSeconds?: number;
};

/** Records from the microphone: begin, pause, stop, with a meter that shows that something is heard. */
export function Recorder({ label, nameOf, onDone, mostSeconds }: RecorderProps) {
  const recording = useSignal<Recording | undefined>(undefined);
  useEffect(() => () => recording.peek()?.discard(), [recording]);
  const begin = async (): Promise<void> => {
    try {
      recording.value = await startRecording(nameOf());
      announce('Recording.', 'spoken');
    } catch (error) {
      announce((error as Error).message, 'error');
    }
  };
  const end = async (): Promise<void> => {
    const made = recording.peek();
    recording.value = undefined;
    if (made) onDone(await made.stop());
  };
  const made = recording.value;
  const isLongEnough = mostSeconds !== undefined && (made?.seconds.value ?? 0) >= mostSeconds;
  useEffect(() => {
    if (isLongEnough) void end();
  }, [isLongEnough]);
  if (made === undefined) {
    return (
      <button type="button" class="button" onClick={begin}>
        <Icon name="microphone" />
        {label}
      </button>
    );
  }
  const discard = (): void => {
    made.discard();
    recording.value = undefined;
  };
  return <RecorderControls recording={made} onStop={end} onDiscard={discard} />;
}

function RecorderControls(props: {
  readonly recording: Recording;
  readonly onStop: () => void;
  readonly onDiscard: () => void;
}) {
  const { level, seconds, isPaused, pause, resume } = props.recording;
  return (
    <fieldset class="recorder">
      <legend class="visually-hidden">Recording</legend>
      <span class={isPaused.value ? 'recorder-dot' : 'recorder-dot recorder-dot-on'} />
      <span class="recorder-time">{clockTime(seconds.value)}</span>
      <meter
        class="recorder-level"
        min={0}
        max={1}
        value={isPaused.value ? 0 : level.value}
        aria-label="Loudness"
      />
      <button type="button" class="button" onClick={isPaused.value ? resume : pause}>
        <Icon name={isPaused.value ? 'microphone' : 'pause'} />
        {isPaused.value ? 'Go on' : 'Pause'}
      </button>
      <button type="button" class="button button-primary" onClick={props.onStop}>
        <Icon name="stop" />
        Stop
      </button>
      <button type="button" class="button-icon" onClick={props.onDiscard}>
        <Icon name="delete" label="Throw this recording away" />
      </button>
    </fieldset>
  );
}
