import { FormatError, IncompatibleError, type ModelReader, type Portable } from "@materiome/core";
import { reader as chainReader } from "./chain/createChain.ts";
import { reader as classificationReader } from "./learner/classificationModel.ts";
import { reader as regressionReader } from "./learner/regressionModel.ts";
import { reader as classModelReader } from "./property/classModel.ts";
import { reader as propertyModelReader } from "./property/propertyModel.ts";
import { reader as stackedTargetsReader } from "./tasks/createStackedTargets.ts";
import { reader as multiTaskReader } from "./tasks/multiTaskModel.ts";
import { reader as conformalReader } from "./uncertainty/conformalModel.ts";

const READERS: readonly ModelReader[] = [
  propertyModelReader,
  classModelReader,
  chainReader,
  regressionReader,
  classificationReader,
  conformalReader,
  stackedTargetsReader,
  multiTaskReader,
];

/** Readers of networks, loaded when one is met. */
const NET_READERS: ReadonlyMap<string, () => Promise<ModelReader>> = new Map<string, () => Promise<ModelReader>>([
  ["materiome/unet-segmenter", async () => (await import("./nets/unet/unetSegmenter.ts")).reader],
  ["materiome/onnx-segmenter", async () => (await import("./nets/exchange/onnxSegmenter.ts")).reader],
  ["materiome/field-surrogate", async () => (await import("./nets/field/fieldSurrogate.ts")).reader],
  ["materiome/image-classifier", async () => (await import("./nets/cnn/imageClassifier.ts")).reader],
  ["materiome/image-regressor", async () => (await import("./nets/cnn/imageRegressor.ts")).reader],
]);

/**
 * Reads every model and network of this package, also inside each other. TensorFlow.js is loaded when a network first computes.
 *
 * `read` takes the parsed JSON.
 *
 * @throws IncompatibleError for a model of another type or version, naming what was found and expected; FormatError for
 * a damaged one
 * @example
 * const model = await reader.read(JSON.parse(text), reader);
 */
export const reader: ModelReader = {
  types: [...READERS.flatMap((one) => one.types), ...NET_READERS.keys()],
  async read(data: unknown, nested: ModelReader): Promise<Portable> {
    if (typeof data !== "object" || data === null || Array.isArray(data)) {
      throw new FormatError(
        "model: the file holds no model (expected a JSON object); give the model.json that train wrote",
      );
    }
    const { type } = data as { readonly type?: unknown };
    const one =
      READERS.find((candidate) => candidate.types.includes(String(type))) ?? (await NET_READERS.get(String(type))?.());
    if (one === undefined) {
      throw new IncompatibleError(
        `model: found type ${JSON.stringify(type)}, expected one of ${reader.types.join(", ")}; give the model.json that train wrote`,
      );
    }
    return one.read(data, nested);
  },
};
