import { AVDISCARD_ALL, AVMEDIA_TYPE_AUDIO } from 'node-av/constants';
import { Codec, CodecContext, type Stream } from 'node-av/lib';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { type ClaimedDuration, claimedDuration } from './claimed-duration.js';
import type { MediaSource } from './media-source.js';

/** The chosen audio stream with an open decoder. `close()` frees the decoder; idempotent. */
export type AudioStream = {
  readonly index: number;
  /** The decoder; another one after `reopen`. */
  readonly decoder: CodecContext;
  readonly codec: string;
  readonly claim: ClaimedDuration;
  /** Seconds of one unit of its timestamps. */
  readonly timeBaseSeconds: number;
  /** The file holds this stream and no other. */
  readonly alone: boolean;
  /** Begins with a new decoder. Throws WhosaidError `audio_corrupt`. */
  reopen(): void;
  close(): void;
};

/**
 * Chooses the best audio stream as FFmpeg does (default track first, then quality) and opens its decoder. All other
 * streams are discarded, so a video's frames are skipped and not even copied.
 * Throws WhosaidError `audio_no_stream` or `audio_corrupt`.
 */
export function openAudioStream(source: MediaSource): AudioStream {
  const streams = source.format.streams;
  const isAudio = (stream: Stream): boolean => stream.codecpar.codecType === AVMEDIA_TYPE_AUDIO;
  if (!streams.some(isAudio)) throw new WhosaidError('audio_no_stream');
  const best = source.format.findBestStream(AVMEDIA_TYPE_AUDIO, -1, -1);
  const stream = streams[best] ?? streams.find(isAudio);
  if (stream === undefined) throw new WhosaidError('audio_no_stream');
  for (const other of streams) if (other.index !== stream.index) other.discard = AVDISCARD_ALL;
  const codec = Codec.findDecoder(stream.codecpar.codecId);
  if (codec === null)
    throw new WhosaidError('audio_corrupt', { reason: 'no decoder knows its audio codec.' });
  let decoder = openDecoder(stream, codec);
  let open = true;
  return {
    index: stream.index,
    get decoder() {
      return decoder;
    },
    codec: codec.name ?? 'unknown',
    claim: claimedDuration({ source, stream, audioOnly: streams.every(isAudio) }),
    timeBaseSeconds: stream.timeBase.num / stream.timeBase.den,
    alone: streams.length === 1,
    reopen() {
      const fresh = openDecoder(stream, codec);
      decoder.freeContext();
      decoder = fresh;
    },
    close() {
      if (!open) return;
      open = false;
      decoder.freeContext();
    },
  };
}

function openDecoder(stream: Stream, codec: Codec): CodecContext {
  const decoder = new CodecContext();
  decoder.allocContext3(codec);
  decoder.parametersToContext(stream.codecpar);
  // Without it the decoder cannot drop the encoder's padding at both ends of an mp3, AAC or Opus stream.
  decoder.pktTimebase = stream.timeBase;
  decoder.threadCount = 1;
  if (decoder.open2Sync(codec, null) >= 0) return decoder;
  decoder.freeContext();
  throw new WhosaidError('audio_corrupt', {
    reason: `its ${codec.name ?? 'audio'} stream has no valid header.`,
  });
}
