/** Messages between the bench and the child that runs sherpa-onnx-node. */

export type SherpaModel = {
  readonly encoder: string;
  readonly decoder: string;
  readonly tokens: string;
};

/** `one by one`: each segment decoded synchronously with all threads, as its users do. `side by side`: one single-thread recogniser per thread, each fed asynchronously. */
export type SherpaMode = 'one by one' | 'side by side';

export type ToSherpa =
  | {
      readonly type: 'load';
      readonly model: SherpaModel;
      readonly threads: number;
      readonly mode: SherpaMode;
      readonly segments: readonly Int16Array[];
    }
  | { readonly type: 'decode' };

export type FromSherpa =
  | { readonly type: 'ready' }
  | { readonly type: 'decoded'; readonly elapsedMs: number; readonly texts: readonly string[] };
