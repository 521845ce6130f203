import type { Canary } from './canary.js';
import { damagedFiles } from './damage.js';
import { decorations } from './decorations.js';
import { disguised } from './disguised.js';
import { wrongFormats } from './formats.js';
import { glued } from './glued.js';
import { makeGoodFiles } from './good-files.js';
import { holes } from './holes.js';
import type { HostileFile } from './hostile-file.js';
import { magicsAndNoise } from './magics.js';
import { nesting } from './nesting.js';
import { notMedia } from './not-media.js';
import { playlists } from './playlists.js';
import { seededRandom } from './random.js';
import { fromRecipes, goodOf } from './recipes.js';
import { references } from './references.js';
import { silence } from './silence.js';
import { wrongSizes } from './sizes.js';
import { tables } from './tables.js';

export type CorpusOptions = {
  /** Where the whole files are made that are spoilt then. */
  readonly folder: string;
  /** What files that refer to something else refer to. */
  readonly canary: Canary;
  /** Files of another seed are as bad in other places. Default 1. */
  readonly seed?: number;
};

/** More than two thousand hostile files, one after the other; the same ones for the same seed. */
export async function* hostileCorpus({
  folder,
  canary,
  seed = 1,
}: CorpusOptions): AsyncGenerator<HostileFile> {
  const files = await makeGoodFiles(folder);
  const good = goodOf(files);
  const random = seededRandom(seed);
  for (const file of files) yield* damagedFiles(file, random);
  for (const file of files) yield* wrongSizes(file);
  yield* wrongFormats(files);
  yield* magicsAndNoise(random);
  yield* glued(files);
  yield* fromRecipes('not media', notMedia(good));
  yield* fromRecipes('decorations', decorations(good));
  yield* fromRecipes('nesting', nesting());
  yield* fromRecipes('silence', silence);
  yield* fromRecipes('holes', holes(good));
  yield* fromRecipes('tables', tables(good));
  yield* fromRecipes('playlists', playlists(canary));
  yield* fromRecipes('references', references(good, canary));
  yield* fromRecipes('disguised', disguised(good, canary));
}
