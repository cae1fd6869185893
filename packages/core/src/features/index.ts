export type { EncodedInput, FormulaFeatures, TableEncoderOptions } from "./encodedInput.ts";
export type { Encoder, EncoderReader, Featurizer } from "./featurizer.ts";
export { createTableEncoder, readTableEncoder, type TableEncoder } from "./tableEncoder.ts";
export { type TableFeaturizer, type TableFeaturizerOptions, tableFeaturizer } from "./tableFeaturizer.ts";
