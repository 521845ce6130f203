import wavefile from 'wavefile';
import { SAMPLE_RATE } from '#utils/signal/pcm.js';
import { fixturePcm } from './fixture-pcm.js';
import { spokenTurns, telephoneCall } from './telephone-call.js';

/** The two people of the fixture two-speakers-clean. */
export type Person = 'Alice' | 'Bruno';

/** A WAV file of mono samples, or of two channels. */
export function wavOf(samples: Int16Array | readonly [Int16Array, Int16Array]): Buffer {
  const wav = new wavefile.WaveFile();
  if (samples instanceof Int16Array) wav.fromScratch(1, SAMPLE_RATE, '16', samples);
  else wav.fromScratch(2, SAMPLE_RATE, '16', [...samples]);
  return Buffer.from(wav.toBuffer());
}

/** What OpenAI's clients send as `known_speaker_references[]`. */
export function dataUrl(bytes: Buffer, mediaType = 'audio/wav'): string {
  return `data:${mediaType};base64,${bytes.toString('base64')}`;
}

/** A person's last turn but one, about four seconds that are not in the first half minute, cut to `seconds`. */
export function voiceSample(person: Person, seconds = 3): Int16Array {
  const turn = spokenTurns()
    .filter(({ speaker }) => speaker === person)
    .at(-2);
  return piece(turn?.start ?? 0, seconds);
}

/** Two people one after the other: three seconds across a change of speaker on either side. */
export function twoVoices(): Int16Array {
  return piece(1.3, 6);
}

/** Everything that one person says, one turn after the other. */
export function monologue(person: Person): Int16Array {
  return joined(turnsOf(person));
}

/** Both people talking at once all the time, for the length of the shorter one. */
export function bothAtOnce(): Int16Array {
  const [one, other] = [monologue('Alice'), monologue('Bruno')];
  const samples = new Int16Array(Math.min(one.length, other.length));
  return samples.map((_, at) => clipped(0.7 * ((one[at] ?? 0) + (other[at] ?? 0))));
}

/** The first `seconds` of the conversation with Alice on the left and Bruno on the right, as a WAV file. */
export function stereoCall(seconds: number): Buffer {
  const { left, right } = telephoneCall(seconds);
  return wavOf([left, right]);
}

/** A little tune: chords of three notes with overtones, a new one each half second, over a soft noise. */
export function tune(seconds: number): Int16Array {
  const chords = [
    [262, 330, 392],
    [220, 262, 330],
    [175, 220, 262],
    [196, 247, 294],
  ];
  const noteSamples = SAMPLE_RATE / 2;
  let state = 1;
  return Int16Array.from({ length: seconds * SAMPLE_RATE }, (_, at) => {
    const chord = chords[Math.floor(at / noteSamples) % chords.length] ?? [];
    const fading = Math.exp((-3 * (at % noteSamples)) / noteSamples);
    const tones = chord.reduce((sum, hertz) => sum + tone(hertz, at), 0) / chord.length;
    state = (state * 16_807) % 2_147_483_647;
    return clipped(12_000 * fading * tones + 200 * (state / 1_073_741_823 - 1));
  });
}

function tone(hertz: number, at: number): number {
  const phase = (2 * Math.PI * hertz * at) / SAMPLE_RATE;
  return Math.sin(phase) + 0.4 * Math.sin(2 * phase) + 0.2 * Math.sin(3 * phase);
}

/** Samples of the fixture, in seconds from its start. */
export function piece(start: number, seconds: number): Int16Array {
  const from = Math.round(start * SAMPLE_RATE);
  return fixturePcm('two-speakers-clean').slice(from, from + Math.round(seconds * SAMPLE_RATE));
}

function turnsOf(person: Person): Int16Array[] {
  return spokenTurns()
    .filter(({ speaker }) => speaker === person)
    .map(({ start, end }) => piece(start, end - start));
}

function joined(pieces: readonly Int16Array[]): Int16Array {
  return Int16Array.from(pieces.flatMap((samples) => [...samples]));
}

function clipped(value: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(value)));
}
