import wavefile from 'wavefile';
import { fixturePcm } from './fixture-pcm.js';

const SAMPLE_RATE = 16_000;

/** The first sentence of the fixture, "We spent less on travel and a little more on electricity.", as a WAV file. */
export function shortClip(): Buffer {
  return wavOf(fixturePcm('two-speakers-clean').subarray(0, 4.6 * SAMPLE_RATE));
}

/** The first four sentences of the fixture, 17.2 s with a change of speaker, as a WAV file. */
export function conversationClip(): Buffer {
  return wavOf(fixturePcm('two-speakers-clean').subarray(0, 17.2 * SAMPLE_RATE));
}

/** The whole fixture, 55 s, as a WAV file. */
export function wholeClip(): Buffer {
  return wavOf(fixturePcm('two-speakers-clean'));
}

/** "The Kestrel release moves to Kubernetes in the spring.", which models hear otherwise, as a WAV file. */
export function namesClip(): Buffer {
  return wavOf(fixturePcm('vocabulary/names').subarray(4.3 * SAMPLE_RATE, 8 * SAMPLE_RATE));
}

/** Half a minute of silence, then a sentence and another one in German, 36 s, as a WAV file. */
export function germanClip(): Buffer {
  const [silent, samples] = [30 * SAMPLE_RATE, 6 * SAMPLE_RATE];
  const clip = new Int16Array(silent + samples);
  clip.set(fixturePcm('german-short').subarray(0, samples), silent);
  return wavOf(clip);
}

/** The first sentence of the English fixture, two seconds of silence, and the German one's two, 13 s, as a WAV file. */
export function mixedClip(): Buffer {
  const english = fixturePcm('two-speakers-clean').subarray(0, 4.6 * SAMPLE_RATE);
  const german = fixturePcm('german-short').subarray(0, 6 * SAMPLE_RATE);
  const clip = new Int16Array(english.length + 2 * SAMPLE_RATE + german.length);
  clip.set(english);
  clip.set(german, clip.length - german.length);
  return wavOf(clip);
}

/** Digital silence as a WAV file. */
export function silence(seconds: number): Buffer {
  return wavOf(new Int16Array(Math.round(seconds * SAMPLE_RATE)));
}

function wavOf(samples: Int16Array): Buffer {
  const wav = new wavefile.WaveFile();
  wav.fromScratch(1, SAMPLE_RATE, '16', samples);
  return Buffer.from(wav.toBuffer());
}
