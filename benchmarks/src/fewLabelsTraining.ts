import { createRandom, createRaster, type LabelMap, type Raster } from "@materiome/core";
import { createContrastiveUNet, createUNetSegmenter, type UNetSegmenter } from "@materiome/forward/nets";
import { type ClassScores, classScores } from "@materiome/microstructure/compare";
import {
  type Augmentation,
  augmentationPreset,
  pretrainOnDrawn,
  pretrainSegmenter,
  trainSegmenter,
  withTestTimeAugmentation,
} from "@materiome/microstructure/patches";
import { createTrainedSegmenter, labelPixels, type PlaneRange } from "@materiome/microstructure/pixels";
import { mean } from "./averages.ts";
import { bandLabels } from "./bandLabels.ts";
import { countBoundaries, linesAbove, pooledF1 } from "./boundaryScores.ts";
import { middleLines, readGrainBoundaries, readSuperalloy } from "./segmentationSets.ts";

/** An image with class numbers from 1, 0 not labelled. */
interface Field {
  readonly name: string;
  readonly image: Raster<Float32Array>;
  readonly labels: LabelMap;
  /** Class numbers from 0, as drawn. */
  readonly truth: LabelMap;
}

export interface Fields {
  readonly set: FewLabelsSet;
  readonly classes: readonly string[];
  readonly train: readonly Field[];
  /** Choose the epoch and the threshold. */
  readonly validation: readonly Field[];
  readonly scored: readonly Field[];
  /** Labels are not looked at; none of them is scored or chooses. */
  readonly unlabelled: readonly Raster<Float32Array>[];
}

export const FEW_LABELS_SETS = ["boundaries", "precipitates"] as const;
export type FewLabelsSet = (typeof FEW_LABELS_SETS)[number];

export interface FewLabelsScore {
  readonly set: FewLabelsSet;
  readonly variant: VariantName;
  readonly seed: number;
  readonly score: number;
  readonly byClass: readonly { readonly name: string; readonly iou: number | null }[];
  readonly bestEpoch: number;
  /** Of training and, where there was one, pretraining. */
  readonly cpuSeconds: number;
}

const GROUPS = {
  "mirror and turn": ["flip", "turn", "rotate"],
  scale: ["scale"],
  elastic: ["elastic"],
  "grey levels": ["contrast", "brightness", "gamma"],
  "noise and blur": ["gaussianNoise", "blur"],
} as const satisfies Record<string, readonly (keyof Augmentation)[]>;

/** Steps that are off by default, added one at a time. */
const ADDITIONS = {
  composite: { composite: { probability: 0.5 } },
  "uneven light": { illumination: { probability: 0.5 } },
  astigmatism: { astigmatism: { probability: 0.3 } },
  "motion blur": { motionBlur: { probability: 0.3 } },
  "charging streaks": { charging: { probability: 0.3 } },
  "shot noise": { shotNoise: { probability: 0.5 } },
  "cut-mix": { cutMix: { probability: 0.5 } },
  "cut-out": { cutOut: { probability: 0.5 } },
} as const satisfies Record<string, Augmentation>;

type Group = keyof typeof GROUPS;
type Addition = keyof typeof ADDITIONS;
export type VariantName =
  | "as it is"
  | "mean over views"
  | "first restored images"
  | "first told patches apart"
  | "first found drawn grains"
  | `with ${Addition}`
  | "without augmentation"
  | `without ${Group}`;

const WITH = (Object.keys(ADDITIONS) as Addition[]).map((addition) => `with ${addition}` as const);

/** In the order in which they are trained; "as it is" gives "mean over views" too. */
export const VARIANTS: Readonly<Record<FewLabelsSet, readonly VariantName[]>> = {
  precipitates: [
    "as it is",
    "first restored images",
    "first told patches apart",
    "first found drawn grains",
    ...WITH,
    "without augmentation",
    ...(Object.keys(GROUPS) as Group[]).map((group) => `without ${group}` as const),
  ],
  boundaries: [
    "as it is",
    "first restored images",
    "first told patches apart",
    "first found drawn grains",
    ...WITH.filter((variant) => variant !== "with composite"), // boundaries are no regions to be put elsewhere
    "without augmentation",
  ],
};

const NET = { filters: [8, 16, 32, 48], patchPx: 64, batchSize: 4 } as const;
const EPOCHS = 8;
const BATCHES = 30;
/** Patches in a batch that are told apart. */
const CONTRASTED = 16;
/** Of pictures that are drawn. */
const DRAWN = 40;
const AUGMENTATION = augmentationPreset();

function augmentationOf(variant: VariantName): Augmentation {
  if (variant === "without augmentation") return {};
  const addition = (Object.keys(ADDITIONS) as Addition[]).find((name) => variant === `with ${name}`);
  if (addition !== undefined) return { ...AUGMENTATION, ...ADDITIONS[addition] };
  const group = (Object.keys(GROUPS) as Group[]).find((name) => variant === `without ${name}`);
  const left: readonly string[] = group === undefined ? [] : GROUPS[group];
  return Object.fromEntries(Object.entries(AUGMENTATION).filter(([step]) => !left.includes(step))) as Augmentation;
}

/** One training, on one thread; "as it is" is scored by one view and by the mean of eight. */
export async function trainFewLabels(
  fields: Fields,
  variant: VariantName,
  { seed, epochs = EPOCHS }: { readonly seed: number; readonly epochs?: number | undefined },
): Promise<FewLabelsScore[]> {
  const { set, classes, train, validation } = fields;
  const before = process.cpuUsage();
  const start = await pretrained(variant, fields, seed, epochs);
  const learner = createUNetSegmenter({ filters: NET.filters, epochs, patience: epochs, pretrained: start?.net });
  const { classifier, segmenter } = await trainSegmenter(
    [...train, ...validation].map(({ name, image, labels }) => ({ name, image, labels })),
    learner,
    {
      ...{ classes, normalise: "image", patchPx: NET.patchPx, batchSize: NET.batchSize, batches: BATCHES },
      augmentation: augmentationOf(variant),
      validation: validation.map(({ name }) => name),
      ranges: start?.ranges,
    },
    { random: createRandom(seed), threads: 1 },
  );
  const { user, system } = process.cpuUsage(before);
  const common = { set, seed, bestEpoch: segmenter.bestEpoch, cpuSeconds: (user + system) / 1e6 };
  const scoreOf = set === "precipitates" ? scorePhases : scoreBoundaries;
  const single = { ...common, variant, ...(await scoreOf(fields, classifier.classify)) };
  if (variant !== "as it is") return [single];
  const views = createTrainedSegmenter(withTestTimeAugmentation(segmenter), classifier);
  return [single, { ...common, variant: "mean over views", cpuSeconds: 0, ...(await scoreOf(fields, views.classify)) }];
}

export function readFields(data: string, set: FewLabelsSet): Promise<Fields> {
  return set === "precipitates" ? readPrecipitates(data) : readBoundaries(data);
}

interface Start {
  readonly net: UNetSegmenter;
  readonly ranges?: readonly PlaneRange[];
}

async function pretrained(
  variant: VariantName,
  { unlabelled }: Fields,
  seed: number,
  epochs: number,
): Promise<Start | undefined> {
  const half = Math.ceil(epochs / 2);
  const options = { filters: NET.filters, epochs: half, patience: half };
  const learner = createUNetSegmenter(options);
  const run = { random: createRandom(seed).fork("pretraining"), threads: 1 };
  const patches = { patchPx: NET.patchPx, batchSize: NET.batchSize, batches: BATCHES };
  const images = unlabelled.map((image) => ({ image }));
  if (variant === "first told patches apart") {
    const contrast = { ...patches, task: "contrast", batchSize: CONTRASTED, normalise: "image" } as const;
    return { net: await pretrainSegmenter(images, createContrastiveUNet(options), contrast, run) };
  }
  if (variant === "first restored images") {
    return { net: await pretrainSegmenter(images, learner, { ...patches, normalise: "image" }, run) };
  }
  if (variant !== "first found drawn grains") return undefined;
  const { segmenter, classifier } = await pretrainOnDrawn(learner, { ...patches, nImages: DRAWN }, run);
  return { net: segmenter, ranges: classifier.ranges };
}

/** Super3: one training image, two of its validation images; four of those that only Super1 trains on are scored, the others are unlabelled. */
async function readPrecipitates(data: string): Promise<Fields> {
  const field = (one: { readonly name: string; readonly image: Raster<Float32Array>; readonly truth: LabelMap }) => ({
    ...one,
    labels: { ...one.truth, data: one.truth.data.map((code) => code + 1) },
  });
  const train = await readSuperalloy(data, "Super3", "train");
  const validation = (await readSuperalloy(data, "Super3", "val")).slice(0, 2);
  const used = new Set([...train, ...validation].map(({ name }) => name));
  const others = (await readSuperalloy(data, "Super1", "train")).filter(({ name }) => !used.has(name));
  return {
    set: "precipitates",
    classes: ["matrix", "secondary", "tertiary"],
    train: train.map(field),
    validation: validation.map(field),
    scored: others.slice(0, 4).map(field),
    unlabelled: [...train, ...others.slice(4)].map(({ image }) => image),
  };
}

/** Training crops: one of each of four specimens to learn from, of two to choose by, of six to score; ten of the rest are unlabelled. */
async function readBoundaries(data: string): Promise<Fields> {
  const crops = await readGrainBoundaries(data, "train");
  const specimenOf = (name: string): string => name.split("-")[0] as string; // split gives at least one part
  const firsts = crops.filter(({ name }, k) => crops.findIndex((c) => specimenOf(c.name) === specimenOf(name)) === k);
  const field = ({ name, image, truth }: (typeof crops)[number]): Field => ({
    name,
    image: greyOf(image),
    labels: bandLabels(truth),
    truth,
  });
  if (firsts.length < 12) throw new Error(`${firsts.length} specimens, expected at least 12`);
  const seen = new Set(firsts.slice(0, 12).map(({ name }) => specimenOf(name)));
  return {
    set: "boundaries",
    classes: ["grain", "boundary"],
    train: firsts.slice(0, 4).map(field),
    validation: firsts.slice(4, 6).map(field),
    scored: firsts.slice(6, 12).map(field),
    unlabelled: crops
      .filter(({ name }) => !seen.has(specimenOf(name)))
      .slice(0, 10)
      .map(({ image }) => greyOf(image)),
  };
}

/** Luma of red, green and blue (ITU-R BT.601). */
function greyOf({ data, width, height }: Raster<Float32Array>): Raster<Float32Array> {
  const grey = Float32Array.from(
    { length: width * height },
    (_, i) =>
      0.299 * (data[3 * i] as number) + 0.587 * (data[3 * i + 1] as number) + 0.114 * (data[3 * i + 2] as number),
  );
  return createRaster(grey, width, height);
}

type Classify = (
  image: Raster<Float32Array>,
  tilePx: number,
  run: { readonly threads: number },
) => Promise<Raster<Float32Array>>;
type Score = Pick<FewLabelsScore, "score" | "byClass">;

async function scorePhases({ classes, scored }: Fields, classify: Classify): Promise<Score> {
  const scores: ClassScores[] = [];
  for (const { image, truth } of scored) {
    const labels = labelPixels(await classify(image, 512, { threads: 1 }));
    scores.push(classScores({ ...labels, data: labels.data.map((v) => v - 1) }, truth, classes));
  }
  return {
    score: mean(scores.map(({ microIou }) => microIou)),
    byClass: classes.map((name, k) => {
      const ious = scores.flatMap(({ byClass }) => byClass[k]?.iou ?? []);
      return { name, iou: ious.length === 0 ? null : mean(ious) };
    }),
  };
}

const THRESHOLDS = Array.from({ length: 9 }, (_, k) => 0.3 + 0.075 * k);

async function scoreBoundaries({ validation, scored }: Fields, classify: Classify): Promise<Score> {
  const probabilities = async (fields: readonly Field[]) => {
    const maps: Raster<Float32Array>[] = [];
    for (const { image } of fields) {
      const { data, width, height } = await classify(image, 512, { threads: 1 });
      maps.push(
        createRaster(
          Float32Array.from({ length: width * height }, (_, i) => data[2 * i + 1] as number),
          width,
          height,
        ),
      );
    }
    return maps;
  };
  const f1 = (fields: readonly Field[], maps: readonly Raster<Float32Array>[], threshold: number): number =>
    pooledF1(
      fields.map(({ truth }, k) =>
        countBoundaries(linesAbove(maps[k] as Raster<Float32Array>, threshold), middleLines(truth), "shared"),
      ),
    ).f1 || 0; // no line at all: neither precision nor F1
  const known = await probabilities(validation);
  const scores = THRESHOLDS.map((threshold) => f1(validation, known, threshold));
  const best = THRESHOLDS[scores.indexOf(Math.max(...scores))] as number; // one score per threshold
  return { score: f1(scored, await probabilities(scored), best), byClass: [] };
}
