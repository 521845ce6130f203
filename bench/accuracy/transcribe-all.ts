import type { SpeakerTurn, Transcript } from '#utils/transcript/types.js';
import { note } from '../report/progress.js';
import {
  loadMeetings,
  type Reference,
  type ReferenceSet,
  readSpeakerReference,
  type SpeakerReference,
} from '../scoring/references.js';
import { SherpaDiarizer } from '../speakers/sherpa-diarizer.js';
import { type OpenPipeline, openPipeline } from '../support/open-pipeline.js';

/** A recording with what was heard in it. */
export type Heard = {
  readonly set: 'made' | 'ami';
  readonly reference: SpeakerReference;
  /** Where it is known what was said. */
  readonly words?: Reference;
  /** Of the whole pipeline, with speakers. */
  readonly transcript: Transcript & { readonly turns: readonly SpeakerTurn[] };
  /** Who speaks when according to sherpa-onnx-node; undefined when it failed. */
  readonly sherpaTurns: readonly SpeakerTurn[] | undefined;
};

/**
 * Transcribes every recording with speakers, as the server would, and diarizes it with sherpa-onnx-node and the same
 * two models. `problem` says why sherpa failed, where it did.
 */
export async function transcribeAll(
  set: ReferenceSet,
): Promise<{ heard: Heard[]; problem: string | undefined }> {
  const pipeline = await openPipeline();
  const { speakerHosts, speakerThreads } = pipeline.settings;
  const sherpa = new SherpaDiarizer({
    models: await pipeline.speakerModels(),
    threads: speakerHosts * speakerThreads,
  });
  const hear = async (recording: Pick<Heard, 'set' | 'reference' | 'words'>): Promise<Heard> => {
    const { name, audio } = recording.reference;
    note(`accuracy: ${name}`);
    const transcript = await transcribeWithSpeakers(pipeline, audio);
    note(`accuracy: ${name}: sherpa-onnx-node`);
    const theirs = await sherpa.diarize(await pipeline.decode(audio));
    return { ...recording, transcript, sherpaTurns: theirs?.turns };
  };
  try {
    const heard: Heard[] = [];
    for (const words of set.references)
      heard.push(await hear({ set: 'made', reference: readSpeakerReference(words.audio), words }));
    for (const reference of loadMeetings()) heard.push(await hear({ set: 'ami', reference }));
    return { heard, problem: sherpa.problem };
  } finally {
    await sherpa.stop();
    await pipeline.close();
  }
}

async function transcribeWithSpeakers(
  pipeline: OpenPipeline,
  path: string,
): Promise<Heard['transcript']> {
  const transcript = await pipeline.transcribe(path, { speakers: {} });
  const { turns } = transcript;
  if (turns === undefined)
    throw new Error('Speakers were asked for, and the transcript has no turns.');
  return { ...transcript, turns };
}
