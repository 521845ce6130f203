import type { Example } from './types.js';

/** Recordings of test/fixtures: nine seconds of two voices, as one channel and as two. */
export const AUDIO = 'two-voices-short.flac';
const STEREO = 'two-channels-short.flac';

const request = { file: AUDIO, model: 'whisper-1' };

/** Requests for transcripts, each of which works as it stands. */
export const transcriptionExamples: Readonly<Record<string, Example>> = {
  json: { summary: 'The text', fields: request },
  text: { summary: 'The bare text', fields: { ...request, response_format: 'text' } },
  srt: { summary: 'Subtitles for players', fields: { ...request, response_format: 'srt' } },
  vtt: { summary: 'Subtitles for web pages', fields: { ...request, response_format: 'vtt' } },
  words: {
    summary: 'Times of words and segments',
    fields: {
      ...request,
      language: 'en',
      response_format: 'verbose_json',
      'timestamp_granularities[]': ['word', 'segment'],
    },
  },
  logprobs: {
    summary: 'How sure the model is',
    fields: { ...request, model: 'moonshine-base-en', 'include[]': ['logprobs'] },
  },
  speakers: {
    summary: 'Who says what',
    fields: { ...request, model: 'gpt-4o-transcribe-diarize', response_format: 'diarized_json' },
  },
  two_speakers: {
    summary: 'A known number of speakers, in the text',
    fields: { ...request, response_format: 'text', num_speakers: 2 },
  },
  channels: {
    summary: 'A call with a caller on each channel',
    fields: {
      ...request,
      file: STEREO,
      channels: 'split',
      'known_speaker_names[]': ['Agent', 'Customer'],
    },
  },
  stream: { summary: 'The text as it is worked out', fields: { ...request, stream: true } },
  stream_progress: {
    summary: 'The text as it is worked out, and how far that is',
    fields: { ...request, stream: true, progress: true },
  },
  stream_speakers: {
    summary: 'Who says what, as it is worked out',
    fields: { ...request, response_format: 'diarized_json', stream: true },
  },
  vad: {
    summary: 'Segments that end at short pauses only',
    fields: {
      ...request,
      response_format: 'verbose_json',
      chunking_strategy: '{"type":"server_vad","threshold":0.6,"silence_duration_ms":150}',
    },
  },
};

const translation = { file: AUDIO, model: 'whisper-base' };

/** Requests for translations; the model has to be fetched first. */
export const translationExamples: Readonly<Record<string, Example>> = {
  json: { summary: 'The text in English', fields: translation },
  srt: { summary: 'Subtitles in English', fields: { ...translation, response_format: 'srt' } },
  verbose: {
    summary: 'Segments in English',
    fields: { ...translation, response_format: 'verbose_json' },
  },
};

/** Requests of whisper-asr-webservice's clients. */
export const asrExamples: Readonly<Record<string, Example>> = {
  txt: { summary: 'The text', fields: { audio_file: AUDIO } },
  ...Object.fromEntries(
    ['srt', 'vtt', 'tsv'].map((output) => [
      output,
      { summary: `The text as ${output}`, query: { output }, fields: { audio_file: AUDIO } },
    ]),
  ),
  json: {
    summary: 'Times of words, and who says them',
    query: { output: 'json', language: 'en', word_timestamps: 'true', diarize: 'true' },
    fields: { audio_file: AUDIO },
  },
};

export const detectLanguageExamples: Readonly<Record<string, Example>> = {
  file: { summary: 'A recording', fields: { audio_file: AUDIO } },
};

/** Requests of whisper.cpp's clients. */
export const inferenceExamples: Readonly<Record<string, Example>> = Object.fromEntries(
  ['json', 'text', 'srt', 'vtt', 'verbose_json'].map((format) => [
    format,
    { summary: `The text as ${format}`, fields: { file: AUDIO, response_format: format } },
  ]),
);

/** Of no job: a server answers the examples of operations on jobs for one that it has. */
export const EXAMPLE_JOB = 'c0ffee00-1d2e-4f3a-8b4c-5d6e7f809102';

/** Requests for jobs. */
export const jobExamples: Readonly<Record<string, Example>> = {
  file: { summary: 'A recording', fields: request },
  speakers: {
    summary: 'Who says what, as subtitles',
    fields: { ...request, diarize: true, response_format: 'srt' },
  },
  idempotent: {
    summary: 'Once, however often it is sent',
    headers: { 'Idempotency-Key': 'b5a1e0f2-meeting-of-monday' },
    fields: request,
  },
};

/** Requests for many jobs. */
export const batchExamples: Readonly<Record<string, Example>> = {
  files: {
    summary: 'Two recordings',
    fields: { 'file[]': [AUDIO, STEREO], model: 'whisper-1', response_format: 'verbose_json' },
  },
};

/** Pages of a list of jobs. */
export const jobListExamples: Readonly<Record<string, Example>> = {
  open: {
    summary: 'Those that wait or are worked on, oldest first',
    query: { status: 'pending,processing', order: 'asc', limit: '50' },
  },
};

/** Results in other formats than the job asked for. */
export const resultExamples: Readonly<Record<string, Example>> = {
  srt: { summary: 'Subtitles', query: { response_format: 'srt' } },
  words: {
    summary: 'Times of words',
    query: { response_format: 'verbose_json', 'timestamp_granularities[]': 'word' },
  },
};

/** Events from where one was before. */
export const eventsExamples: Readonly<Record<string, Example>> = {
  again: { summary: 'What came after the second event', headers: { 'Last-Event-ID': '2' } },
};

/** Requests of the older server's clients. */
export const legacyExamples: Readonly<Record<string, Example>> = {
  segments: { summary: 'The text and its segments', fields: { file: AUDIO } },
  text: {
    summary: 'The text alone',
    fields: { file: AUDIO, language: 'en', include_timestamps: false },
  },
};
