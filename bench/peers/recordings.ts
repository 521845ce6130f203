import { createWriteStream, existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { loadSettings } from '#config/settings.js';
import { SAMPLE_RATE } from '#services/asr/types.js';
import { createAudioDecoder } from '#services/audio/decoder.js';
import { encodeWav } from '#services/audio/wav.js';
import { silentLogger } from '#utils/logging/logger.js';
import type { SpeakerTurn } from '#utils/transcript/types.js';
import { makeRecording } from '../long/made-recording.js';
import {
  evalDir,
  fixturesDir,
  loadMeetings,
  loadReferences,
  type Reference,
  type ReferenceTurn,
  readFolder,
  readSpeakerReference,
} from '../scoring/references.js';
import type { CleanUp } from '../support/clean-up.js';
import { decodeAll } from '../support/decode-all.js';

export type RecordingSet = 'long' | 'made' | 'ami' | 'english';

/** A recording as all sides get it, with what is known of it. */
export type PeerRecording = {
  readonly name: string;
  readonly set: RecordingSet;
  /** A WAV file of 16 kHz mono, 16 bit: not all of theirs read others. */
  readonly path: string;
  readonly seconds: number;
  /** What is said, where it is known. */
  readonly spoken?: readonly ReferenceTurn[];
  /** Who speaks when, where it is known. */
  readonly speakers?: readonly SpeakerTurn[];
};

/** A folder for recordings that vanishes at the end. */
export async function recordingFolder(cleanUp: CleanUp): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'whosaid-peers-'));
  cleanUp.add(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A recording of `seconds` made of the turns of the longest conversation with a reference. */
export async function longRecording(folder: string, seconds: number): Promise<PeerRecording> {
  const made = await makeRecording(seconds);
  const path = join(folder, 'long.wav');
  await pipeline(Readable.from(made.wav()), createWriteStream(path));
  return {
    name: `${(seconds / 60).toFixed(0)} minutes made of the turns of ${made.source.name}`,
    set: 'long',
    path,
    seconds,
    spoken: made.turns,
    speakers: made.turns,
  };
}

/** Every short recording with a reference, made ones first; the fixtures alone where there is no EVAL_DIR. */
export async function shortRecordings(folder: string): Promise<PeerRecording[]> {
  return prepareAll(await knownRecordings(), folder);
}

/** The made conversations that are kept in the project, shortest first. */
export async function fixtures(folder: string): Promise<PeerRecording[]> {
  return prepareAll(readFolder(fixturesDir()).map(madeConversation), folder);
}

type Known = Omit<PeerRecording, 'path' | 'seconds'> & { readonly audio: string };

async function prepareAll(all: readonly Known[], folder: string): Promise<PeerRecording[]> {
  const { maxAudioSeconds } = loadSettings();
  const decoder = createAudioDecoder({ logger: silentLogger, maxAudioSeconds, warmChildren: 0 });
  const prepare = async ({ audio, ...known }: Known): Promise<PeerRecording> => {
    const samples = await decodeAll(decoder, audio);
    const path = join(folder, `${known.set}-${known.name}.wav`);
    await writeFile(path, encodeWav(samples));
    return { ...known, path, seconds: samples.length / SAMPLE_RATE };
  };
  try {
    const recordings: PeerRecording[] = [];
    for (const known of all) recordings.push(await prepare(known));
    return recordings;
  } finally {
    await decoder.dispose();
  }
}

async function knownRecordings(): Promise<Known[]> {
  const made = loadReferences().references.map(madeConversation);
  const meetings = loadMeetings().map(
    ({ name, audio, turns }): Known => ({ name, audio, set: 'ami', speakers: turns }),
  );
  return [...made, ...meetings, ...(await english())];
}

function madeConversation({ name, audio, turns }: Reference): Known {
  const speakers = readSpeakerReference(audio).turns;
  return { name, audio, set: 'made', spoken: turns, speakers };
}

/** Real speech of one person, of which the words are known. */
async function english(): Promise<Known[]> {
  const [audio, text] = ['flac', 'txt'].map((type) => join(evalDir(), 'english', `jfk.${type}`));
  if (audio === undefined || text === undefined || !existsSync(audio) || !existsSync(text))
    return [];
  const said = (await readFile(text, 'utf8')).trim();
  const spoken = [{ speaker: 'A', start: 0, end: Number.MAX_SAFE_INTEGER, text: said }];
  return [{ name: 'jfk', audio, set: 'english', spoken }];
}
