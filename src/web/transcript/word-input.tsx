import { useLayoutEffect, useRef } from 'preact/hooks';

/** A field in place of a word. Enter keeps what was typed, Escape does not; so does leaving the field keep it. */
export function WordInput(props: {
  readonly text: string;
  /** Called once: with the new text, or undefined where it is to stay as it is. */
  readonly onDone: (text: string | undefined) => void;
}) {
  const { text, onDone } = props;
  const input = useRef<HTMLInputElement>(null);
  const isDone = useRef(false);
  useLayoutEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);
  // A field that is taken away loses the focus, which must not count once more.
  const done = (next: string | undefined) => {
    if (isDone.current) return;
    isDone.current = true;
    onDone(next);
  };
  return (
    <input
      ref={input}
      class="word-input"
      aria-label={`Correct “${text}”; empty takes the word away`}
      defaultValue={text}
      size={Math.max(4, text.length + 2)}
      onBlur={(event) => done(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') done(event.currentTarget.value);
        else if (event.key === 'Escape') done(undefined);
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    />
  );
}
