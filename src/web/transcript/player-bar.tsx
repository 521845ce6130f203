import { clock } from './clock.js';
import { type Player, SPEEDS } from './player.js';

/** Play, position and speed; says in words where there is nothing to play. */
export function PlayerBar(props: {
  readonly player: Player;
  /** Length of the recording in seconds. */
  readonly duration: number;
  /** Takes a recording that somebody chose because the page has none that plays. */
  readonly onRecording: (recording: Blob) => void;
}) {
  const { player, duration } = props;
  const state = player.state.value;
  if (state === 'missing' || state === 'unplayable') return <NothingToPlay {...props} />;
  return (
    <div class="player-bar">
      <button
        type="button"
        class="button button-primary play-button"
        disabled={state === 'loading'}
        onClick={() => player.toggle()}
      >
        {player.isPlaying.value ? 'Pause' : 'Play'}
      </button>
      <Position player={player} duration={duration} />
      <label class="speed">
        Speed{' '}
        <select
          value={String(player.speed.value)}
          onChange={(event) => player.setSpeed(Number(event.currentTarget.value))}
        >
          {SPEEDS.map((speed) => (
            <option key={speed} value={String(speed)}>
              {speed}×
            </option>
          ))}
        </select>
      </label>
      <Keys />
    </div>
  );
}

/** Apart from the bar: it changes with every second that is played. */
function Position({ player, duration }: { readonly player: Player; readonly duration: number }) {
  return (
    <span class="position">
      {clock(player.time.value)} / {clock(duration)}
    </span>
  );
}

function NothingToPlay({ player, onRecording }: Parameters<typeof PlayerBar>[0]) {
  return (
    <div class="player-bar">
      <p class="player-notice" role="status">
        {player.state.value === 'unplayable'
          ? 'This browser cannot play this kind of recording. Everything else works.'
          : 'The recording is not in this browser any more, so there is nothing to play. Everything else works.'}
      </p>
      <label class="file-choice">
        Play from a file{' '}
        <input
          type="file"
          accept="audio/*,video/*"
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            if (file !== undefined) onRecording(file);
          }}
        />
      </label>
      <Keys />
    </div>
  );
}

const KEYS = [
  ['Space', 'play or pause'],
  ['← →', 'five seconds back or on; among the words: the word before or after'],
  ['↑ ↓', 'among the words: the paragraph before or after'],
  ['Home, End', 'among the words: first or last of the paragraph, with Ctrl of all'],
  ['Enter', 'among the words: play from there'],
  ['F2', 'among the words: correct the word'],
  ['Ctrl+F', 'search'],
  ['Ctrl+Z, Ctrl+Y', 'undo, redo'],
] as const;

function Keys() {
  return (
    <details class="keys">
      <summary>Keys</summary>
      <dl>
        {KEYS.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
