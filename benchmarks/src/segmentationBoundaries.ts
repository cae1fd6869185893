import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createRandom, createRaster, type LabelMap, type Raster } from "@materiome/core";
import { createRandomForestClassifier } from "@materiome/forward";
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
import {
  type BoundaryCounts,
  countBoundaries,
  linesAbove,
  meanInterceptPx,
  type PooledScore,
  pooledF1,
} from "./boundaryScores.ts";
import { distanceToLines } from "./distanceToLines.ts";
import type { SegmentationOptions } from "./segmentationPhases.ts";
import { type LabelledImage, middleLines, readGrainBoundaries } from "./segmentationSets.ts";

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
  readonly nTrees: number;
  readonly nFeatures: number;
  readonly seed: number;
  readonly nFolds: number;
  readonly threshold: number;
  readonly closedThreshold: number;
  /** Training crops whose specimen the model has not seen; threshold and correction from the other specimens. */
  readonly heldOut: BoundaryPart;
  readonly test: BoundaryPart;
  readonly testImages: readonly {
    readonly name: string;
    readonly f1: number;
    readonly interceptPx: number;
    readonly trueInterceptPx: number;
  }[];
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
  surroundingsPx: [16],
};
const THRESHOLDS = Array.from({ length: 9 }, (_, k) => 0.3 + 0.05 * k);

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
}

export async function benchmarkGrainBoundaries(options: SegmentationOptions): Promise<GrainBoundaryScore> {
  const train = await readGrainBoundaries(options.data, "train");
  const test = await readGrainBoundaries(options.data, "test");
  const nTrees = options.trees ?? 60;
  const nFolds = options.folds ?? 4;
  const learner = createRandomForestClassifier({ nTrees, minSamplesLeaf: 3, maxFeatures: 0.2 });
  const run = { random: createRandom(options.seed), threads: options.threads };
  const images = train.map(({ name, image, truth }) => ({
    name,
    group: specimenOf(name),
    image,
    labels: bandLabels(truth),
  }));
  const training: TrainPixelClassifierOptions = {
    classes: CLASSES,
    samplesPerImage: options.samples ?? 2000,
    features: FEATURES,
    autoContext: { lineClass: "boundary", surroundingsPx: [16, 32] },
    nFolds,
    priorExponent: 0,
    isCrossPredicted: true,
  };
  const { classifier, outOfFold = [] } = await trainPixelClassifier(images, learner, training, run);
  const known = train.map((crop, k) => describe(crop, outOfFold[k] as Raster<Float32Array>)); // one per image
  const unseen: Crop[] = [];
  for (const crop of test)
    unseen.push(describe(crop, await classifyPixels(crop.image, classifier, { threads: options.threads })));
  const best = chooseThresholds(known);
  const picked = unseen.map((crop) => pick(crop, best));
  if (options.overlays !== undefined) await draw(options.overlays, test, picked);
  return {
    case: "grain boundaries",
    nTrees,
    nFeatures: classifier.featureNames.length,
    seed: options.seed,
    nFolds,
    threshold: THRESHOLDS[best.lines] as number, // an index of the list, here and below
    closedThreshold: THRESHOLDS[best.closed] as number,
    heldOut: scoreHeldOut(known),
    test: score(
      picked,
      known.map((crop) => pick(crop, best)),
    ),
    testImages: picked.map(({ name, lines, trueInterceptPx }) => ({
      name,
      f1: pooledF1([lines.shared]).f1,
      interceptPx: lines.interceptPx,
      trueInterceptPx,
    })),
  };
}

const specimenOf = (name: string): string => name.split("-")[0] as string; // split gives at least one part

/** Boundary within 1.5 px of the middle of the drawn line, grain from 3.5 px; what lies between teaches nothing. */
function bandLabels(truth: LabelMap): LabelMap {
  const distance = distanceToLines(middleLines(truth));
  return createRaster(
    Uint32Array.from(distance, (d) => (d <= 1.5 ? 2 : d >= 3.5 ? 1 : 0)),
    truth.width,
    truth.height,
  );
}

function describe({ name, truth }: LabelledImage, probabilities: Raster<Float32Array>): Crop {
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
    specimen: specimenOf(name),
    trueInterceptPx: meanInterceptPx(middle),
    lines: THRESHOLDS.map((threshold) => trace(linesAbove(createRaster(boundary, width, height), threshold))),
    closed: THRESHOLDS.map((threshold) =>
      trace(skeletonize(boundaryMask(boundaryRegions(probabilities, { threshold })))),
    ),
  };
}

interface Chosen {
  readonly lines: number;
  readonly closed: number;
}

/** Thresholds of largest F1 on crops predicted by models that have not seen them. */
function chooseThresholds(crops: readonly Crop[]): Chosen {
  const best = (kind: "lines" | "closed"): number => {
    const f1 = THRESHOLDS.map((_, t) => pooledF1(crops.map((crop) => (crop[kind][t] as Traced).shared)).f1); // one per threshold
    return f1.indexOf(Math.max(...f1));
  };
  return { lines: best("lines"), closed: best("closed") };
}

function pick({ name, trueInterceptPx, lines, closed }: Crop, best: Chosen): Picked {
  return { name, trueInterceptPx, lines: lines[best.lines] as Traced, closed: closed[best.closed] as Traced };
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
    interceptError: error((crop) => crop.lines.interceptPx),
    interceptErrorClosed: error((crop) => crop.closed.interceptPx),
    interceptErrorCorrected: error(correct),
    interceptErrorOfMean: error(() => meanOfKnown),
  };
}

/** Least squares of the logarithm of the true intercept by those of both predicted ones (lines, closed regions). */
function interceptCorrection(known: readonly Picked[]): (crop: Picked) => number {
  const x = known.map(({ lines, closed }) => [Math.log(lines.interceptPx), Math.log(closed.interceptPx)] as const);
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
  return ({ lines, closed }) =>
    Math.exp(
      centre[2] + p * (Math.log(lines.interceptPx) - centre[0]) + q * (Math.log(closed.interceptPx) - centre[1]),
    );
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
