import type { ChunkTracks } from '#services/diarization/types.js';
import type { ChunkResult } from '#services/transcription/chunk-result.js';
import { transcribe } from '#services/transcription/pipeline.js';
import type { OpenPipeline } from '../support/open-pipeline.js';

/**
 * What comes of the chunks of a day: those of a real recording with speakers, again and again, each time later. The
 * audio is not worked on again, so it is a matter of minutes.
 */
export async function makeChunks(
  pipeline: OpenPipeline,
  { path, hours }: { path: string; hours: number },
): Promise<ChunkResult[]> {
  const { decoder, speech, speakers, settings } = pipeline;
  const { chunkOverlapSeconds } = settings;
  const own: ChunkResult[] = [];
  const work = transcribe(
    { path, speakers: {}, chunks: { done: [] } },
    { decoder, speech, speakers, chunkSeconds: settings.chunkSeconds, chunkOverlapSeconds },
  );
  for await (const event of work) if (event.type === 'chunk') own.push(event.chunk);
  const made: ChunkResult[] = [];
  const step = (own.at(-1)?.end ?? 0) - chunkOverlapSeconds;
  for (let later = 0; later < hours * 3600; later += step)
    for (const chunk of own) made.push(shifted(chunk, { later, index: made.length }));
  return made.map((chunk, index) => ({ ...chunk, nextStart: made[index + 1]?.start }));
}

function shifted(
  chunk: ChunkResult,
  { later, index }: { later: number; index: number },
): ChunkResult {
  const span = <Span extends { start: number; end: number }>(each: Span): Span => ({
    ...each,
    start: each.start + later,
    end: each.end + later,
  });
  const { tracks } = chunk;
  return {
    ...span(chunk),
    index,
    ownUntil: chunk.ownUntil + later,
    windows: chunk.windows.map(({ end, segments }) => ({
      end: end + later,
      segments: segments.map((segment) => ({ ...span(segment), words: segment.words.map(span) })),
    })),
    ...(tracks && { tracks: shiftedTracks(tracks, span) }),
  };
}

function shiftedTracks(
  { tracks, asides, ...chunk }: ChunkTracks,
  span: <Span extends { start: number; end: number }>(each: Span) => Span,
): ChunkTracks {
  const turnsOf = <Heard extends { turns: ChunkTracks['tracks'][number]['turns'] }>(
    each: Heard,
  ): Heard => ({ ...each, turns: each.turns.map(span) });
  return { ...span(chunk), tracks: tracks.map(turnsOf), asides: asides.map(turnsOf) };
}
