import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Transcript } from '#utils/transcript/types.js';
import { clock, spokenLength } from './clock.js';
import { decodePeaks } from './decode-peaks.js';
import { drawWave } from './draw-wave.js';
import type { Edits } from './edits.js';
import type { Person } from './people.js';
import type { Player } from './player.js';
import { speakerSpans } from './speaker-spans.js';
import { useSize } from './use-size.js';
import { type Span, type TimeWindow, windowAround } from './wave-columns.js';

/** Seconds that Page Up and Page Down move. */
const PAGE_SECONDS = 30;
const ARROW_SECONDS = 5;
/** The closest view. */
const LEAST_SECONDS = 10;

type Props = {
  readonly transcript: Transcript;
  readonly edits: Edits;
  readonly people: readonly Person[];
  readonly player: Player;
  readonly recording: Blob | undefined;
};

/**
 * The recording from left to right, each turn in its speaker's colour, as a slider that chooses the position. Drawn on a
 * canvas: thousands of turns cost no more than ten.
 */
export function Waveform(props: Props) {
  const { transcript, edits, people, player } = props;
  const { duration } = transcript;
  const [length, setLength] = useState(duration);
  const peaks = usePeaks(props);
  const spans = useMemo(
    () => speakerSpans({ transcript, edits, people }),
    [transcript, edits, people],
  );
  const window = useWindow(player, { length, duration });
  const zoom = (factor: number) =>
    setLength(Math.min(duration, Math.max(LEAST_SECONDS, length * factor)));
  return (
    <div class="waveform">
      <Track {...{ player, window, duration, peaks, spans, people }} />
      <div class="tool-group">
        <span class="window">
          {clock(window.from)} – {clock(window.to)}
        </span>
        <button type="button" class="button" disabled={length >= duration} onClick={() => zoom(2)}>
          Wider
        </button>
        <button
          type="button"
          class="button"
          disabled={length <= LEAST_SECONDS}
          onClick={() => zoom(0.5)}
        >
          Closer
        </button>
      </div>
    </div>
  );
}

function usePeaks({ recording, transcript: { duration } }: Props): Float32Array | undefined {
  const [peaks, setPeaks] = useState<Float32Array>();
  useEffect(() => {
    let isWanted = true;
    setPeaks(undefined);
    if (recording !== undefined) {
      decodePeaks(recording, duration).then((found) => isWanted && setPeaks(found));
    }
    return () => {
      isWanted = false;
    };
  }, [recording, duration]);
  return peaks;
}

/** What is in sight: it turns the page when the position leaves it. */
function useWindow(
  { time }: Player,
  { length, duration }: { length: number; duration: number },
): TimeWindow {
  const shown = useRef<TimeWindow>({ from: 0, to: duration });
  const seconds = time.value;
  const { from, to } = shown.current;
  const isRight = Math.abs(to - from - Math.min(length, duration)) < 1e-6;
  if (!isRight || seconds < from || seconds > to) {
    shown.current = windowAround(seconds + (isRight ? length * 0.4 : 0), { length, duration });
  }
  return shown.current;
}

type TrackProps = {
  readonly player: Player;
  readonly window: TimeWindow;
  readonly duration: number;
  readonly peaks: Float32Array | undefined;
  readonly spans: readonly Span[];
  readonly people: readonly Person[];
};

function Track({ player, window, duration, peaks, spans, people }: TrackProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(canvas);
  useEffect(() => {
    if (canvas.current && size) drawWave(canvas.current, { size, window, duration, peaks, spans });
  }, [size, window, duration, peaks, spans]);
  const seconds = player.time.value;
  const at = (seconds - window.from) / (window.to - window.from || 1);
  const speaks = people.find(({ colour }) =>
    spans.some((span) => span.colour === colour && span.start <= seconds && seconds < span.end),
  );
  return (
    <div
      class="track"
      role="slider"
      tabIndex={0}
      aria-label="Position in the recording"
      aria-valuemin={0}
      aria-valuemax={Math.round(duration)}
      aria-valuenow={Math.round(seconds)}
      aria-valuetext={`${spokenLength(Math.floor(seconds))}${speaks ? `, ${speaks.name} speaks` : ''}`}
      onClick={(event) => {
        const { left, width } = event.currentTarget.getBoundingClientRect();
        player.seek(window.from + ((event.clientX - left) / width) * (window.to - window.from));
      }}
      onKeyDown={(event) => {
        const target = sliderTarget(event.key, seconds, duration);
        if (target === undefined) return;
        event.preventDefault();
        player.seek(target);
      }}
    >
      <canvas ref={canvas} class="wave" />
      <span class="playhead" style={{ transform: `translateX(${at * (size?.width ?? 0)}px)` }} />
    </div>
  );
}

function sliderTarget(key: string, seconds: number, duration: number): number | undefined {
  const targets: Readonly<Record<string, number>> = {
    ArrowLeft: seconds - ARROW_SECONDS,
    ArrowDown: seconds - ARROW_SECONDS,
    ArrowRight: seconds + ARROW_SECONDS,
    ArrowUp: seconds + ARROW_SECONDS,
    PageDown: seconds - PAGE_SECONDS,
    PageUp: seconds + PAGE_SECONDS,
    Home: 0,
    End: duration,
  };
  return targets[key];
}
