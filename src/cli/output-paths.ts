import { basename, extname, join } from 'node:path';
import type { ResponseFormat } from '#utils/formats/index.js';

/** What the name of a transcript ends in. */
export const OUTPUT_ENDINGS: Readonly<Record<ResponseFormat, string>> = {
  json: '.json',
  text: '.txt',
  srt: '.srt',
  vtt: '.vtt',
  // All of them may be asked for in one run.
  verbose_json: '.verbose.json',
  diarized_json: '.diarized.json',
};

/**
 * Where each input's transcripts go: the input's name with the format's extension. Inputs of the same name get
 * numbers (`talk.srt`, `talk-2.srt`), so that none overwrites another.
 */
export function outputPaths(options: {
  files: readonly string[];
  formats: readonly ResponseFormat[];
  outputDir: string;
}): ReadonlyMap<ResponseFormat, string>[] {
  const taken = new Set<string>();
  return options.files.map((file) => {
    const name = freeName(basename(file, extname(file)), taken);
    return new Map(
      options.formats.map((format) => [
        format,
        join(options.outputDir, name + OUTPUT_ENDINGS[format]),
      ]),
    );
  });
}

function freeName(name: string, taken: Set<string>): string {
  let candidate = name;
  // Without regard to case, as some file systems are.
  for (let number = 2; taken.has(candidate.toLowerCase()); number++)
    candidate = `${name}-${number}`;
  taken.add(candidate.toLowerCase());
  return candidate;
}
