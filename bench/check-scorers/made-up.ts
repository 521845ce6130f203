import { seededRandom } from '../support/random.js';

/** A turn of a reference or of a made-up hypothesis; recordings without a text have empty ones. */
export type TextTurn = {
  readonly speaker: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
};

type Change = (turns: readonly TextTurn[], random: () => number) => TextTurn[];

const FALSE_SPEAKER = 'nobody-else';

/** Each goes wrong in one way, the last in all of them; so every part of the scores is non-zero somewhere. */
const changes: readonly [name: string, change: Change][] = [
  ['turns shifted', shift],
  ['a speaker dropped', dropSpeaker],
  ['labels swapped', swapLabels],
  ['a false speaker', addSpeaker],
  ['one speaker for all', (turns) => turns.map((turn) => ({ ...turn, speaker: 'everybody' }))],
  ['words wrong', wrongWords],
  [
    'all of it at once',
    (turns, random) => wrongWords(addSpeaker(swapLabels(shift(turns, random)), random), random),
  ],
];

/**
 * Hypotheses that are wrong in known ways, made from a reference. Turns of one speaker are joined where they overlap:
 * what counts twice in one scorer and once in another is no matter of scoring. The same for the same reference.
 */
export function madeUpHypotheses(
  reference: readonly TextTurn[],
): { name: string; turns: TextTurn[] }[] {
  return changes.map(([name, change], index) => ({
    name,
    turns: joinOverlaps(change(reference, seededRandom(index + 1))),
  }));
}

function shift(turns: readonly TextTurn[], random: () => number): TextTurn[] {
  return turns.flatMap((turn) => {
    const start = Math.max(0, turn.start + random() - 0.5);
    const end = turn.end + random() - 0.5;
    return end > start ? [{ ...turn, start, end }] : [];
  });
}

/** Without the one who speaks first; nobody is left of a monologue. */
function dropSpeaker(turns: readonly TextTurn[]): TextTurn[] {
  return turns.filter(({ speaker }) => speaker !== turns[0]?.speaker);
}

/** Every third turn goes to the next speaker. */
function swapLabels(turns: readonly TextTurn[]): TextTurn[] {
  const names = [...new Set(turns.map(({ speaker }) => speaker))];
  const next = (name: string) => names[(names.indexOf(name) + 1) % names.length] ?? name;
  return turns.map((turn, index) =>
    index % 3 === 2 ? { ...turn, speaker: next(turn.speaker) } : turn,
  );
}

/** Somebody who is not there says every fourth turn, and speaks up elsewhere. */
function addSpeaker(turns: readonly TextTurn[], random: () => number): TextTurn[] {
  const last = Math.max(...turns.map(({ end }) => end));
  const invented = [0, 1, 2].map((): TextTurn => {
    const start = random() * last;
    return { speaker: FALSE_SPEAKER, start, end: start + 1 + random(), text: 'who knows' };
  });
  const told = turns.map((turn, index) =>
    index % 4 === 3 ? { ...turn, speaker: FALSE_SPEAKER } : turn,
  );
  return [...told, ...invented];
}

/** One word in ten is missing, one is another, one comes twice. */
function wrongWords(turns: readonly TextTurn[], random: () => number): TextTurn[] {
  const change = (word: string) => {
    const luck = random();
    if (luck < 0.1) return [];
    if (luck < 0.2) return ['something'];
    return luck < 0.3 ? [word, word] : [word];
  };
  return turns.map((turn) => ({ ...turn, text: turn.text.split(' ').flatMap(change).join(' ') }));
}

/** In order of time; overlapping turns of one speaker become one. */
function joinOverlaps(turns: readonly TextTurn[]): TextTurn[] {
  const joined: TextTurn[] = [];
  for (const turn of [...turns].sort((one, other) => one.start - other.start)) {
    const at = joined.findIndex(({ speaker, end }) => speaker === turn.speaker && end > turn.start);
    const before = joined[at];
    if (before === undefined) joined.push(turn);
    else
      joined[at] = {
        ...before,
        end: Math.max(before.end, turn.end),
        text: `${before.text} ${turn.text}`.trim(),
      };
  }
  return joined;
}
