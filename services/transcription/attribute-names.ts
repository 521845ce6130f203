/**
 * Names of speakers in their order: the known name, otherwise the next free letter. A letter that is somebody's known
 * name, in capitals or not, is left out.
 */
export function nameSpeakers(speakers: readonly { readonly known?: string }[]): string[] {
  const taken = new Set(speakers.map(({ known }) => known?.toUpperCase()));
  let letters = 0;
  return speakers.map(({ known }) => {
    if (known !== undefined) return known;
    let name = lettersOf(letters++);
    while (taken.has(name)) name = lettersOf(letters++);
    return name;
  });
}

/** 0 is A, 25 is Z, 26 is AA, 27 is AB: like the columns of a spreadsheet. */
export function lettersOf(number: number): string {
  const last = String.fromCharCode(65 + (number % 26));
  return number < 26 ? last : lettersOf(Math.floor(number / 26) - 1) + last;
}
