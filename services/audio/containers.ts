/**
 * FFmpeg demuxers an upload may be read with. A list of what is allowed, not of what is forbidden, for two reasons:
 * - playlists and scripts (hls, dash, concat, sdp, imf, image sequences, lavfi) make FFmpeg open other files or hosts;
 * - text, subtitle and headerless raw demuxers "recognise" nearly anything, so a text file would become noise.
 * Everything here carries a signature or a frame structure that can be checked, and holds its audio itself.
 */
export const containers: readonly string[] = [
  // What OpenAI's API names, and their relatives
  'aac',
  'flac',
  'matroska',
  'mov',
  'mp3',
  'mpeg',
  'mpegts',
  'ogg',
  'wav',
  // Phones, dictation machines, telephony and speech corpora
  'amr',
  'caf',
  'dss',
  'ilbc',
  'nistsphere',
  'qcp',
  'voc',
  'xwma',
  // Windows Media, RealMedia, Flash, other video containers
  'asf',
  'avi',
  'dv',
  'flv',
  'gxf',
  'live_flv',
  'mxf',
  'nsv',
  'nut',
  'rm',
  'wtv',
  // Other audio files
  'ac3',
  'aiff',
  'ape',
  'au',
  'dsf',
  'dts',
  'dtshd',
  'eac3',
  'iff',
  'ircam',
  'loas',
  'mlp',
  'mpc',
  'mpc8',
  'oma',
  'osq',
  'pvf',
  'rso',
  'shn',
  'sox',
  'tak',
  'truehd',
  'tta',
  'vqf',
  'w64',
  'wsd',
  'wv',
];

/**
 * FFmpeg's certainty (0 to 100) below which a guess does not count. A few frames of a real mp3 or AAC stream reach 25;
 * chance patterns in random bytes reach 1 to 5.
 */
export const MINIMUM_PROBE_SCORE = 25;

/** Bare streams of frames: FFmpeg guesses their duration from the first frames' bit rate, and can be off by half. */
export const containersWithoutDuration: ReadonlySet<string> = new Set([
  'aac',
  'ac3',
  'amr',
  'dts',
  'eac3',
  'loas',
  'mlp',
  'truehd',
]);

/**
 * Containers that are audio packets from the first to the last byte, with a few bytes between them: if they hold no
 * other stream and the packets found are only a small part of the file, then the rest was damaged and skipped.
 */
export const denseContainers: ReadonlySet<string> = new Set([
  'aac',
  'ac3',
  'asf',
  'eac3',
  'flac',
  'matroska',
  'mp3',
  'ogg',
]);

/**
 * Containers that write down when their packets were recorded. In others FFmpeg counts: every packet found, even of
 * noise, lasts as long as a packet lasts, so its timestamps tell nothing of what is missing.
 */
export const containersWithTimestamps: ReadonlySet<string> = new Set([
  'asf',
  'flac',
  'flv',
  'live_flv',
  'matroska',
  'mov',
  'mpeg',
  'mpegts',
  'nut',
  'ogg',
  'wtv',
]);

/** Of those, the ones for broadcasts: their clocks jump where programmes are joined, and that is no hole. */
export const broadcastContainers: ReadonlySet<string> = new Set([
  'flv',
  'live_flv',
  'mpeg',
  'mpegts',
  'wtv',
]);
