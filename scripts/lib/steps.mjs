/** A set-up step that cannot be done: why, and what the reader can do about it. */
export class StepError extends Error {
  constructor(why, { remedy, cause } = {}) {
    super(why, { cause });
    this.remedy = remedy;
  }
}

/**
 * Runs one step. When it fails, says which step, why and what to do, and ends the process with code 1:
 * a stack trace helps nobody who has just cloned the project.
 */
export async function runStep(name, work) {
  try {
    return await work();
  } catch (error) {
    const lines = [``, `whosaid: the step "${name}" failed.`, `  Why: ${whyOf(error)}`];
    if (error.remedy !== undefined) lines.push(`  What to do: ${error.remedy}`);
    process.stderr.write(`${lines.join('\n')}\n`);
    process.exit(1);
  }
}

/** Says what is being done, on stderr: stdout belongs to results. */
export function say(text) {
  process.stderr.write(`whosaid: ${text}\n`);
}

function whyOf(error) {
  const message = (error?.message ?? String(error)).trim();
  return message.replaceAll('\n', '\n       ');
}
