import { MultiBar, Presets, type SingleBar } from 'cli-progress';

/** How far one recording is. */
export type Row = {
  /** `share` from 0 to 1; `text` says what is done with it. */
  update(state: { readonly share: number; readonly text: string }): void;
  /** Removes it. Idempotent. */
  end(): void;
};

/** Shows how far several recordings are, and all together. */
export type Board = {
  begin(label: string): Row;
  /** How many are done with, of how many that are known. */
  total(done: number, all: number): void;
  /** A line that stays. */
  say(text: string): void;
  /** Removes all bars. Idempotent. */
  stop(): void;
};

export type BoardOptions = {
  /** Default stderr: stdout belongs to results. */
  readonly stream?: NodeJS.WriteStream;
  /** Pause between the lines about one recording where no bars can be drawn. Default 10,000. */
  readonly lineEveryMs?: number;
};

const LABEL_CHARACTERS = 32;

/** A bar for each recording on a terminal; elsewhere a line now and then, so that a log file stays readable. */
export function createBoard({
  stream = process.stderr,
  lineEveryMs = 10_000,
}: BoardOptions = {}): Board {
  return stream.isTTY ? bars(stream) : lines(stream, lineEveryMs);
}

function bars(stream: NodeJS.WriteStream): Board {
  const all = new MultiBar(
    {
      stream,
      format: '{label} {bar} {text}',
      hideCursor: true,
      clearOnComplete: true,
      gracefulExit: false,
      barsize: 24,
      fps: 5,
    },
    Presets.shades_classic,
  );
  const total = all.create(1, 0, { label: fitted('all'), text: '' });
  let isStopped = false;
  return {
    begin(label) {
      let bar: SingleBar | undefined = all.create(1, 0, { label: fitted(label), text: '' });
      return {
        update({ share, text }) {
          bar?.update(share, { text });
        },
        end() {
          if (bar !== undefined) all.remove(bar);
          bar = undefined;
        },
      };
    },
    total(done, count) {
      total.setTotal(Math.max(1, count));
      total.update(done, { text: `${done} of ${count}` });
    },
    say: (text) => all.log(`${text}\n`),
    stop() {
      if (isStopped) return;
      isStopped = true;
      // What was said last is written with the next drawing.
      all.update();
      all.stop();
    },
  };
}

function lines(stream: NodeJS.WriteStream, everyMs: number): Board {
  let counts = '';
  return {
    begin(label) {
      let dueMs = performance.now() + everyMs;
      return {
        update({ text }) {
          if (performance.now() < dueMs) return;
          dueMs = performance.now() + everyMs;
          stream.write(`${label}: ${text}${counts}\n`);
        },
        end() {},
      };
    },
    total(done, count) {
      counts = `, ${done} of ${count} files done`;
    },
    say: (text) => void stream.write(`${text}\n`),
    stop() {},
  };
}

/** The end of a name tells more than its beginning. */
function fitted(label: string): string {
  const characters = [...label];
  if (characters.length <= LABEL_CHARACTERS) return label.padEnd(LABEL_CHARACTERS);
  return `…${characters.slice(1 - LABEL_CHARACTERS).join('')}`;
}
