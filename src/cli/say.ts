/** Tells people a line on stderr: stdout belongs to results. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
