import { signal } from '@preact/signals';

/** What the browser can write; the first that this one knows is taken. */
const TYPES = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4', 'audio/webm'];
/** Less than is worth to tell from the next. */
const LEVEL_SAMPLES = 1024;

/** A recording that is being made from the microphone. */
export type Recording = {
  /** Loudness of the moment, 0 to 1. */
  readonly level: { readonly value: number };
  readonly seconds: { readonly value: number };
  readonly isPaused: { readonly value: boolean };
  pause(): void;
  resume(): void;
  /** Ends it and lets go of the microphone. */
  stop(): Promise<File>;
  /** The same without a file. */
  discard(): void;
};

/** Begins to record. Rejects with an error in words where there is no microphone or no leave to use it. */
export async function startRecording(name: string): Promise<Recording> {
  const stream = await openMicrophone();
  const type = TYPES.find((one) => MediaRecorder.isTypeSupported(one));
  const recorder = new MediaRecorder(stream, { ...(type !== undefined && { mimeType: type }) });
  const pieces: Blob[] = [];
  recorder.addEventListener('dataavailable', ({ data }) => pieces.push(data));
  const meter = followLevel(stream);
  const clock = createClock();
  const isPaused = signal(false);
  // In pieces, so that a long recording is no single block of memory.
  recorder.start(1000);
  const release = (): void => {
    meter.stop();
    clock.stop();
    for (const track of stream.getTracks()) track.stop();
  };
  return {
    level: meter.level,
    seconds: clock.seconds,
    isPaused,
    pause() {
      recorder.pause();
      clock.stop();
      isPaused.value = true;
    },
    resume() {
      recorder.resume();
      clock.start();
      isPaused.value = false;
    },
    async stop() {
      const ended = new Promise((resolve) => recorder.addEventListener('stop', resolve));
      recorder.stop();
      await ended;
      release();
      const plainType = recorder.mimeType.split(';')[0] ?? '';
      return new File(pieces, `${name}.${endingOf(plainType)}`, { type: plainType });
    },
    discard() {
      recorder.stop();
      release();
    },
  };
}

/** The sound of the microphone. Rejects with an error in words. */
export async function openMicrophone(): Promise<MediaStream> {
  if (navigator.mediaDevices === undefined) {
    throw new Error(
      'The browser lets pages use the microphone only at https:// addresses and on this machine itself.',
    );
  }
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch (error) {
    const { name } = error as DOMException;
    if (name === 'NotAllowedError') {
      throw new Error(
        'The browser was not allowed to use the microphone. Allow it, and try again.',
      );
    }
    if (name === 'NotFoundError') throw new Error('There is no microphone.');
    throw new Error('The microphone cannot be used; another program may have it.');
  }
}

function followLevel(stream: MediaStream) {
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: LEVEL_SAMPLES });
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(LEVEL_SAMPLES);
  const level = signal(0);
  let frame = 0;
  const measure = (): void => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    // From -60 dB to full scale.
    level.value = Math.min(1, Math.max(0, 1 + Math.log10(power + 1e-12) / 6));
    frame = requestAnimationFrame(measure);
  };
  measure();
  return {
    level,
    stop() {
      cancelAnimationFrame(frame);
      void context.close();
    },
  };
}

/** Seconds between `start` and `stop`, which may be called again and again. Runs from the beginning. */
function createClock() {
  const seconds = signal(0);
  let before = 0;
  let startedMs = performance.now();
  const tell = (): void => {
    seconds.value = before + (performance.now() - startedMs) / 1000;
  };
  let timer: ReturnType<typeof setInterval> | undefined = setInterval(tell, 200);
  return {
    seconds,
    start() {
      startedMs = performance.now();
      timer = setInterval(tell, 200);
    },
    stop() {
      if (timer === undefined) return;
      tell();
      before = seconds.value;
      clearInterval(timer);
      timer = undefined;
    },
  };
}

function endingOf(type: string): string {
  const ending = type.split('/')[1] ?? '';
  return ending === 'mp4' ? 'm4a' : ending === '' ? 'webm' : ending;
}
