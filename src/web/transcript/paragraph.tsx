import { useMemo } from 'preact/hooks';
import type { Block } from './blocks.js';
import { clock } from './clock.js';
import type { Person } from './people.js';
import { matchesWithin } from './search-index.js';
import type { Search } from './use-search.js';
import { WordInput } from './word-input.js';

/** Words that the model was less sure of are marked. */
const DOUBTFUL_BELOW = 0.5;

export type ParagraphProps = {
  readonly block: Block;
  /** How many paragraphs there are. */
  readonly count: number;
  /** Distance from the top of the list in pixels. */
  readonly start: number;
  readonly measure: (row: HTMLElement | null) => void;
  readonly person: Person | undefined;
  readonly search: Pick<Search, 'matches' | 'selected'>;
  /** Indices of words in the whole transcript, -1 where it is none of this paragraph. */
  readonly current: number;
  readonly cursor: number;
  readonly editing: number;
  readonly onSpeaker: (person: Person) => void;
  /** `text` is undefined where nothing was changed. */
  readonly onEdited: (word: number, text: string | undefined) => void;
};

/** One turn, or a part of a long one. Its words are drawn anew only when something about them changes. */
export function Paragraph(props: ParagraphProps) {
  const { block, start, count, measure, person, current, cursor, editing } = props;
  const marks = marksIn(block, props.search);
  const words = useMemo(
    () => <Words {...props} marks={marks} />,
    [block, current, cursor, editing, marks.key],
  );
  return (
    <li
      ref={measure}
      class={`paragraph${block.isContinued ? ' is-continued' : ''}${person ? ` speaker-${person.colour}` : ''}`}
      data-index={block.index}
      aria-posinset={block.index + 1}
      aria-setsize={count}
      style={{ transform: `translateY(${start}px)` }}
    >
      <div class="paragraph-head">
        {person && (
          <SpeakerName
            {...{ person, isContinued: block.isContinued, onSpeaker: props.onSpeaker }}
          />
        )}
        <time>{clock(block.start)}</time>
      </div>
      {words}
    </li>
  );
}

/** For the mouse: who uses the keyboard finds the same in the table of speakers, and no hundreds of stops on the way. */
function SpeakerName(props: {
  readonly person: Person;
  readonly isContinued: boolean;
  readonly onSpeaker: (person: Person) => void;
}) {
  const { person, isContinued, onSpeaker } = props;
  return (
    <button
      type="button"
      tabIndex={-1}
      class={`speaker-name${isContinued ? ' visually-hidden' : ''}`}
      title="Rename or merge"
      onClick={() => onSpeaker(person)}
    >
      {person.name}
    </button>
  );
}

type Marks = {
  /** Changes when they do. */
  readonly key: string;
  readonly kindOf: (word: number) => '' | ' is-found' | ' is-found is-selected';
};

/** Which words of this paragraph were found. */
function marksIn({ first, pieces }: Block, { matches, selected }: ParagraphProps['search']): Marks {
  const [from, to] = matchesWithin(matches, { from: first, to: first + pieces.length - 1 });
  if (from >= to) return { key: '', kindOf: () => '' };
  const found = new Map<number, boolean>();
  for (let match = from; match < to; match += 1) {
    const last = matches.last[match] ?? -1;
    for (let word = matches.first[match] ?? 0; word <= last; word += 1) {
      found.set(word, found.get(word) === true || match === selected);
    }
  }
  return {
    key: [...found].map(([word, isSelected]) => (isSelected ? `${word}!` : word)).join(),
    kindOf: (word) =>
      found.has(word) ? (found.get(word) ? ' is-found is-selected' : ' is-found') : '',
  };
}

function Words(props: ParagraphProps & { readonly marks: Marks }) {
  const { block, current, cursor, editing, marks, onEdited } = props;
  return (
    <p class="words" dir="auto">
      {block.pieces.map(({ text, isApart, confidence }, at) => {
        const word = block.first + at;
        const blank = isApart ? ' ' : '';
        if (word === editing) {
          return [
            <WordInput key={word} text={text} onDone={(next) => onEdited(word, next)} />,
            blank,
          ];
        }
        const isDoubtful = confidence < DOUBTFUL_BELOW;
        const doubt = isDoubtful ? ' is-doubtful' : '';
        const said = word === current ? ' is-current' : '';
        // One of them is a button, for the keyboard; read aloud the others are plain text.
        const focus = word === cursor ? ({ role: 'button', tabIndex: 0 } as const) : {};
        return [
          <span
            key={word}
            class={`word${doubt}${said}${marks.kindOf(word)}`}
            data-word={word}
            {...(isDoubtful && { title: 'The model is not sure of this word.' })}
            {...focus}
          >
            {text}
          </span>,
          blank,
        ];
      })}
    </p>
  );
}
