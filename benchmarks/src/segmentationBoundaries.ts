import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createRandom, createRaster, type PixelLearner, type Raster, type Serialized } from "@materiome/core";
import { createGradientBoostingClassifier, createRandomForestClassifier } from "@materiome/forward";
import { writeOverlayPng } from "@materiome/microstructure";
import {
  boundaryRegions,
  classifyPixels,
  type TrainPixelClassifierOptions,
  trainPixelClassifier,
} from "@materiome/microstructure/pixels";
import { boundaryMask } from "@materiome/microstructure/regions";
import { skeletonize } from "@materiome/microstructure/segment";
import { mean } from "./averages.ts";
import { bandLabels } from "./bandLabels.ts";
import {
  type BoundaryCounts,
  countBoundaries,
  linesAbove,
  meanInterceptPx,
  type PooledScore,
  pooledF1,
} from "./boundaryScores.ts";
import type { SegmentationOptions } from "./segmentationPhases.ts";
import { type LabelledImage, middleLines, readGrainBoundaries } from "./segmentationSets.ts";
import { trainUNet, type UNetTraining } from "./segmentationUNet.ts";

export interface BoundaryPart {
  readonly nImages: number;
  /** Boundary F1 at 2 px of the thresholded lines. */
  readonly shared: PooledScore;
  readonly oneToOne: PooledScore;
  readonly closed: { readonly shared: PooledScore; readonly oneToOne: PooledScore };
  /** Mean over crops of |predicted − true| / true mean intercept: of the lines, of the closed regions, of both corrected, and of the training mean. */
  readonly interceptError: number;
  readonly interceptErrorClosed: number;
  readonly interceptErrorCorrected: number;
  readonly interceptErrorOfMean: number;
}

export interface GrainBoundaryScore {
  readonly case: "grain boundaries";
  readonly learner: PixelTraining | ({ readonly type: "unet" } & UNetTraining);
  readonly seed: number;
  /** Parts of specimens held out: each in turn of a pixel classifier, one of a U-Net. */
  readonly nFolds: number;
  readonly threshold: number;
  readonly closedThreshold: number;
  readonly interceptThreshold: number;
  readonly closedInterceptThreshold: number;
  /** Training crops whose specimen the model has not seen; threshold and correction from the other specimens. */
  readonly heldOut: BoundaryPart;
  /** Training crops that the model has not seen, other crops of their specimens it has; as the test crops. */
  readonly heldOutCrops: BoundaryPart;
  readonly test: BoundaryPart;
  readonly testImages: readonly {
    readonly name: string;
    readonly f1: number;
    readonly interceptPx: number;
    readonly trueInterceptPx: number;
  }[];
}

interface PixelTraining {
  readonly type: "pixels";
  readonly learner: Serialized;
  /** Pixels drawn from each crop. */
  readonly samplesPerImage: number;
  readonly nFeatures: number;
}

/** What learned from some crops, and other training crops as it predicts them. */
interface Trained {
  readonly learner: GrainBoundaryScore["learner"];
  readonly classify: (image: Raster<Float32Array>) => Promise<Raster<Float32Array>>;
  readonly known: readonly Crop[];
}

const CLASSES = ["grain", "boundary"];
const FEATURES: TrainPixelClassifierOptions["features"] = {
  scalesPx: [1, 2, 4],
  stepShapes: [
    { acrossPx: 1.2, alongPx: 3 },
    { acrossPx: 2, alongPx: 5, relativeToPx: [12, 24, 48] },
    { acrossPx: 3.5, alongPx: 7 },
  ],
  lineShapes: [{ acrossPx: 2, alongPx: 6 }],
  halfDiscsPx: [4, 8, 14],
  surroundingsPx: [16],
};
const NET = { filters: [12, 24, 48, 64, 96], patchPx: 128, batchSize: 4, epochs: 14, batches: 48, isDirected: false };
const THRESHOLDS = Array.from({ length: 18 }, (_, k) => 0.2 + 0.04 * k);

/** One map of lines on a crop. */
interface Traced {
  readonly lines: Raster<Uint8Array>;
  readonly shared: BoundaryCounts;
  /** Counted where it is asked for: matching costs far more than looking for a near pixel. */
  oneToOne(): BoundaryCounts;
  readonly interceptPx: number;
}

/** A crop with what the model says of it; lines and closed regions per threshold. */
interface Crop {
  readonly name: string;
  readonly specimen: string;
  readonly trueInterceptPx: number;
  readonly lines: readonly Traced[];
  readonly closed: readonly Traced[];
}

/** The crop at the chosen thresholds. */
interface Picked {
  readonly name: string;
  readonly trueInterceptPx: number;
  readonly lines: Traced;
  readonly closed: Traced;
  /** At the thresholds for intercepts. */
  readonly interceptPx: number;
  readonly closedInterceptPx: number;
}

function pixelLearner({ learner, trees }: SegmentationOptions): PixelLearner {
  if (learner === "forest") {
    return createRandomForestClassifier({ nTrees: trees ?? 60, minSamplesLeaf: 3, maxFeatures: 0.2 });
  }
  const nRounds = trees ?? 400;
  return createGradientBoostingClassifier({ nRounds, learningRate: 0.06, minSamplesLeaf: 40, l2: 1, maxFeatures: 0.3 });
}

export async function benchmarkGrainBoundaries(options: SegmentationOptions): Promise<GrainBoundaryScore> {
  const train = await readGrainBoundaries(options.data, "train");
  const test = await readGrainBoundaries(options.data, "test");
  // The test crops come from specimens that gave training crops too: what is chosen for them is learned from single crops held out.
  const trainOn = options.learner === "unet" ? trainNetOn : trainPixelsOn;
  const official = await trainOn(train, ({ name }) => name, 4, options);
  const unseen: Crop[] = [];
  for (const crop of test) unseen.push(describe(crop, await official.classify(crop.image)));
  const best = chooseThresholds(official.known);
  const picked = unseen.map((crop) => pick(crop, best));
  if (options.overlays !== undefined) await draw(options.overlays, test, picked);
  const nFolds = options.folds ?? (options.learner === "unet" ? 4 : new Set(train.map(specimenOf)).size);
  const bySpecimen = await trainOn(train, specimenOf, nFolds, options);
  return {
    case: "grain boundaries",
    learner: official.learner,
    seed: options.seed,
    nFolds,
    threshold: THRESHOLDS[best.lines] as number, // an index of the list, here and below
    closedThreshold: THRESHOLDS[best.closed] as number,
    heldOut: scoreHeldOut(bySpecimen.known),
    heldOutCrops: scoreHeldOut(official.known),
    test: score(
      picked,
      official.known.map((crop) => pick(crop, best)),
    ),
    interceptThreshold: THRESHOLDS[best.linesIntercept] as number,
    closedInterceptThreshold: THRESHOLDS[best.closedIntercept] as number,
    testImages: picked.map(({ name, lines, interceptPx, trueInterceptPx }) => ({
      name,
      f1: pooledF1([lines.shared]).f1,
      interceptPx,
      trueInterceptPx,
    })),
  };
}

/** A classifier of all crops, and every crop as predicted by one that has not seen its group. */
async function trainPixelsOn(
  train: readonly LabelledImage[],
  groupOf: (crop: LabelledImage) => string,
  nFolds: number,
  options: SegmentationOptions,
): Promise<Trained> {
  const images = train.map((crop) => ({ ...crop, group: groupOf(crop), labels: bandLabels(crop.truth) }));
  const { classifier, outOfFold = [] } = await trainPixelClassifier(
    images,
    pixelLearner(options),
    {
      classes: CLASSES,
      samplesPerImage: samplesOf(options),
      features: FEATURES,
      nFolds,
      priorExponent: 0,
      isCrossPredicted: true,
    },
    { random: createRandom(options.seed), threads: options.threads },
  );
  return {
    learner: {
      type: "pixels",
      learner: pixelLearner(options).toJSON(),
      samplesPerImage: samplesOf(options),
      nFeatures: classifier.featureNames.length,
    },
    classify: (image) => classifyPixels(image, classifier, { threads: options.threads }),
    known: train.map((crop, k) => describe(crop, outOfFold[k] as Raster<Float32Array>)), // one per image
  };
}

/** A U-Net of all crops but those of one in `nFolds` groups, which choose the epoch and are the known ones. */
async function trainNetOn(
  train: readonly LabelledImage[],
  groupOf: (crop: LabelledImage) => string,
  nFolds: number,
  options: SegmentationOptions,
): Promise<Trained> {
  const draw = createRandom(options.seed).fork("held out");
  const groups = [...new Set(train.map(groupOf))]
    .map((group) => ({ group, at: draw.next() }))
    .sort((a, b) => a.at - b.at);
  const held = new Set(groups.slice(0, Math.ceil(groups.length / nFolds)).map(({ group }) => group));
  const banded = (crops: readonly LabelledImage[]) =>
    crops.map(({ name, image, truth }) => ({ name, image, labels: bandLabels(truth) }));
  const known = train.filter((crop) => held.has(groupOf(crop)));
  const rest = train.filter((crop) => !held.has(groupOf(crop)));
  const settings = { ...NET, ...(options.epochs === undefined ? {} : { epochs: options.epochs }) };
  const { classify, training } = await trainUNet(banded(rest), banded(known), CLASSES, settings, options);
  const crops: Crop[] = [];
  for (const crop of known) crops.push(describe(crop, await classify(crop.image)));
  return { learner: { type: "unet", ...training }, classify, known: crops };
}

const samplesOf = ({ samples = 6000 }: SegmentationOptions): number => samples;

const specimenOf = ({ name }: LabelledImage): string => name.split("-")[0] as string; // split gives at least one part

function describe(crop: LabelledImage, probabilities: Raster<Float32Array>): Crop {
  const { name, truth } = crop;
  const { width, height, data } = probabilities;
  const boundary = Float32Array.from({ length: width * height }, (_, i) => data[2 * i + 1] as number);
  const middle = middleLines(truth);
  const trace = (lines: Raster<Uint8Array>): Traced => ({
    lines,
    shared: countBoundaries(lines, middle, "shared"),
    oneToOne: () => countBoundaries(lines, middle, "one-to-one"),
    interceptPx: meanInterceptPx(lines),
  });
  return {
    name,
    specimen: specimenOf(crop),
    trueInterceptPx: meanInterceptPx(middle),
    lines: THRESHOLDS.map((threshold) => trace(linesAbove(createRaster(boundary, width, height), threshold))),
    closed: THRESHOLDS.map((threshold) =>
      trace(skeletonize(boundaryMask(boundaryRegions(probabilities, { threshold })))),
    ),
  };
}

/** Indices of thresholds: of largest F1, and of least error of the intercept, which wants as many lines as there are. */
interface Chosen {
  readonly lines: number;
  readonly closed: number;
  readonly linesIntercept: number;
  readonly closedIntercept: number;
}

/** Chosen on crops predicted by models that have not seen them. */
function chooseThresholds(crops: readonly Crop[]): Chosen {
  const best = (kind: "lines" | "closed"): number => {
    const f1 = THRESHOLDS.map((_, t) => pooledF1(crops.map((crop) => (crop[kind][t] as Traced).shared)).f1); // one per threshold
    return f1.indexOf(Math.max(...f1));
  };
  const nearest = (kind: "lines" | "closed"): number => {
    const errors = THRESHOLDS.map((_, t) =>
      mean(crops.map((crop) => Math.abs((crop[kind][t] as Traced).interceptPx / crop.trueInterceptPx - 1))),
    );
    return errors.indexOf(Math.min(...errors));
  };
  return {
    lines: best("lines"),
    closed: best("closed"),
    linesIntercept: nearest("lines"),
    closedIntercept: nearest("closed"),
  };
}

function pick({ name, trueInterceptPx, lines, closed }: Crop, best: Chosen): Picked {
  return {
    name,
    trueInterceptPx,
    lines: lines[best.lines] as Traced, // indices of thresholds, here and below
    closed: closed[best.closed] as Traced,
    interceptPx: (lines[best.linesIntercept] as Traced).interceptPx,
    closedInterceptPx: (closed[best.closedIntercept] as Traced).interceptPx,
  };
}

/** Everything of some crops; `known` are held-out training crops, from which the correction of the intercept is learned. */
function score(crops: readonly Picked[], known: readonly Picked[]): BoundaryPart {
  const correct = interceptCorrection(known);
  const meanOfKnown = mean(known.map((crop) => crop.trueInterceptPx));
  const error = (estimate: (crop: Picked) => number): number =>
    mean(crops.map((crop) => Math.abs(estimate(crop) / crop.trueInterceptPx - 1)));
  const shared = (kind: "lines" | "closed"): PooledScore => pooledF1(crops.map((crop) => crop[kind].shared));
  const oneToOne = (kind: "lines" | "closed"): PooledScore => pooledF1(crops.map((crop) => crop[kind].oneToOne()));
  return {
    nImages: crops.length,
    shared: shared("lines"),
    oneToOne: oneToOne("lines"),
    closed: { shared: shared("closed"), oneToOne: oneToOne("closed") },
    interceptError: error((crop) => crop.interceptPx),
    interceptErrorClosed: error((crop) => crop.closedInterceptPx),
    interceptErrorCorrected: error(correct),
    interceptErrorOfMean: error(() => meanOfKnown),
  };
}

/** Least squares of the logarithm of the true intercept by those of both predicted ones (lines, closed regions). */
function interceptCorrection(known: readonly Picked[]): (crop: Picked) => number {
  const x = known.map(
    ({ interceptPx, closedInterceptPx }) => [Math.log(interceptPx), Math.log(closedInterceptPx)] as const,
  );
  const y = known.map((crop) => Math.log(crop.trueInterceptPx));
  const centre = [mean(x.map(([u]) => u)), mean(x.map(([, v]) => v)), mean(y)] as const;
  let [uu, uv, vv, uy, vy] = [1e-9, 0, 1e-9, 0, 0];
  for (const [k, [a, b]] of x.entries()) {
    const [u, v, w] = [a - centre[0], b - centre[1], (y[k] as number) - centre[2]]; // as long as x
    uu += u * u;
    uv += u * v;
    vv += v * v;
    uy += u * w;
    vy += v * w;
  }
  const det = uu * vv - uv * uv;
  const [p, q] = [(uy * vv - vy * uv) / det, (vy * uu - uy * uv) / det];
  return ({ interceptPx, closedInterceptPx }) =>
    Math.exp(centre[2] + p * (Math.log(interceptPx) - centre[0]) + q * (Math.log(closedInterceptPx) - centre[1]));
}

/** Each specimen by thresholds and correction of the others; F1 pooled over all, errors averaged over crops. */
function scoreHeldOut(crops: readonly Crop[]): BoundaryPart {
  const specimens = [...new Set(crops.map(({ specimen }) => specimen))];
  const picked: Picked[] = [];
  const parts: BoundaryPart[] = [];
  for (const specimen of specimens) {
    const others = crops.filter((crop) => crop.specimen !== specimen);
    const best = chooseThresholds(others);
    const mine = crops.filter((crop) => crop.specimen === specimen).map((crop) => pick(crop, best));
    picked.push(...mine);
    parts.push(
      score(
        mine,
        others.map((crop) => pick(crop, best)),
      ),
    );
  }
  const average = (value: (part: BoundaryPart) => number): number =>
    parts.reduce((sum, part) => sum + part.nImages * value(part), 0) / crops.length;
  // Thresholds of the specimens may differ; what is pooled over them needs no correction.
  return {
    ...score(picked, picked),
    interceptErrorCorrected: average((part) => part.interceptErrorCorrected),
    interceptErrorOfMean: average((part) => part.interceptErrorOfMean),
  };
}

async function draw(folder: string, crops: readonly LabelledImage[], picked: readonly Picked[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [k, { name, image }] of crops.entries()) {
    const { lines } = (picked[k] as Picked).lines; // one per crop
    const grey = createRaster(
      Float32Array.from(lines.data, (_, i) => image.data[3 * i + 1] as number),
      image.width,
      image.height,
    );
    const labels = createRaster(
      Uint32Array.from(lines.data, (v) => 1 - v),
      image.width,
      image.height,
    );
    await writeOverlayPng(join(folder, `tbm-${name}.png`), grey, labels);
  }
}
