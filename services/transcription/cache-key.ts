import { createHash } from 'node:crypto';
import type { SpeechService } from '#services/asr/types.js';
import type { AudioDecoder, Channel } from '#services/audio/types.js';
import { sha256OfFile } from '#services/files/sha256.js';
import type { PipelineDeps, TranscribeRequest } from './types.js';

export type CacheKeyOptions = {
  readonly request: TranscribeRequest;
  readonly deps: Pick<PipelineDeps, 'decoder' | 'chunkSeconds' | 'chunkOverlapSeconds'> & {
    readonly speech?: Pick<SpeechService, 'punctuation'> | undefined;
  };
  /** Whoever may see the transcript: a transcript that others have made is not for them. */
  readonly owner: string;
  /** Catalogue id. */
  readonly model: string;
  /** Of whosaid: another one may hear something else. */
  readonly version: string;
};

/**
 * What a transcript depends on, as one hash: the audio as it is decoded, whatever its container is called or tagged, and
 * everything that the request asks for. Rejects as the decoder does.
 */
export async function cacheKey(options: CacheKeyOptions): Promise<string> {
  const { request, deps, owner, model, version } = options;
  const { path, signal, chunks: _, live: isLive, ...asked } = request;
  const { decoder, chunkSeconds, chunkOverlapSeconds } = deps;
  const channels: readonly (Channel | undefined)[] = request.channels
    ? ['left', 'right']
    : [undefined];
  const audio: string[] = [];
  for (const channel of channels) audio.push(await audioHash(decoder, { path, signal, channel }));
  const known = await Promise.all(
    (request.speakers?.known ?? []).map(async ({ name, path: sample }) => [
      name,
      await sha256OfFile(sample, { signal }),
    ]),
  );
  // Labels that are told early may be others than those of the whole recording.
  const isLabelledLive = isLive === true && request.speakers !== undefined;
  const speakers = request.speakers && { count: request.speakers.count, known };
  const all = [
    owner,
    version,
    model,
    chunkSeconds,
    chunkOverlapSeconds,
    audio,
    asked,
    speakers,
    isLabelledLive,
    ...((await deps.speech?.punctuation?.()) ?? []),
  ];
  return createHash('sha256').update(JSON.stringify(all, withoutPaths)).digest('hex');
}

/** Where files lie says nothing about what is in them. */
function withoutPaths(name: string, value: unknown): unknown {
  return name === 'path' ? undefined : value;
}

async function audioHash(
  decoder: AudioDecoder,
  {
    path,
    signal,
    channel,
  }: { path: string; signal: AbortSignal | undefined; channel: Channel | undefined },
): Promise<string> {
  const hash = createHash('sha256');
  const options = { ...(signal && { signal }), ...(channel && { channel }) };
  for await (const { buffer, byteOffset, byteLength } of decoder.decode(path, options))
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.digest('hex');
}
