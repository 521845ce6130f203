/** Says on stderr what is being measured, so that stdout holds nothing but the result. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}
