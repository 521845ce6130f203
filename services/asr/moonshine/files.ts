/** Files of a Moonshine model folder: the first two are fetched, the others made from them. */
export const moonshineFiles = {
  encoder: 'encoder_model.onnx',
  mergedDecoder: 'decoder_model_merged.onnx',
  signedEncoder: 'encoder_signed.onnx',
  fusedDecoder: 'decoder_fused.onnx',
  tokens: 'tokens.txt',
  stamp: 'prepared.json',
} as const;
