import { FormatError, IncompatibleError, type ModelReader, StoredReader } from "@materiome/core";
import { channelNames } from "./channelPlanes.ts";
import { resolveFeatureBankOptions } from "./featureBank.ts";
import {
  createPixelClassifier,
  PIXEL_CLASSIFIER_TYPE,
  PIXEL_CLASSIFIER_VERSION,
  type PixelClassifier,
} from "./pixelClassifier.ts";
import { type BankSpec, type ContextSpec, createBanks, type PixelModel } from "./pixelStage.ts";
import { createStage } from "./predictImage.ts";

/**
 * Reads a pixel classifier from parsed JSON; `nested` reads the models inside, for instance `reader` of @materiome/forward. It predicts
 * bit for bit what the stored one did.
 *
 * @throws IncompatibleError for another type or version, or features that this release computes otherwise
 * @throws FormatError for a damaged file
 * @example
 * const classifier = await readPixelClassifier(JSON.parse(await readFile("phases.model.json", "utf8")), reader);
 */
export async function readPixelClassifier(data: unknown, nested: ModelReader): Promise<PixelClassifier> {
  const stored = new StoredReader("readPixelClassifier");
  if (typeof data === "object" && data !== null && (data as { type?: unknown }).type !== PIXEL_CLASSIFIER_TYPE) {
    throw new IncompatibleError(
      `readPixelClassifier: the file holds ${JSON.stringify((data as { type?: unknown }).type) ?? "no type"}, expected "${PIXEL_CLASSIFIER_TYPE}"; give a model that trainPixelClassifier made`,
    );
  }
  const { params, state } = stored.header(data, PIXEL_CLASSIFIER_TYPE, [PIXEL_CLASSIFIER_VERSION]);
  const classes = stored.texts(params["classes"], "classes");
  const channels = stored.oneOf(params["channels"], ["grey", "colour"] as const, "channels");
  const normalise = stored.oneOf(params["normalise"], ["none", "image"] as const, "normalise");
  const numbers = (value: unknown, what: string): number[] =>
    stored.list(value, what).map((v) => stored.number(v, what));
  const classFactors = numbers(params["classFactors"], "classFactors");
  const features = stored.record(params["features"], "features");
  const shapes = (name: string) =>
    stored.list(features[name], name).map((value) => {
      const shape = stored.record(value, name);
      return {
        acrossPx: stored.number(shape["acrossPx"], "acrossPx"),
        alongPx: stored.number(shape["alongPx"], "alongPx"),
        ...(shape["relativeToPx"] === undefined
          ? {}
          : { relativeToPx: numbers(shape["relativeToPx"], "relativeToPx") }),
      };
    });
  const context = params["context"] === null ? undefined : readContext(stored, params["context"], classes.length);
  const spec: BankSpec = {
    channels: channelNames(channels),
    features: resolveFeatureBankOptions({
      scalesPx: numbers(features["scalesPx"], "scalesPx"),
      stepShapes: shapes("stepShapes"),
      lineShapes: shapes("lineShapes"),
      surroundingsPx: numbers(features["surroundingsPx"], "surroundingsPx"),
      // Absent from the files of earlier versions.
      halfDiscsPx: features["halfDiscsPx"] === undefined ? [] : numbers(features["halfDiscsPx"], "halfDiscsPx"),
      isDirected: features["isDirected"] === true,
    }),
    context,
  };
  const models = stored.list(state["stages"], "stages");
  if (models.length !== (context === undefined ? 1 : 2) || classFactors.length !== classes.length) {
    throw new FormatError("readPixelClassifier: stages or classes are inconsistent; the file is damaged, train again");
  }
  const specs = [{ ...spec, context: undefined }, spec];
  const stages = [];
  for (const [k, model] of models.entries()) {
    const bank = specs[k]!; // two at most
    const read = (await nested.read(model, nested)) as unknown as PixelModel & { readonly features?: unknown };
    requireSameFeatures(bank, read.features);
    stages.push(createStage(bank, read));
  }
  const pixelSizeUm = params["pixelSizeUm"] === null ? undefined : stored.number(params["pixelSizeUm"], "pixelSizeUm");
  return createPixelClassifier({ classes, channels, normalise, pixelSizeUm, classFactors, stages, spec });
}

function readContext(stored: StoredReader, data: unknown, nClasses: number): ContextSpec {
  const context = stored.record(data, "context");
  const classes = stored.list(context["classes"], "context classes").map((value) => {
    const index = stored.number(value, "context class");
    if (Number.isInteger(index) && index >= 0 && index < nClasses) return index;
    throw new FormatError(`readPixelClassifier: context names class ${index} of ${nClasses}; the file is damaged`);
  });
  return {
    classes,
    names: stored.texts(context["names"], "context names"),
    surroundingsPx: stored
      .list(context["surroundingsPx"], "surroundingsPx")
      .map((v) => stored.number(v, "surroundingsPx")),
    isDirected: context["isDirected"] === true,
    hasLines: context["hasLines"] === true,
  };
}

/** The learner's model knows what its columns were called; the same names mean the same numbers. */
function requireSameFeatures(spec: BankSpec, known: unknown): void {
  if (!Array.isArray(known)) return;
  const banks = createBanks(spec);
  const names = [...banks.image.features, ...(banks.context?.features ?? [])].map(({ name }) => name);
  const found = known.map((feature: { readonly name?: unknown }) => feature.name);
  if (names.length === found.length && names.every((name, k) => name === found[k])) return;
  throw new IncompatibleError(
    `readPixelClassifier: the model was trained on ${found.length} features that differ from the ${names.length} of this release; train again`,
  );
}
