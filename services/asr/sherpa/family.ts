import type { OnnxOutline } from '../../onnx/outline.js';
import type { RecogniseOptions } from '../types.js';
import type { Vocabulary, VocabularyEncoding } from './vocabulary.js';

/** One ONNX file of a model and what it must have so that sherpa-onnx can use it. */
export type GraphRole = {
  /** The file's base name. Of several, the one with `int8` in its name is taken. */
  readonly file: RegExp;
  /**
   * What goes in and comes out, in this order: `name type dimensions`. sherpa-onnx goes by place and number, so the name
   * is for people; `*` at the end stands for any number more of the kind, `?` for one that may be absent. Types: float,
   * int32, int64, int (either of both), bool, any. No dimensions: any.
   */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Keys that the exporter must have left; sherpa ends the process where one is missing. Numbers unless said otherwise. */
  readonly metadata?: readonly string[];
  /** Keys with other values than one number. */
  readonly texts?: readonly string[];
  /** Values that a key must have, one of them. */
  readonly values?: Readonly<Record<string, readonly string[]>>;
};

/** A file of a tokenizer; one that is JSON must be whole. */
export type OtherRole = {
  /** The file's base name. */
  readonly file: RegExp;
  /** What must stand in it somewhere. */
  readonly needs?: readonly string[];
};

/** A model whose files were found, looked into and fit. */
export type SherpaModel = {
  readonly modelId: string;
  /** Absolute paths by role. */
  readonly paths: Readonly<Record<string, string>>;
  /** Outlines of the ONNX files by role. */
  readonly graphs: Readonly<Record<string, OnnxOutline>>;
  /** Empty for a family whose tokenizer is a folder of its own. */
  readonly vocabulary: Vocabulary;
  /** The catalogue's languages of the model; empty where they are not known. */
  readonly languages: readonly string[];
};

/** What one call wants of a recogniser. */
export type Call = {
  /** sherpa's `modelConfig` without tokens, threads and provider. */
  readonly modelConfig: Readonly<Record<string, unknown>>;
  /** Whatever else of sherpa's configuration differs from its defaults. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** A recogniser opened for another value cannot take this call; absent: one recogniser is good for all. */
  readonly identity?: string;
  /** Options of each stream. */
  readonly stream?: Readonly<Record<string, string>>;
  /** Phrases as token ids that the decoder should expect. */
  readonly hotwords?: readonly (readonly number[])[];
  /** Ids under another name; see `hiddenVocabulary`. Part of the identity. */
  readonly renamed?: ReadonlyMap<string, number>;
};

/** What the record of a family says; everything else is the same for all of them. */
export type SherpaFamily = {
  readonly graphs: Readonly<Record<string, GraphRole>>;
  /** How `tokens.txt` is written; absent for a family with a tokenizer folder. */
  readonly vocabulary?: VocabularyEncoding;
  /** Tokens that sherpa looks up by name. */
  readonly tokens?: readonly string[];
  /** Files that are no ONNX and no `tokens.txt`, by role. */
  readonly others?: Readonly<Record<string, OtherRole>>;
  /** Number of tokens that the model knows, all of which the vocabulary must have; absent where it does not tell. */
  vocabularySize?(graphs: SherpaModel['graphs']): number | undefined;
  /** sherpa wants no more tokens than that either. */
  readonly exactVocabulary?: boolean;
  /** What else sherpa would end the process over: the file, by role, and the problem. */
  problem?(model: SherpaModel): { readonly role: string; readonly problem: string } | undefined;
  /** Codes of the languages that the model itself tells apart; absent: those of the catalogue. */
  languages?(model: SherpaModel): readonly string[];
  /** It says which language it heard. */
  readonly detectsLanguage?: boolean;
  /** It has to be told which language is spoken. */
  readonly needsLanguage?: boolean;
  /** It translates into English. */
  readonly translates?: boolean;
  /** A decoder that writes freely may fall into a loop; what loops is read again in halves. */
  readonly loops?: boolean;
  /** Longer segments are cut. */
  readonly maxSeconds: number;
  /** Silence put behind each segment, in seconds: what the last word needs to come out. Default 0. */
  readonly tailSeconds?: number;
  /** It is one of sherpa's streaming models. */
  readonly online?: boolean;
  call(options: RecogniseOptions, model: SherpaModel): Call;
};
