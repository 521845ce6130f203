import { createRequire } from 'node:module';

// The package has no types. Both calls block the thread, for milliseconds.
type Punctuation = { addPunct(text: string): string };
type Sherpa = {
  OnlinePunctuation: new (config: unknown) => Punctuation;
  OfflinePunctuation: new (config: unknown) => Punctuation;
};

/** Where everything is computed: these models take a fraction of what the recogniser takes. */
const PLACE = { numThreads: 1, provider: 'cpu', debug: 0 };

/**
 * Loads a punctuation model in sherpa-onnx. Its files must have been looked into: what sherpa cannot use, it answers by
 * ending the process. Only in an engine host.
 */
export function openPunctuation(
  kind: 'OnlinePunctuation' | 'OfflinePunctuation',
  files: Readonly<Record<string, string>>,
): Punctuation {
  const sherpa = createRequire(import.meta.url)('sherpa-onnx-node') as Sherpa;
  return new sherpa[kind]({ model: { ...files, ...PLACE } });
}
