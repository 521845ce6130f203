/** The package has no types of its own. Lengths are powers of two; `fft` is not normalised, `ifft` undoes it. */
declare module 'fourier-transform' {
  export function fft(
    input: Float64Array,
    output: [Float64Array, Float64Array],
  ): [Float64Array, Float64Array];
  export function ifft(
    real: Float64Array,
    imaginary: Float64Array,
    output: Float64Array,
  ): Float64Array;
}
