/**
 * Accuracy of the trained pixel classifier on hand-labelled micrographs. From the repository root, with MATERIOME_DATA set:
 *
 *   node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/segmentation.ts --set tbm
 *
 * Options: --json, --set tbm|super1|super3|ebc1, --split val|test (val only for the NASA sets; default test), --learner forest|boosting
 * (tbm; default boosting), --trees N (of the forest, or rounds of boosting), --samples N (pixels an image), --folds N (tbm: parts of
 * specimens held out in turn; default one specimen each), --threads N (default 2), --seed N, --overlays FOLDER (pictures of the predictions).
 *
 * Thresholds and corrections come from held-out training images; the test images are only scored.
 */
import { closeWorkers } from "@materiome/core";
import { numberOptions, runAsCommand, textOption } from "./commandLine.ts";
import { type Provenance, provenance, provenanceLine } from "./provenance.ts";
import { benchmarkGrainBoundaries, type GrainBoundaryScore } from "./segmentationBoundaries.ts";
import { benchmarkPhases, PHASE_SETS, type PhaseScore, type PixelLearnerName } from "./segmentationPhases.ts";

export type SegmentationBenchmark = Provenance & { readonly suite: "accuracy"; readonly seconds: number } & (
    | GrainBoundaryScore
    | PhaseScore
  );

async function benchmarkSegmentation(): Promise<SegmentationBenchmark> {
  const data = process.env["MATERIOME_DATA"];
  if (data === undefined) throw new Error("set MATERIOME_DATA to the folder that holds the datasets");
  const set = textOption("set") ?? "tbm";
  const asked = textOption("learner") ?? (set === "tbm" ? "boosting" : "forest");
  const learner: PixelLearnerName | undefined =
    asked === "forest" ? "forest" : asked === "boosting" && set === "tbm" ? "boosting" : undefined;
  if (learner === undefined) {
    throw new Error(`--learner ${asked} with --set ${set}: expected forest, or boosting with --set tbm`);
  }
  const options = {
    data,
    threads: 2,
    seed: 1,
    overlays: textOption("overlays"),
    learner,
    ...numberOptions(["trees", "samples", "folds", "threads", "seed"]),
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

function print(result: SegmentationBenchmark): void {
  if (result.case === "grain boundaries") {
    console.log(
      `tbm-grain-boundaries, ${result.learner.type}, ${result.samplesPerImage} pixels a crop, ${result.nFeatures} features, seed ${result.seed}`,
    );
    for (const [name, part] of Object.entries({
      "held-out specimens": result.heldOut,
      "held-out crops": result.heldOutCrops,
      "official test": result.test,
    })) {
      console.log(
        `  ${name}, ${part.nImages} crops: F1 ${f(part.shared.f1)} (precision ${f(part.shared.precision)}, recall ${f(part.shared.recall)}), one to one ${f(part.oneToOne.f1)}; intercept error ${f(100 * part.interceptError)} % of the lines, ${f(100 * part.interceptErrorClosed)} % of closed regions, ${f(100 * part.interceptErrorCorrected)} % corrected; training mean for all ${f(100 * part.interceptErrorOfMean)} %`,
      );
      console.log(`    closed regions: F1 ${f(part.closed.shared.f1)}, one to one ${f(part.closed.oneToOne.f1)}`);
    }
    console.log(`  thresholds ${f(result.threshold)} (lines), ${f(result.closedThreshold)} (closed regions)`);
  } else {
    console.log(
      `${result.set} ${result.split}, ${result.nTrees} trees, ${result.nFeatures} features, seed ${result.seed}`,
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
