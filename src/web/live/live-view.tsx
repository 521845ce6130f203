import { useEffect, useRef } from 'preact/hooks';
import { newLink } from '../route.js';
import { Heading } from '../ui/heading.js';
import { Icon } from '../ui/icon.js';
import { saveFile } from '../ui/save-file.js';
import { clockTime } from '../ui/words.js';
import { type Caption, spoken } from './captions.js';
import { captionsFile } from './captions-file.js';
import {
  captions,
  leaveLive,
  liveProblem,
  liveState,
  startLive,
  stopLive,
} from './live-session.js';
import './live.css';

/** Captions of what the microphone hears, while it is said, with who says it. */
export function LiveView() {
  useEffect(() => leaveLive, []);
  return (
    <section class="live-view">
      <Heading>Live captions</Heading>
      <p class="hint">
        What the microphone of this device hears is written down while it is said, with who says it.
        Nothing of it is kept on the server. Model, language and speakers are those of{' '}
        <a href={newLink}>New transcription</a>.
      </p>
      <LiveButtons />
      <p class="problem" role="alert">
        {liveProblem.value}
      </p>
      <Captions />
    </section>
  );
}

function LiveButtons() {
  const state = liveState.value;
  const isOff = state === 'off';
  const hasCaptions = isOff && spoken(captions.value).length > 0;
  return (
    <div class="live-buttons">
      {isOff ? (
        <button type="button" class="button button-primary" onClick={startLive}>
          <Icon name="microphone" />
          {hasCaptions ? 'Start anew' : 'Start'}
        </button>
      ) : (
        <button
          type="button"
          class="button button-primary"
          disabled={state !== 'on'}
          onClick={stopLive}
        >
          <Icon name="stop" />
          {state === 'ending' ? 'Writing the last words…' : 'Stop'}
        </button>
      )}
      {state === 'on' && (
        <span class="live-on" role="status">
          <span class="recorder-dot recorder-dot-on" />
          Listening
        </span>
      )}
      {hasCaptions && <SaveButtons />}
    </div>
  );
}

function SaveButtons() {
  const save = (format: 'text' | 'vtt', ending: string) => () =>
    saveFile(`captions.${ending}`, captionsFile(captions.value, format));
  return (
    <>
      <button type="button" class="button" onClick={save('text', 'txt')}>
        Save as text
      </button>
      <button type="button" class="button" onClick={save('vtt', 'vtt')}>
        Save as subtitles (vtt)
      </button>
    </>
  );
}

function Captions() {
  const shown = spoken(captions.value);
  const end = useRef<HTMLDivElement>(null);
  const length = shown.reduce((sum, { text }) => sum + text.length, 0);
  // What is said last stays in sight, unless somebody reads further up.
  useEffect(() => {
    const { scrollHeight } = document.documentElement;
    const isAtEnd = scrollHeight - scrollY - innerHeight < 200;
    if (length > 0 && isAtEnd) end.current?.scrollIntoView({ block: 'end' });
  }, [length]);
  const names = [...new Set(shown.flatMap(({ parts }) => parts.map(({ speaker }) => speaker)))];
  return (
    <>
      <div role="log" aria-label="Captions">
        <ol class="plain-list captions">
          {shown.map((caption) => (
            <CaptionLine key={caption.id} caption={caption} names={names} />
          ))}
        </ol>
      </div>
      <div ref={end} />
    </>
  );
}

function CaptionLine({
  caption,
  names,
}: {
  readonly caption: Caption;
  readonly names: readonly string[];
}) {
  const { start, text, parts, isDone } = caption;
  return (
    <li class={isDone ? 'caption' : 'caption caption-open'}>
      <time>{clockTime(parts[0]?.start ?? start)}</time>
      <div>
        {parts.length === 0 && <p>{text}</p>}
        {parts.map((part) => (
          <p key={part.start}>
            <strong class={`live-speaker-${names.indexOf(part.speaker) % 10}`}>
              {part.speaker}
            </strong>{' '}
            {part.text}
          </p>
        ))}
      </div>
    </li>
  );
}
