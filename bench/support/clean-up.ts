/** What must be undone at the end, newest first. */
export type CleanUp = { add(step: () => unknown): void };

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Does some work and undoes what it added afterwards: also when it fails, and when the program is interrupted, which
 * ends it. Steps that fail do not keep others from being undone.
 */
export async function withCleanUp<Result>(
  work: (cleanUp: CleanUp) => Promise<Result>,
): Promise<Result> {
  const steps: (() => unknown)[] = [];
  const undo = async (): Promise<void> => {
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      try {
        await step();
      } catch {
        // Nobody could do anything about it.
      }
    }
  };
  let isInterrupted = false;
  const onSignal = (signal: (typeof SIGNALS)[number]) => {
    isInterrupted = true;
    void undo().then(() => process.exit(EXIT_CODES[signal]));
  };
  for (const signal of SIGNALS) process.once(signal, onSignal);
  try {
    return await work({ add: (step) => steps.push(step) });
  } finally {
    // What fails because of the interruption is no news: the program ends above.
    if (isInterrupted) await new Promise(() => {});
    for (const signal of SIGNALS) process.off(signal, onSignal);
    await undo();
  }
}
