import type { RecogniseOptions, SpeechService } from '#services/asr/types.js';

/** Recognition whose model may change while a session goes on. */
export type SwitchingSpeech = SpeechService & {
  /** From now on: what is recognised with these options goes to this model, and all else that is new. */
  use(speech: SpeechService, recognise: RecogniseOptions): void;
};

/** What was begun with other options goes on with the model that it began with. */
export function createSwitchingSpeech(
  first: SpeechService,
  recognise: RecogniseOptions,
): SwitchingSpeech {
  let current = first;
  const byOptions = new WeakMap<RecogniseOptions, SpeechService>([[recognise, first]]);
  return {
    get batchSize() {
      return current.batchSize;
    },
    get maxSegmentSeconds() {
      return current.maxSegmentSeconds;
    },
    get places() {
      return current.places;
    },
    get freePlaces() {
      return current.freePlaces;
    },
    detect: (samples, call) => current.detect(samples, call),
    listen: (hearing, call) => current.listen(hearing, call),
    detectLanguage: (segment, call) => current.detectLanguage(segment, call),
    recognise: (segments, options, call) =>
      (byOptions.get(options) ?? current).recognise(segments, options, call),
    use(speech, options) {
      current = speech;
      byOptions.set(options, speech);
    },
  };
}
