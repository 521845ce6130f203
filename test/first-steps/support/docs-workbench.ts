import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '#config/root.js';
import { testFolder } from '../../support/paths.js';
import { soundAt } from '../../support/realtime-client.js';
import { piece, stereoCall, voiceSample, wavOf } from '../../support/voices.js';

/**
 * A folder in which the snippets of docs/ work: it looks like a clone, and has the recordings that they name. All are WAV,
 * whatever they are called, and hold what the fixture with two speakers does.
 */
export async function docsWorkbench(): Promise<Awaited<ReturnType<typeof testFolder>>> {
  const folder = await testFolder();
  const short = wavOf(piece(0, 9));
  const recordings: Record<string, Buffer> = {
    'interview.mp3': short,
    'interview.wav': short,
    'meeting.mp3': wavOf(piece(0, 30)),
    'day.mp3': short,
    'call.wav': stereoCall(10),
    'alice.wav': wavOf(voiceSample('Alice', 3.5)),
    'bruno.wav': wavOf(voiceSample('Bruno', 3.5)),
    'talk.pcm': soundAt(24_000, piece(0, 17)),
    'films/first.mp4': short,
    'films/deep/second.mp4': wavOf(piece(0, 5)),
  };
  await mkdir(join(folder.path, 'films/deep'), { recursive: true });
  for (const [name, bytes] of Object.entries(recordings))
    await writeFile(join(folder.path, name), bytes);
  for (const name of ['bin', 'test', 'node_modules'])
    await symlink(join(projectRoot, name), join(folder.path, name), 'junction');
  return folder;
}
