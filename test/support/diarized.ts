import type OpenAI from 'openai';
import type { TranscriptionDiarized } from 'openai/resources/audio/transcriptions';

type Body = Omit<OpenAI.Audio.TranscriptionCreateParamsNonStreaming, 'response_format'>;

/**
 * Asks for `diarized_json`. The SDK has a type for the answer, but no overload that gives it.
 * `ours` are fields that its types do not know either; it sends them as they are.
 */
export async function createDiarized(
  client: OpenAI,
  body: Body,
  ours: Readonly<Record<string, unknown>> = {},
): Promise<TranscriptionDiarized> {
  const answer: unknown = await client.audio.transcriptions.create({
    ...body,
    ...(ours as object),
    response_format: 'diarized_json',
  });
  return answer as TranscriptionDiarized;
}
