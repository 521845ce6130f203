import { useMemo } from 'preact/hooks';
import { Icon } from '../ui/icon.js';
import { type KnownPerson, MOST_KNOWN_PEOPLE, people } from './options.js';
import { Recorder } from './recorder.js';

/** What the API takes of a voice at most. */
const MOST_SECONDS = 10;

/** People by name and voice, up to four. */
export function KnownPeople() {
  const change = (index: number, changes: Partial<KnownPerson>): void => {
    people.value = people.value.map((one, at) => (at === index ? { ...one, ...changes } : one));
  };
  const remove = (index: number): void => {
    people.value = people.value.filter((_, at) => at !== index);
  };
  const add = (): void => {
    people.value = [...people.value, { name: '', clip: undefined }];
  };
  return (
    <div class="people">
      <p class="hint">
        A sample is 1.2 to 10 seconds of one person speaking alone, in any format. Everybody else in
        the recording stays a letter.
      </p>
      <ul class="plain-list">
        {people.value.map((person, index) => (
          <li key={index} class="person">
            <Person
              person={person}
              number={index + 1}
              onChange={(changes) => change(index, changes)}
              {...(people.value.length > 1 && { onRemove: () => remove(index) })}
            />
          </li>
        ))}
      </ul>
      {people.value.length < MOST_KNOWN_PEOPLE && (
        <button type="button" class="button" onClick={add}>
          <Icon name="plus" />
          Add a person
        </button>
      )}
    </div>
  );
}

function Person(props: {
  readonly person: KnownPerson;
  readonly number: number;
  readonly onChange: (changes: Partial<KnownPerson>) => void;
  readonly onRemove?: () => void;
}) {
  const { person, number, onChange, onRemove } = props;
  const who = person.name.trim() || `person ${number}`;
  return (
    <fieldset class="person-fields">
      <legend class="visually-hidden">Person {number}</legend>
      <label class="field">
        <span>Name</span>
        <input
          type="text"
          value={person.name}
          maxLength={64}
          autocomplete="off"
          onInput={(event) => onChange({ name: event.currentTarget.value })}
        />
      </label>
      <div class="person-sample">
        {person.clip && <Clip clip={person.clip} label={`Sample of ${who}`} />}
        <label class="button file-button">
          {person.clip ? 'Another clip' : 'Pick a clip'}
          <input
            type="file"
            accept="audio/*,video/*"
            class="visually-hidden"
            aria-label={`Pick a clip of ${who}`}
            onChange={(event) => onChange({ clip: event.currentTarget.files?.[0] })}
          />
        </label>
        <Recorder
          label="Record"
          nameOf={() => who}
          mostSeconds={MOST_SECONDS}
          onDone={(clip) => onChange({ clip })}
        />
        {onRemove && (
          <button type="button" class="button-icon" onClick={onRemove}>
            <Icon name="delete" label={`Remove ${who}`} />
          </button>
        )}
      </div>
    </fieldset>
  );
}

function Clip({ clip, label }: { readonly clip: Blob; readonly label: string }) {
  const address = useMemo(() => URL.createObjectURL(clip), [clip]);
  // biome-ignore lint/a11y/useMediaCaption: somebody's own clip, to hear that it is the right one
  return <audio class="clip" controls src={address} aria-label={label} />;
}
