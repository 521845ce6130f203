/** Main module of the process that prepares a Whisper model: its one argument is a `WhisperFolder` as JSON. */
import { addAttention, untimedWords } from './add-attention.js';
import { readWhisperFiles, type WhisperFolder } from './model-files.js';

const folder: WhisperFolder = JSON.parse(process.argv[2] ?? '');
const files = await readWhisperFiles(folder);
const attention = files.hasTokenTimes ? undefined : await addAttention(files);
const notes =
  attention && 'missing' in attention ? [untimedWords(folder.modelId, attention.missing)] : [];
process.send?.(notes, undefined, undefined, () => process.disconnect());
