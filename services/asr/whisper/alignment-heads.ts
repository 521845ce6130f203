/** A head of the decoder's cross-attention, by layer and place. */
export type AlignmentHead = readonly [layer: number, head: number];

/**
 * The heads that follow the sound, by the `model_type` that sherpa-onnx's export writes. They are those of OpenAI's
 * Whisper (`_ALIGNMENT_HEADS` in whisper/__init__.py, MIT).
 */
export const alignmentHeads: Readonly<Record<string, readonly AlignmentHead[]>> = {
  'whisper-tiny': heads('2:2 3:0,2,3,4,5'),
  'whisper-tiny.en': heads('1:0 2:0,5 3:0,1,2,3,4'),
  'whisper-base': heads('3:1 4:2,3,7 5:1,2,4,6'),
  'whisper-base.en': heads('3:3 4:7 5:1,5,7'),
  'whisper-small': heads('5:3,9 8:0,4,7,8 9:0,7,9 10:5'),
  'whisper-small.en': heads('6:6 7:0,3,8 8:2,5,7 9:0,4,8,10 10:0,1,2,3,6,11 11:2,4'),
  'whisper-medium': heads('13:15 15:4,15 16:1 20:0 23:4'),
  'whisper-medium.en': heads('11:4 14:1,12,14 15:4 16:0,4,9 17:12,14 18:7,10,15 20:0,3,9,14 21:12'),
  'whisper-large-v3': heads('7:0 10:17 12:18 13:12 16:1 17:14 19:11 21:4 24:1 25:6'),
  'whisper-turbo': heads('2:4,11 3:3,6,11,14'),
};

/** Reads `layer:head,head layer:head`. */
function heads(text: string): AlignmentHead[] {
  return text.split(' ').flatMap((group) => {
    const [layer, places] = group.split(':') as [string, string];
    return places.split(',').map((place) => [Number(layer), Number(place)] as const);
  });
}
