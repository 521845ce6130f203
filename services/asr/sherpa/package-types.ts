/** The part of sherpa-onnx-node that is used here; the package has no types. */

export type Stream = {
  acceptWaveform(wave: { samples: Float32Array; sampleRate: number }): void;
  setOption(key: string, value: string): void;
  inputFinished?(): void;
};
export type Raw = {
  text: string;
  tokens: string[];
  timestamps: number[];
  durations?: number[];
  ys_log_probs?: number[];
  ys_probs?: number[];
  lang?: string;
};
export type Offline = {
  createStream(hotwords?: string): Stream;
  setConfig(config: unknown): void;
  decodeAsync(stream: Stream): Promise<Raw>;
};
export type Online = {
  createStream(): Stream;
  isReady(stream: Stream): boolean;
  decode(stream: Stream): void;
  getResult(stream: Stream): Raw;
};
export type Sherpa = {
  OfflineRecognizer: { createAsync(config: unknown): Promise<Offline> };
  OnlineRecognizer: new (config: unknown) => Online;
};
