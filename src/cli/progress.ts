import { Presets, SingleBar } from 'cli-progress';

/** Shows how far something long has come. */
export type ProgressDisplay = {
  /** `done` and `total` in one unit; an unknown `total` shows no bar and no remaining time. */
  update(state: { done: number; total?: number | undefined }): void;
  /** Removes the bar or ends its line. Idempotent. */
  stop(): void;
};

export type ProgressOptions = {
  /** Says what is worked on. */
  readonly label: string;
  /** Turns an amount into text, for example `12.3 MB`. */
  readonly format: (amount: number) => string;
  /** Shown after the amounts: speed, for example. Given the amount done and the seconds it took. */
  readonly note?: (done: number, elapsedSeconds: number) => string;
  /** Default stderr: stdout belongs to results. */
  readonly stream?: NodeJS.WriteStream;
  /** Pause between lines where no bar can be drawn. Default 5000. */
  readonly lineEveryMs?: number;
};

/** A bar on a terminal; a line every few seconds elsewhere, so that a log file stays readable. */
export function createProgress(options: ProgressOptions): ProgressDisplay {
  const stream = options.stream ?? process.stderr;
  return stream.isTTY ? terminalBar(options, stream) : plainLines(options, stream);
}

function terminalBar(options: ProgressOptions, stream: NodeJS.WriteStream): ProgressDisplay {
  const bar = new SingleBar(
    {
      stream,
      format: '{label} {bar} {text}',
      hideCursor: true,
      clearOnComplete: true,
      barsize: 24,
      fps: 5,
    },
    Presets.shades_classic,
  );
  const clock = startClock();
  let active = true;
  bar.start(1, 0, { label: options.label, text: '' });
  return {
    update(state) {
      if (!active) return;
      bar.setTotal(state.total ?? Math.max(1, state.done * 2));
      bar.update(state.done, { text: describe(options, state, clock()) });
    },
    stop() {
      if (active) bar.stop();
      active = false;
    },
  };
}

function plainLines(options: ProgressOptions, stream: NodeJS.WriteStream): ProgressDisplay {
  const everySeconds = (options.lineEveryMs ?? 5000) / 1000;
  const clock = startClock();
  let lineDueSeconds = everySeconds;
  return {
    update(state) {
      const elapsedSeconds = clock();
      if (elapsedSeconds < lineDueSeconds) return;
      lineDueSeconds = elapsedSeconds + everySeconds;
      stream.write(`${options.label}: ${describe(options, state, elapsedSeconds)}\n`);
    },
    stop() {},
  };
}

function describe(
  { format, note }: ProgressOptions,
  { done, total }: { done: number; total?: number | undefined },
  elapsedSeconds: number,
): string {
  const amount = total === undefined ? format(done) : `${format(done)} of ${format(total)}`;
  const parts = [amount];
  if (note !== undefined) parts.push(note(done, elapsedSeconds));
  if (total !== undefined && done > 0 && done < total) {
    const remainingSeconds = (elapsedSeconds / done) * (total - done);
    parts.push(`${formatDuration(remainingSeconds)} left`);
  }
  return parts.filter((part) => part !== '').join(', ');
}

function startClock(): () => number {
  const startMs = performance.now();
  return () => (performance.now() - startMs) / 1000;
}

/** `12.3 MB` from bytes. */
export function formatMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** `0:07`, `12:34` or `1:02:03` from seconds. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const pad = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0
    ? `${hours}:${pad(minutes)}:${pad(whole % 60)}`
    : `${minutes}:${pad(whole % 60)}`;
}
