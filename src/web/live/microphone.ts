import { openMicrophone } from '../new/recording.js';
import workletAddress from './pcm-worklet.ts?worker&url';

const RATE = 24_000;

/** A microphone whose sound is handed over. `stop` lets go of it, once. */
export type Microphone = { stop(): void };

/**
 * Hands over what the microphone hears, a tenth of a second at a time, as 16-bit samples at 24 kHz. Rejects with an error
 * in words.
 */
export async function listenToMicrophone(
  onSound: (samples: ArrayBuffer) => void,
): Promise<Microphone> {
  const stream = await openMicrophone();
  const { context, source } = openContext(stream);
  let isStopped = false;
  const stop = (): void => {
    if (isStopped) return;
    isStopped = true;
    for (const track of stream.getTracks()) track.stop();
    void context.close();
  };
  try {
    await context.audioWorklet.addModule(workletAddress);
  } catch {
    stop();
    throw new Error('This browser cannot hand over what the microphone hears.');
  }
  const node = new AudioWorkletNode(context, 'pcm', { numberOfOutputs: 0, channelCount: 1 });
  node.port.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => onSound(data);
  source.connect(node);
  return { stop };
}

/** At our rate where the browser changes rates itself, which it does best; otherwise at that of the microphone. */
function openContext(stream: MediaStream) {
  const wished = new AudioContext({ sampleRate: RATE });
  try {
    return { context: wished, source: wished.createMediaStreamSource(stream) };
  } catch {
    void wished.close();
    const context = new AudioContext();
    return { context, source: context.createMediaStreamSource(stream) };
  }
}
