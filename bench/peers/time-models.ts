import type { SpeechService } from '#services/asr/types.js';
import type { SpeakerService } from '#services/diarization/types.js';
import { cpuBetween, readCpu } from '../support/cpu-time.js';
import type { OpenPipeline } from '../support/open-pipeline.js';
import type { ModelTimes } from './protocol.js';

/** Something that was asked of a model, to be asked again. */
type Call = () => Promise<unknown>;
type Kind = 'speech detection' | 'recognition' | 'speakers';
type Calls = Readonly<Record<Kind, Call[]>>;

/** Enough that no host waits for its next call. */
const IN_FLIGHT = 8;

/**
 * What the models need for a recording when they have nothing else to do: everything that a whole transcription with
 * speakers asked of them is asked again, one kind after the other, with all hosts busy.
 */
export async function timeModels(pipeline: OpenPipeline, path: string): Promise<ModelTimes> {
  const calls: Calls = { 'speech detection': [], recognition: [], speakers: [] };
  await pipeline.transcribe(path, {
    speakers: {},
    speech: watchedSpeech(pipeline.speech, calls),
    speakerService: watchedSpeakers(pipeline.speakers, calls),
  });
  const kinds = [];
  for (const name of Object.keys(calls) as Kind[])
    kinds.push({ name, ...(await replay(calls[name])) });
  return { cpuSeconds: kinds.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0), kinds };
}

function watchedSpeech(speech: SpeechService, calls: Calls): SpeechService {
  return new Proxy(speech, {
    get(target, property) {
      if (property === 'detect')
        return (...given: Parameters<SpeechService['detect']>) => {
          calls['speech detection'].push(() => target.detect(given[0], withoutSignal(given[1])));
          return target.detect(...given);
        };
      if (property === 'recognise')
        return (...given: Parameters<SpeechService['recognise']>) => {
          calls.recognition.push(() => target.recognise(given[0], given[1]));
          return target.recognise(...given);
        };
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function watchedSpeakers(speakers: SpeakerService, calls: Calls): SpeakerService {
  return {
    hosts: speakers.hosts,
    tracks: (...given) => speakers.tracks(...given),
    identify: (...given) => speakers.identify(...given),
    sample: (...given) => speakers.sample(...given),
    analyse(block, call) {
      calls.speakers.push(() => speakers.analyse(block));
      return speakers.analyse(block, call);
    },
  };
}

/** The signal of a transcription that has ended is aborted. */
function withoutSignal(call: Parameters<SpeechService['detect']>[1]) {
  const { signal: _, ...rest } = call ?? {};
  return rest;
}

async function replay(
  calls: readonly Call[],
): Promise<{ wallSeconds: number; cpuSeconds: number }> {
  const before = readCpu(process.pid);
  const startedAt = performance.now();
  let next = 0;
  const work = async () => {
    while (next < calls.length) await calls[next++]?.();
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  const wallSeconds = (performance.now() - startedAt) / 1000;
  return { wallSeconds, cpuSeconds: hostSeconds(before) };
}

/** Processor time of the engine hosts alone: not of this process, which hands them their work. */
function hostSeconds(before: ReturnType<typeof readCpu>): number {
  const after = readCpu(process.pid);
  const withoutThis = (reading: ReturnType<typeof readCpu>) =>
    new Map([...reading].filter(([pid]) => pid !== process.pid));
  return cpuBetween(withoutThis(before), withoutThis(after)).seconds;
}
