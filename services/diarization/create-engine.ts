import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { SpeakerEngine, SpeakerEngineSpec } from './types.js';

/**
 * Loads the speaker models into this process. Call it in an engine host only: native inference can end the process.
 */
export async function createSpeakerEngine(_spec: SpeakerEngineSpec): Promise<SpeakerEngine> {
  throw new WhosaidError('engine_unavailable', { reason: 'not written yet' });
}
