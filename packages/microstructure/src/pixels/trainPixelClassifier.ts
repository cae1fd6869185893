import {
  type Classes,
  DomainError,
  type FeatureMatrix,
  type LabelMap,
  type PixelLearner,
  type Raster,
  type RunContext,
} from "@materiome/core";
import { channelNames, pickChannels } from "./channelPlanes.ts";
import { checkTrainingImages } from "./checkTrainingImages.ts";
import { type FeatureBankOptions, resolveFeatureBankOptions } from "./featureBank.ts";
import type { Region } from "./featureWindow.ts";
import { createPixelClassifier, type PixelClassifier, preparePlanes, weightClasses } from "./pixelClassifier.ts";
import { type BankSpec, type ContextSpec, createBanks } from "./pixelStage.ts";
import { createStage, cutTiles, type PortableStage, predictTiles, sampleFeatures } from "./predictImage.ts";
import { type LabelledSample, sampleLabelled } from "./sampleLabelled.ts";

export interface TrainingImage {
  /** Grey, or red, green and blue, 0 … 1. */
  readonly image: Raster<Float32Array>;
  /** 0: not labelled; k: class k, the k-th of `classes`. All pixels, or strokes on some. */
  readonly labels: LabelMap;
  /** For messages. @defaultValue its place in the list */
  readonly name?: string | undefined;
  /** Images of one group (a specimen) are held out together. @defaultValue each image for itself */
  readonly group?: string | undefined;
}

export interface AutoContextOptions {
  /** Sizes of the boxes in which the second stage sees the first's probabilities, px. @defaultValue those of the features */
  readonly surroundingsPx?: readonly number[] | undefined;
  /** A class that is a network of lines, such as grain boundaries: its map is searched for lines too. @defaultValue none */
  readonly lineClass?: string | undefined;
}

export interface TrainPixelClassifierOptions {
  /** Names of the classes 1 … n. */
  readonly classes: readonly string[];
  readonly features?: FeatureBankOptions | undefined;
  /** "image" brings the grey of every image to mean 0 and deviation 1, for brightness that differs by chance. @defaultValue "none" */
  readonly normalise?: "none" | "image" | undefined;
  /** Pixels drawn from each image, in equal parts from all classes. @defaultValue 3000 */
  readonly samplesPerImage?: number | undefined;
  /** A second stage that sees the first one's probabilities around the pixel. @defaultValue one stage */
  readonly autoContext?: AutoContextOptions | undefined;
  /** Parts that are held out in turn, whole groups, for the maps of the second stage. @defaultValue 4 */
  readonly nFolds?: number | undefined;
  /**
   * 0: classes are equally likely before a pixel is looked at; 1: as frequent as among the labelled pixels; between:
   * frequency to this power. @defaultValue 0.5
   */
  readonly priorExponent?: number | undefined;
  /** Also gives the probabilities of the training images by models that have not seen them. @defaultValue false */
  readonly isCrossPredicted?: boolean | undefined;
  /** Edge of the tiles that are worked on at once, px. @defaultValue 256 */
  readonly tilePx?: number | undefined;
}

export interface PixelTraining {
  readonly classifier: PixelClassifier;
  /** Training pixels of each class. */
  readonly nSampled: readonly number[];
  /** Labelled pixels of each class. */
  readonly nLabelled: readonly number[];
  /** One per training image if asked for: predicted by models that saw no image of its group. */
  readonly outOfFold: readonly Raster<Float32Array>[] | undefined;
}

/**
 * Trains a classifier of pixels from labelled images or strokes.
 *
 * Features of drawn pixels (see `createFeatureBank`), equally many of every class in every image, go to the learner with the image's
 * group as group. With `autoContext` a second model sees, besides, features of the probability maps of the first; for training these
 * maps come from models that have not seen the image (or, of a single image, its quarter).
 *
 * @param images - all grey or all coloured
 * @param learner - for instance `createRandomForestClassifier()` of @materiome/forward; it only fits
 * @throws DataError for no images, labels beyond the classes, a class without labelled pixels, fewer than two classes, mixed grey and
 *   colour, mixed pixel sizes, pixels that are not finite; ShapeError for labels of another size than their image; DomainError for
 *   options out of range
 * @see Arganda-Carreras et al., Bioinformatics 33, 2424 (2017), doi:10.1093/bioinformatics/btx180
 * @example
 * const { classifier } = await trainPixelClassifier([{ image: grey, labels: strokes }], createRandomForestClassifier(), {
 *   classes: ["matrix", "precipitate"],
 * }, { random: createRandom(1) });
 */
export async function trainPixelClassifier(
  images: readonly TrainingImage[],
  learner: Pick<PixelLearner, "fit">,
  options: TrainPixelClassifierOptions,
  run: RunContext,
): Promise<PixelTraining> {
  const settings = resolveOptions(options);
  const { channels, pixelSizeUm } = checkTrainingImages("trainPixelClassifier", images, settings.classes);
  const { classes } = settings;
  const spec: BankSpec = {
    channels: channelNames(channels),
    features: settings.features,
    context: settings.context,
  };
  const first: BankSpec = { ...spec, context: undefined };
  const fields = images.map(({ image, labels }, k): Field => {
    const perClass = Math.max(1, Math.floor(settings.samplesPerImage / classes.length));
    const sample = sampleLabelled(labels, classes.length, perClass, run.random.fork("sample").fork(k));
    return { planes: preparePlanes(image, settings.normalise), sample };
  });
  const folds = assignFolds(images, fields, settings.nFolds);
  const rows = await collectRows(
    spec,
    "image",
    fields.map(({ planes, sample }) => ({ source: planes, pixels: sample.pixels })),
    settings.tilePx,
    run,
  );
  const fit = async (
    bank: BankSpec,
    blocks: readonly Float32Array[][],
    without: number | undefined,
    label: string,
  ): Promise<PortableStage> => {
    const { x, y } = joinRows(bank, blocks, fields, folds, without, classes);
    return createStage(bank, await learner.fit(x, y, { ...run, random: run.random.fork(label) }));
  };
  const stages = [await fit(first, [rows], undefined, "stage 1")];
  let outOfFold: readonly Raster<Float32Array>[] | undefined;
  if (settings.context !== undefined || settings.isCrossPredicted) {
    outOfFold = await predictFolds(
      (k) => fit(first, [rows], k, `stage 1 fold ${k}`),
      fields,
      folds,
      undefined,
      settings,
      run,
    );
  }
  if (settings.context !== undefined && outOfFold !== undefined) {
    const { classes: seen } = settings.context;
    const maps = outOfFold.map((map) => pickChannels(map, seen));
    const contextRows = await collectRows(
      spec,
      "context",
      fields.map(({ sample }, k) => ({ source: maps[k] as Raster<Float32Array>, pixels: sample.pixels })), // one per field
      settings.tilePx,
      run,
    );
    stages.push(await fit(spec, [rows, contextRows], undefined, "stage 2"));
    if (settings.isCrossPredicted) {
      outOfFold = await predictFolds(
        (k) => fit(spec, [rows, contextRows], k, `stage 2 fold ${k}`),
        fields,
        folds,
        maps,
        settings,
        run,
      );
    }
  }
  const nSampled = classes.map((_, c) =>
    fields.reduce((n, { sample }) => n + sample.codes.filter((code) => code === c).length, 0),
  );
  const nLabelled = classes.map((_, c) => fields.reduce((n, { sample }) => n + sample.labelled[c]!, 0)); // one per class
  const classFactors = priorFactors(nSampled, nLabelled, settings.priorExponent);
  if (settings.isCrossPredicted) for (const map of outOfFold ?? []) weightClasses(map.data, classFactors);
  const classifier = createPixelClassifier({
    classes,
    channels,
    normalise: settings.normalise,
    pixelSizeUm,
    classFactors,
    stages,
    spec,
  });
  return { classifier, nSampled, nLabelled, outOfFold: settings.isCrossPredicted ? outOfFold : undefined };
}

interface Field {
  readonly planes: Raster<Float32Array>;
  readonly sample: LabelledSample;
}

interface Settings {
  readonly classes: readonly string[];
  readonly features: ReturnType<typeof resolveFeatureBankOptions>;
  readonly normalise: "none" | "image";
  readonly samplesPerImage: number;
  readonly context: ContextSpec | undefined;
  readonly nFolds: number;
  readonly priorExponent: number;
  readonly isCrossPredicted: boolean;
  readonly tilePx: number;
}

function resolveOptions(options: TrainPixelClassifierOptions): Settings {
  const { classes, normalise = "none", samplesPerImage = 3000, nFolds = 4, priorExponent = 0.5 } = options;
  const { isCrossPredicted = false, tilePx = 256, autoContext } = options;
  const check = (isRight: boolean, message: string): void => {
    if (!isRight) throw new DomainError(`trainPixelClassifier: ${message}`);
  };
  check(normalise === "none" || normalise === "image", `normalise must be "none" or "image", got ${String(normalise)}`);
  check(
    Number.isInteger(samplesPerImage) && samplesPerImage >= classes.length,
    `samplesPerImage must be a whole number of at least ${classes.length}, got ${samplesPerImage}`,
  );
  check(Number.isInteger(nFolds) && nFolds >= 2, `nFolds must be a whole number of at least 2, got ${nFolds}`);
  check(priorExponent >= 0 && priorExponent <= 1, `priorExponent must be 0 … 1, got ${priorExponent}`);
  check(Number.isInteger(tilePx) && tilePx >= 16, `tilePx must be a whole number of at least 16, got ${tilePx}`);
  const features = resolveFeatureBankOptions(options.features);
  return {
    classes,
    features,
    normalise,
    samplesPerImage,
    context: autoContext === undefined ? undefined : resolveContext(autoContext, classes, features),
    nFolds,
    priorExponent,
    isCrossPredicted,
    tilePx,
  };
}

function resolveContext(
  options: AutoContextOptions,
  classes: readonly string[],
  features: ReturnType<typeof resolveFeatureBankOptions>,
): ContextSpec {
  const { lineClass, surroundingsPx = features.surroundingsPx } = options;
  const line = lineClass === undefined ? classes.length - 1 : classes.indexOf(lineClass);
  if (line < 0) {
    throw new DomainError(
      `trainPixelClassifier: lineClass "${lineClass}" is none of the classes ${classes.join(", ")}`,
    );
  }
  // Of two classes one map tells all.
  const others = classes.length === 2 ? [] : classes.map((_, c) => c).filter((c) => c !== line);
  const seen = [line, ...others];
  return {
    classes: seen,
    names: seen.map((c) => classes[c] as string), // indices of classes
    surroundingsPx,
    isDirected: features.isDirected,
    hasLines: lineClass !== undefined,
  };
}

/** Part of an image that is held out as one. */
interface Block {
  readonly field: number;
  readonly region: Region;
  readonly group: number;
  readonly fold: number;
}

/** Whole groups to folds; where there are fewer groups than two, quarters of the images. */
function assignFolds(images: readonly TrainingImage[], fields: readonly Field[], nFolds: number): readonly Block[] {
  const names = images.map(({ group }, k) => group ?? `image ${k}`);
  const groups = [...new Set(names)];
  if (groups.length > 1) {
    const n = Math.min(nFolds, groups.length);
    return fields.map(({ planes }, field) => {
      const group = groups.indexOf(names[field] as string); // one per field
      return { field, region: { x: 0, y: 0, width: planes.width, height: planes.height }, group, fold: group % n };
    });
  }
  return fields.flatMap(({ planes: { width, height } }, field) => {
    const tiles = cutTiles({ x: 0, y: 0, width, height }, Math.ceil(Math.max(width, height) / 2));
    return tiles.map((region, k) => ({ field, region, group: k, fold: k }));
  });
}

const foldsOf = (blocks: readonly Block[]): number[] =>
  [...new Set(blocks.map(({ fold }) => fold))].sort((a, b) => a - b);

const holds = ({ x, y, width, height }: Region, px: number, py: number): boolean =>
  px >= x && py >= y && px < x + width && py < y + height;

async function collectRows(
  spec: BankSpec,
  kind: "image" | "context",
  jobs: Parameters<typeof sampleFeatures>[2],
  tilePx: number,
  run: RunContext,
): Promise<Float32Array[]> {
  return sampleFeatures(spec, kind, jobs, tilePx, run);
}

/** Joins the feature blocks of all fields to one matrix, without the rows of the fold `without`. */
function joinRows(
  spec: BankSpec,
  blocks: readonly Float32Array[][],
  fields: readonly Field[],
  folds: readonly Block[],
  without: number | undefined,
  classes: readonly string[],
): { readonly x: FeatureMatrix; readonly y: Classes } {
  const banks = createBanks(spec);
  const features = [...banks.image.features, ...(banks.context?.features ?? [])];
  const widths = [banks.image.features.length, banks.context?.features.length ?? 0];
  const kept: { readonly field: number; readonly row: number; readonly code: number; readonly group: number }[] = [];
  for (const [field, { planes, sample }] of fields.entries()) {
    const mine = folds.filter((block) => block.field === field);
    for (const [row, pixel] of sample.pixels.entries()) {
      const block = mine.find(({ region }) => holds(region, pixel % planes.width, Math.floor(pixel / planes.width)));
      if (block === undefined || block.fold === without) continue;
      kept.push({ field, row, code: sample.codes[row]!, group: block.group }); // one per pixel
    }
  }
  const data = new Float64Array(kept.length * features.length);
  let to = 0;
  for (const { field, row } of kept) {
    for (const [b, block] of blocks.entries()) {
      const width = widths[b]!; // two at most
      data.set(block[field]!.subarray(row * width, (row + 1) * width), to); // one per field
      to += width;
    }
  }
  return {
    x: { data, rows: kept.length, columns: features.length, features },
    y: {
      kind: "classification",
      codes: Int32Array.from(kept, ({ code }) => code),
      labels: classes,
      // Of two images one is left when the other is held out: no groups then, which a learner cannot hold out.
      groups:
        new Set(kept.map(({ group }) => group)).size > 1 ? Int32Array.from(kept, ({ group }) => group) : undefined,
    },
  };
}

/** Probabilities of every field by the models that have not seen it. */
async function predictFolds(
  fit: (fold: number) => Promise<PortableStage>,
  fields: readonly Field[],
  folds: readonly Block[],
  maps: readonly Raster<Float32Array>[] | undefined,
  settings: Settings,
  run: RunContext,
): Promise<Raster<Float32Array>[]> {
  const nClasses = settings.classes.length;
  const out = fields.map(({ planes }) => ({
    ...planes,
    data: new Float32Array(planes.width * planes.height * nClasses),
    channels: nClasses,
  }));
  for (const fold of foldsOf(folds)) {
    const stage = await fit(fold);
    const jobs = folds
      .filter((block) => block.fold === fold)
      .map(({ field, region }) => ({
        image: fields[field]!.planes, // blocks are of fields, here and below
        maps: maps?.[field],
        region,
        out: out[field]!.data,
      }));
    await predictTiles(stage, jobs, nClasses, settings.tilePx, run);
  }
  return out;
}

/** (labelled share / sampled share)^exponent. */
function priorFactors(nSampled: readonly number[], nLabelled: readonly number[], exponent: number): number[] {
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  const [sampled, labelled] = [sum(nSampled), sum(nLabelled)];
  return nSampled.map((n, c) => (nLabelled[c]! / labelled / (n / sampled)) ** exponent); // one per class
}
