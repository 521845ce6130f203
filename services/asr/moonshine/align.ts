/** One frame of Moonshine's encoder: 384 samples at 16 kHz. */
export const FRAME_SECONDS = 384 / 16_000;

/** Frames [start, end) of one token. */
export type TokenFrames = { readonly start: number; readonly end: number };

/**
 * Finds when each token was spoken from the decoder's cross-attention: every frame's weights are standardised over the
 * tokens (attention has frames that all tokens like), then dynamic time warping finds the best monotone path (Sakoe and
 * Chiba 1978; the use on attention is that of OpenAI Whisper's word timestamps).
 *
 * @param attention Row-major [tokens, frames].
 * @returns One range a token, in order, without gaps.
 */
export function alignTokens(
  attention: Float32Array,
  tokens: number,
  frames: number,
): TokenFrames[] {
  if (tokens === 0 || frames === 0)
    return Array.from({ length: tokens }, () => ({ start: 0, end: 0 }));
  const score = standardise(attention, tokens, frames);
  const steps = warp(score, tokens, frames);
  return trace(steps, tokens, frames);
}

const DIAGONAL = 0;
const NEXT_TOKEN = 1; // same frame, next token
const NEXT_FRAME = 2; // same token, next frame

function standardise(attention: Float32Array, tokens: number, frames: number): Float32Array {
  const score = new Float32Array(tokens * frames);
  for (let frame = 0; frame < frames; frame++) {
    let sum = 0;
    let squares = 0;
    for (let token = 0; token < tokens; token++) {
      const value = attention[token * frames + frame] as number;
      sum += value;
      squares += value * value;
    }
    const mean = sum / tokens;
    const deviation = Math.sqrt(Math.max(0, squares / tokens - mean * mean)) + 1e-9;
    for (let token = 0; token < tokens; token++) {
      const at = token * frames + frame;
      score[at] = ((attention[at] as number) - mean) / deviation;
    }
  }
  return score;
}

/** The step that led to each cell of the best path, row-major. */
function warp(score: Float32Array, tokens: number, frames: number): Uint8Array {
  const steps = new Uint8Array(tokens * frames);
  let above = new Float64Array(frames).fill(-Infinity);
  let row = new Float64Array(frames);
  for (let token = 0; token < tokens; token++) {
    for (let frame = 0; frame < frames; frame++) {
      const diagonal = frame > 0 ? (above[frame - 1] as number) : -Infinity;
      const nextToken = above[frame] as number;
      const nextFrame = frame > 0 ? (row[frame - 1] as number) : -Infinity;
      let best = diagonal;
      let step = DIAGONAL;
      if (nextToken > best) {
        best = nextToken;
        step = NEXT_TOKEN;
      }
      if (nextFrame > best) {
        best = nextFrame;
        step = NEXT_FRAME;
      }
      if (token === 0 && frame === 0) best = 0;
      const at = token * frames + frame;
      steps[at] = step;
      row[frame] = best + (score[at] as number);
    }
    [above, row] = [row, above];
  }
  return steps;
}

function trace(steps: Uint8Array, tokens: number, frames: number): TokenFrames[] {
  const starts = new Array<number>(tokens).fill(0);
  let token = tokens - 1;
  let frame = frames - 1;
  while (token > 0 || frame > 0) {
    starts[token] = frame;
    const step = steps[token * frames + frame];
    if (frame === 0 || step === NEXT_TOKEN) token--;
    else if (token === 0 || step === NEXT_FRAME) frame--;
    else {
      token--;
      frame--;
    }
  }
  starts[0] = 0;
  return starts.map((start, index) => ({
    start,
    end: Math.max(start, starts[index + 1] ?? frames),
  }));
}
