import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TranscribeRequest, VoiceReference } from '#services/transcription/types.js';
import type { KnownSpeaker } from './known-speakers.js';
import type { SpeakerDecision } from './speaker-decision.js';
import type { SpeakerFields } from './speaker-fields.js';

/**
 * What the pipeline is told about speakers. Known voices become files of the request's temporary folder, which is
 * removed with everything in it when the request ends.
 */
export async function speakerRequest(options: {
  readonly decision: SpeakerDecision;
  readonly fields: SpeakerFields;
  /** The request's own temporary folder. */
  readonly folder: string;
}): Promise<Pick<TranscribeRequest, 'speakers' | 'channels'>> {
  const { decision, fields, folder } = options;
  const { count, known, channels } = fields;
  if (decision.by === 'nobody') return {};
  if (decision.by === 'channels') return { channels: { ...channels } };
  return {
    speakers: {
      ...(count !== undefined && { count }),
      ...(known !== undefined && { known: await writeVoices(known, folder) }),
    },
  };
}

/** Files are called `voice-0`, `voice-1`, …: names never reach the disk. */
export async function writeVoices(
  known: readonly KnownSpeaker[],
  folder: string,
): Promise<VoiceReference[]> {
  const references: VoiceReference[] = [];
  // One after another: each is in memory a second time while it is written.
  for (const [index, { name, base64 }] of known.entries()) {
    const path = join(folder, `voice-${index}`);
    await writeFile(path, Buffer.from(base64, 'base64'), { flag: 'wx', mode: 0o600 });
    references.push({ name, path });
  }
  return references;
}
