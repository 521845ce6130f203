import { clock, spokenLength } from './clock.js';
import type { Person } from './people.js';

/** How long each speaker is heard: a chart that is a table, so that everybody can read it. */
export function SpeakingTime(props: {
  readonly people: readonly Person[];
  readonly onChoose: (person: Person) => void;
}) {
  const { people, onChoose } = props;
  const most = Math.max(...people.map(({ share }) => share));
  return (
    <aside class="speaking-time">
      <table>
        <caption>Speaking time</caption>
        <thead>
          <tr>
            <th scope="col">Speaker</th>
            <th scope="col">Time</th>
            <th scope="col">Share</th>
            <th scope="col">Words</th>
            <th scope="col">
              <span class="visually-hidden">Change</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {people.map((person) => (
            <Row key={person.name} {...{ person, most, onChoose }} />
          ))}
        </tbody>
      </table>
    </aside>
  );
}

function Row(props: {
  readonly person: Person;
  readonly most: number;
  readonly onChoose: (person: Person) => void;
}) {
  const { person, most, onChoose } = props;
  const { name, colour, seconds, share, words } = person;
  const width = `${(most > 0 ? share / most : 0) * 100}%`;
  return (
    <tr>
      <th scope="row" class={`speaker-name speaker-${colour}`}>
        {name}
      </th>
      <td>
        <span aria-hidden="true">{clock(seconds)}</span>
        <span class="visually-hidden">{spokenLength(seconds)}</span>
      </td>
      <td class="share">
        {Math.round(share * 100)}&nbsp;%
        <span class={`share-bar speaker-${colour}`} style={{ width }} />
      </td>
      <td>{words.toLocaleString('en')}</td>
      <td>
        <button
          type="button"
          class="button"
          title="Rename or merge"
          onClick={() => onChoose(person)}
        >
          Edit<span class="visually-hidden"> {name}</span>
        </button>
      </td>
    </tr>
  );
}
