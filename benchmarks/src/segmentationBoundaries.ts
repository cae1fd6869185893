import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createRaster, type Raster } from "@materiome/core";
import { writeOverlayPng } from "@materiome/microstructure";
import { boundaryRegions } from "@materiome/microstructure/pixels";
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
import { type BoundaryLearner, type LearnedBoundaries, learnBoundaries } from "./segmentationBoundaryLearners.ts";
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
  readonly learner: BoundaryLearner;
  readonly seed: number;
  /** Parts of specimens held out: each in turn of a pixel classifier, one of a U-Net and an average. */
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
  /** Of an average: each alone, at its own thresholds. */
  readonly members: readonly Pick<GrainBoundaryScore, "learner" | "heldOut" | "heldOutCrops" | "test">[];
  readonly testImages: readonly {
    readonly name: string;
    readonly f1: number;
    readonly interceptPx: number;
    readonly trueInterceptPx: number;
  }[];
}

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

export async function benchmarkGrainBoundaries(options: SegmentationOptions): Promise<GrainBoundaryScore> {
  const train = await readGrainBoundaries(options.data, "train");
  const test = await readGrainBoundaries(options.data, "test");
  // The test crops come from specimens that gave training crops too: what is chosen for them is learned from single crops held out.
  const official = await learnBoundaries(train, ({ name }) => name, 4, options);
  const { known, best, picked, part } = await scoreTest(official, test);
  if (options.overlays !== undefined) await draw(options.overlays, test, picked);
  const isNet = options.learner === "unet" || options.learner === "average";
  const nFolds = options.folds ?? (isNet ? 4 : new Set(train.map(specimenOf)).size);
  const bySpecimen = await learnBoundaries(train, specimenOf, nFolds, options);
  const members: GrainBoundaryScore["members"][number][] = [];
  for (const [k, member] of official.members.entries()) {
    const alone = await scoreTest(member, test);
    members.push({
      learner: member.learner,
      heldOut: scoreHeldOut(knownCrops(bySpecimen.members[k] as LearnedBoundaries)), // the same members
      heldOutCrops: scoreHeldOut(alone.known),
      test: alone.part,
    });
  }
  return {
    case: "grain boundaries",
    learner: official.learner,
    seed: options.seed,
    nFolds,
    threshold: THRESHOLDS[best.lines] as number, // an index of the list, here and below
    closedThreshold: THRESHOLDS[best.closed] as number,
    heldOut: scoreHeldOut(knownCrops(bySpecimen)),
    heldOutCrops: scoreHeldOut(known),
    test: part,
    members,
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

/** Test crops at the thresholds that held-out training crops choose. */
async function scoreTest(
  learned: LearnedBoundaries,
  test: readonly LabelledImage[],
): Promise<{ readonly known: Crop[]; readonly best: Chosen; readonly picked: Picked[]; readonly part: BoundaryPart }> {
  const known = knownCrops(learned);
  const best = chooseThresholds(known);
  const picked: Picked[] = [];
  for (const crop of test) picked.push(pick(describe(crop, await learned.classify(crop.image)), best));
  const part = score(
    picked,
    known.map((crop) => pick(crop, best)),
  );
  return { known, best, picked, part };
}

const knownCrops = ({ known }: LearnedBoundaries): Crop[] =>
  known.map(({ crop, probabilities }) => describe(crop, probabilities));

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
