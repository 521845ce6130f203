import type { PipelineEvent } from '#services/transcription/types.js';
import type { Metrics } from './metrics.js';
import type { EndedTranscription } from './speed.js';

export type MeasuredOptions = Pick<EndedTranscription, 'model' | 'speakers'> & {
  readonly metrics: Pick<Metrics, 'audioWorked' | 'transcribed'>;
};

/**
 * The same events, counted as they pass: what is worked through while it is, and the speed of the whole at the end. The
 * work is taken to begin when the first event is asked for. Throws what the events throw.
 */
export async function* measured(
  events: AsyncGenerator<PipelineEvent, void, void>,
  { metrics, model, speakers }: MeasuredOptions,
): AsyncGenerator<PipelineEvent, void, void> {
  const startedMs = performance.now();
  let counted = 0;
  const reached = (audioSeconds: number): void => {
    if (audioSeconds <= counted) return;
    metrics.audioWorked(audioSeconds - counted);
    counted = audioSeconds;
  };
  for await (const event of events) {
    if (event.type === 'progress') reached(event.audioSeconds);
    if (event.type === 'done') {
      const audioSeconds = event.transcript.duration;
      reached(audioSeconds);
      const workSeconds = (performance.now() - startedMs) / 1000;
      metrics.transcribed({ model, audioSeconds, workSeconds, speakers });
    }
    yield event;
  }
}
