import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Person } from './people.js';

/** Gives a speaker another name everywhere, or makes them one with another speaker. */
export function SpeakerDialog(props: {
  readonly person: Person;
  readonly people: readonly Person[];
  /** Called with the new name: another speaker's name merges the two. */
  readonly onName: (name: string) => void;
  readonly onClose: () => void;
}) {
  const { person, onName, onClose } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const [name, setName] = useState(person.name);
  // Modal: the browser keeps the focus inside, and gives it back at the end.
  useLayoutEffect(() => dialog.current?.showModal(), []);
  const others = props.people.filter((other) => other.name !== person.name);
  const isTaken = others.some((other) => other.name === name.trim());
  const done = (chosen: string) => {
    onName(chosen);
    dialog.current?.close();
  };
  return (
    <dialog
      ref={dialog}
      class="speaker-dialog"
      aria-label={`Speaker ${person.name}`}
      onClose={onClose}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          done(name);
        }}
      >
        <label>
          Name, everywhere in this transcript
          <input
            value={name}
            maxLength={100}
            required
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </label>
        {isTaken && (
          <p role="status">There is a speaker with this name already: they become one person.</p>
        )}
        <div class="tool-group">
          <button type="submit" class="button button-primary">
            {isTaken ? 'Merge' : 'Rename'}
          </button>
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
        </div>
      </form>
      {others.length > 0 && (
        <fieldset class="merge-choices">
          <legend>{`${person.name} is really the same person as`}</legend>
          {others.map((other) => (
            <button key={other.name} type="button" class="button" onClick={() => done(other.name)}>
              <span class={`speaker-name speaker-${other.colour}`}>{other.name}</span>
            </button>
          ))}
        </fieldset>
      )}
    </dialog>
  );
}
