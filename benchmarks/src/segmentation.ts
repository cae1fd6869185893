/**
 * Accuracy of the trained pixel classifier on hand-labelled micrographs. From the repository root, with MATERIOME_DATA set:
 *
 *   node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/segmentation.ts --set tbm
 *
 * Options: --json, --set tbm|super1|super2|super3|super4|ebc1|ebc2, --split val|test (val only for the NASA sets; default test),
 * --learner forest|boosting|unet|average (boosting, the default there, and average, of boosting and a U-Net, only with tbm; else forest), --epochs N (unet), --trees N (of the
 * forest, or rounds of boosting), --samples N (pixels an image), --folds N (tbm: parts of specimens held out, in turn or, by a U-Net, one;
 * default one specimen each, or four parts), --without augmentation|balance|normalisation|views (unet), --pretrain (unet, NASA sets: first on images
 * without labels), --threads N (default 2), --seed N, --overlays FOLDER (pictures of the predictions).
 *
 * Thresholds and corrections come from held-out training images; the test images are only scored.
 */
import { closeWorkers } from "@materiome/core";
import { hasOption, numberOptions, runAsCommand, textOption } from "./commandLine.ts";
import { type Provenance, provenance, provenanceLine } from "./provenance.ts";
import { benchmarkGrainBoundaries, type GrainBoundaryScore } from "./segmentationBoundaries.ts";
import type { BoundaryLearner } from "./segmentationBoundaryLearners.ts";
import { benchmarkPhases, PHASE_SETS, type PhaseScore, type SegmentationOptions } from "./segmentationPhases.ts";
import { PARTS, type UNetTraining } from "./segmentationUNet.ts";

export type SegmentationBenchmark = Provenance & { readonly suite: "accuracy"; readonly seconds: number } & (
    | GrainBoundaryScore
    | PhaseScore
  );

async function benchmarkSegmentation(): Promise<SegmentationBenchmark> {
  const data = process.env["MATERIOME_DATA"];
  if (data === undefined) throw new Error("set MATERIOME_DATA to the folder that holds the datasets");
  const set = textOption("set") ?? "tbm";
  const asked = textOption("learner") ?? (set === "tbm" ? "boosting" : "forest");
  const learner = ["forest", "unet", ...(set === "tbm" ? ["boosting", "average"] : [])].find(
    (name) => name === asked,
  ) as SegmentationOptions["learner"] | undefined;
  if (learner === undefined) {
    throw new Error(`--learner ${asked} with --set ${set}: expected forest, unet or, with tbm, boosting or average`);
  }
  const without = PARTS.find((part) => part === textOption("without"));
  if (textOption("without") !== undefined && without === undefined) {
    throw new Error(`--without ${textOption("without")}: expected ${PARTS.join(", ")}`);
  }
  const options = {
    data,
    without,
    isPretrained: hasOption("pretrain"),
    threads: 2,
    seed: 1,
    overlays: textOption("overlays"),
    learner,
    ...numberOptions(["trees", "samples", "folds", "epochs", "threads", "seed"]),
  };
  const started = performance.now();
  try {
    let score: GrainBoundaryScore | PhaseScore;
    if (set === "tbm") score = await benchmarkGrainBoundaries(options);
    else if (Object.hasOwn(PHASE_SETS, set)) {
      score = await benchmarkPhases(set, textOption("split") === "val" ? "val" : "test", options);
    } else throw new Error(`--set ${set}: expected tbm, ${Object.keys(PHASE_SETS).join(", ")}`);
    return { suite: "accuracy", ...score, seconds: (performance.now() - started) / 1000, ...provenance() };
  } finally {
    await closeWorkers();
  }
}

const f = (value: number | null): string => (value === null ? "–" : value.toFixed(3));

const describeNet = ({ filters, bestEpoch, epochs }: UNetTraining): string =>
  `U-Net of filters ${filters.join("-")}, epoch ${bestEpoch} of ${epochs}`;

const describeBoundaries = (learner: BoundaryLearner): string => {
  if (learner.type === "average") return `average of ${learner.members.map(describeBoundaries).join(" and ")}`;
  if (learner.type === "unet") return describeNet(learner);
  return `${learner.learner.type}, ${learner.samplesPerImage} pixels a crop, ${learner.nFeatures} features`;
};

function printBoundaries(
  { learner, heldOut, heldOutCrops, test }: GrainBoundaryScore["members"][number],
  seed: number,
): void {
  console.log(`tbm-grain-boundaries, ${describeBoundaries(learner)}, seed ${seed}`);
  for (const [name, part] of Object.entries({
    "held-out specimens": heldOut,
    "held-out crops": heldOutCrops,
    "official test": test,
  })) {
    console.log(
      `  ${name}, ${part.nImages} crops: F1 ${f(part.shared.f1)} (precision ${f(part.shared.precision)}, recall ${f(part.shared.recall)}), one to one ${f(part.oneToOne.f1)}; intercept error ${f(100 * part.interceptError)} % of the lines, ${f(100 * part.interceptErrorClosed)} % of closed regions, ${f(100 * part.interceptErrorCorrected)} % corrected; training mean for all ${f(100 * part.interceptErrorOfMean)} %`,
    );
    console.log(`    closed regions: F1 ${f(part.closed.shared.f1)}, one to one ${f(part.closed.oneToOne.f1)}`);
  }
}

function print(result: SegmentationBenchmark): void {
  if (result.case === "grain boundaries") {
    for (const one of [...result.members, result]) printBoundaries(one, result.seed);
    console.log(`  thresholds ${f(result.threshold)} (lines), ${f(result.closedThreshold)} (closed regions)`);
  } else {
    const { learner } = result;
    const what =
      learner.type === "forest" ? `${learner.nTrees} trees, ${learner.nFeatures} features` : describeNet(learner);
    console.log(
      `${result.set} ${result.split}, ${what}, seed ${result.seed}, trained in ${result.trainingSeconds.toFixed(0)} s`,
    );
    console.log(
      `  micro IoU ${f(result.microIou)}; ${result.byClass.map(({ name, iou }) => `${name} ${f(iou)}`).join(", ")}`,
    );
    console.log(
      `  truth shifted by one pixel: micro ${f(result.shifted.microIou)}; ${result.shifted.byClass.map(({ name, iou }) => `${name} ${f(iou)}`).join(", ")}`,
    );
    for (const { name, microIou } of result.images) console.log(`  ${name} ${f(microIou)}`);
  }
  console.log(`  ${result.seconds.toFixed(0)} s; ${provenanceLine(result)}`);
}

await runAsCommand(import.meta.url, benchmarkSegmentation, print);
