import { dirname, resolve } from "node:path";
import { writeFileAtomic } from "@materiome/core";
import { readMicrograph } from "@materiome/microstructure";
import { regionClasses } from "@materiome/microstructure/patches";
import { checkLabelNumbers, checkLabelSize } from "../input/checkLabels.ts";
import { checkPairs } from "../input/checkPairs.ts";
import { doubtRegions } from "../input/doubtRegions.ts";
import { expandImages } from "../input/expandImages.ts";
import { readClasses } from "../input/readClasses.ts";
import { readRegions } from "../input/readRegions.ts";
import { readSampleMap } from "../input/readSampleMap.ts";
import { keptEpoch } from "../nets/keptEpoch.ts";
import { prepareFolder } from "../output/prepareFolder.ts";
import { segmentReport } from "../report/segmentReport.ts";
import { type HeldOutScore, meanScores, scoreHeldOut, summariseRegions } from "../segment/heldOutScores.ts";
import { withLearnedFrom } from "../segment/learnedFrom.ts";
import { noBetterRegions } from "../segment/noBetterRegions.ts";
import { regionTable } from "../segment/regionTable.ts";
import type { TrainedModel, TrainingPair } from "../segment/trainedModel.ts";
import { type Target, type TrainingTarget, trainingTarget } from "../segment/trainingTarget.ts";
import { createTreeLearner, trainTrees } from "../segment/trainTrees.ts";
import { UsageError } from "../terminal/exitCodes.ts";
import type { CommonOptions, Session } from "../terminal/session.ts";
import { textTable } from "../terminal/textTable.ts";
import { versions } from "../version.ts";

export interface SegmentTrainOptions extends CommonOptions {
  readonly labels: readonly string[];
  readonly target?: Target;
  readonly classes?: readonly string[];
  readonly out: string;
  readonly pixelSize?: number;
  readonly normalise?: "image" | "none";
  readonly dataBar?: "crop" | "keep";
  readonly learner?: "forest" | "boosting" | "unet";
  readonly specimens?: string;
  readonly report?: string;
  // Of trees.
  readonly samples?: number;
  readonly context?: boolean;
  readonly trees?: number;
  // Of nets.
  readonly epochs?: number;
  readonly learningRate?: number;
  readonly filters?: readonly number[];
  readonly patch?: number;
  readonly augment?: readonly string[];
  readonly validation?: readonly string[];
  readonly test?: readonly string[];
  readonly pretrained?: string;
  readonly resume?: boolean;
}

const TREE_OPTIONS = ["samples", "context", "trees"] as const;
const NET_OPTIONS = [
  ...(["epochs", "learningRate", "filters", "patch", "augment"] as const),
  ...(["validation", "test", "pretrained", "resume"] as const),
] as const;

/** `materiome segment train IMAGES --labels LABELS --classes NAMES --out MODEL`: a trained segmentation, scored on images held out. */
export async function runSegmentTrainCommand(
  names: readonly string[],
  options: SegmentTrainOptions,
  session: Session,
): Promise<void> {
  const target = trainingTarget(options);
  const { classes } = target;
  const train = await chooseLearner(options, session);
  await prepareFolder(dirname(resolve(options.out)));
  if (options.report !== undefined) await prepareFolder(dirname(resolve(options.report)));
  const pairs = await readPairs(names, target, options, session);
  const trained = await train(pairs);
  await writeFileAtomic(options.out, JSON.stringify(withLearnedFrom(trained.classifier, trained.learnedFrom)));
  await trained.finish?.();
  const { net } = trained;

  const scored = trained.heldOut.flatMap((held) => scoreHeldOut(held, classes) ?? []);
  const roles = (["fold", "test", "validation"] as const).filter((role) => scored.some((score) => score.role === role));
  const [main] = roles;
  const of = (role: HeldOutScore["role"] | undefined) =>
    meanScores(
      scored.filter((score) => score.role === role),
      classes,
    );
  const best = of(main);
  const regions = main === undefined ? undefined : summariseRegions(trained.heldOut, main);
  const rows = classes.map((name, k) => ({
    name,
    nLabelled: trained.nLabelled[k] ?? 0,
    nSampled: trained.nSampled[k] ?? 0,
    heldOutIou: main === "validation" ? null : (best.byClass[k] ?? null),
    ...(roles.includes("validation") ? { validationIou: of("validation").byClass[k] ?? null } : {}),
  }));
  const result = {
    model: options.out,
    classes: rows,
    heldOutMicroIou: main === "validation" ? null : best.microIou,
    nImages: pairs.length,
    learner: options.learner ?? "forest",
    ...(target.regions === undefined ? {} : { target: target.target, regions: regions ?? null }),
    ...trained.details,
    heldOut: scored,
    ...net,
    warnings: [...trained.warnings, ...unscored(scored, main, classes), ...noBetterRegions(regions)],
    seed: session.seed,
    versions: versions(),
  };
  if (options.report !== undefined) {
    await writeFileAtomic(options.report, await segmentReport(result, trained.heldOut, classes));
  }
  session.result(result);
  const shown = (value: number | null | undefined): string => value?.toFixed(3) ?? "–";
  const hasValidation = roles.includes("validation");
  session.output(
    textTable(
      [
        "class",
        "labelled pixels",
        "training pixels",
        "IoU, image held out",
        ...(hasValidation ? ["IoU, chose the epoch"] : []),
      ],
      rows.map((row) => [
        row.name,
        String(row.nLabelled),
        String(row.nSampled),
        shown(row.heldOutIou),
        ...(hasValidation ? [shown(row.validationIou)] : []),
      ]),
    ),
  );
  if (regions !== undefined) {
    session.say();
    session.output(regionTable(regions));
  }
  if (net !== undefined) session.say(`\n${keptEpoch(net.learningCurve, net.bestEpoch)}`);
  for (const text of result.warnings) session.warn(text);
  session.say(`\n${options.out}: use it with materiome digitize … --model ${options.out}, or segment predict`);
}

/** Checks the options before any work, and loads the learner. */
async function chooseLearner(
  options: SegmentTrainOptions,
  session: Session,
): Promise<(pairs: readonly TrainingPair[]) => Promise<TrainedModel>> {
  const { learner = "forest" } = options;
  const [strange, owners] = learner === "unet" ? [TREE_OPTIONS, "forest or boosting"] : [NET_OPTIONS, "unet"];
  const given = strange.find((name) => options[name] !== undefined);
  if (given !== undefined)
    throw new UsageError(
      `--${given === "learningRate" ? "learning-rate" : given} is for --learner ${owners}, not for ${learner}`,
    );
  if (learner === "unet") {
    const { netSettings, trainNet } = await import("../segment/trainNet.ts");
    const settings = await netSettings(options);
    return (pairs) => trainNet(pairs, settings, options, session);
  }
  const trees = createTreeLearner(learner, options.trees);
  return (pairs) => trainTrees(pairs, trees, options, session);
}

/** Classes of which the scores say nothing. */
function unscored(
  scored: readonly HeldOutScore[],
  role: HeldOutScore["role"] | undefined,
  classes: readonly string[],
): string[] {
  const chosen = scored.filter((score) => score.role === role);
  if (chosen.length === 0) return [];
  const missing = classes.filter((_, k) => chosen.every(({ byClass }) => (byClass[k]?.iou ?? null) === null));
  return missing.map((name) => `no image held out has labels of ${name}: it has no score`);
}

async function readPairs(
  names: readonly string[],
  target: TrainingTarget,
  options: SegmentTrainOptions,
  session: Session,
): Promise<TrainingPair[]> {
  const files = await expandImages(names, "micrographs");
  const labelFiles = await expandImages(options.labels, "labels");
  if (files.length !== labelFiles.length) {
    throw new UsageError(
      `${files.length} micrographs for ${labelFiles.length} label images; give one for each, in the same order`,
    );
  }
  checkPairs(files, labelFiles);
  const specimens = options.specimens === undefined ? undefined : await readSampleMap(options.specimens, files);
  for (const name of specimens?.notGiven ?? []) {
    session.warn(`${options.specimens}: names ${name}, which is not among the images`);
  }
  const pairs: TrainingPair[] = [];
  for (const [i, file] of files.entries()) {
    const pair = await readPair(file, labelFiles[i] ?? "", target, options, session);
    if (!pair.labels.data.some((label) => label > 0)) {
      session.warn(`${pair.labelFile}: labels no pixel; nothing is learned from ${file}, and it is not scored`);
    }
    pairs.push({ ...pair, group: specimens?.specimens.get(file) });
  }
  return pairs;
}

async function readPair(
  file: string,
  labelFile: string,
  { classes, regions, hasDistance }: TrainingTarget,
  options: SegmentTrainOptions,
  session: Session,
): Promise<TrainingPair> {
  const { grey, colour, dataBar } = await readMicrograph(file, {
    pixelSizeUm: options.pixelSize,
    dataBar: options.dataBar,
  });
  const size = { file, width: grey.width, height: grey.height, dataBar };
  if (regions !== undefined) {
    const found = await readRegions(labelFile, grey);
    checkLabelSize({ file: labelFile, labels: found }, size);
    for (const text of doubtRegions({ file: labelFile, labels: found }, regions)) session.warn(text);
    // Beside a boundary that is drawn no pixel is surely grain; where distance is learned every pixel is needed.
    const labels = regionClasses(found, regions, { doubtPx: hasDistance ? 0 : 2 });
    return { image: colour ?? grey, grey, labels, regions: found, file, labelFile };
  }
  const labels = await readClasses(labelFile, grey, classes);
  checkLabelSize({ file: labelFile, labels }, size);
  checkLabelNumbers({ file: labelFile, labels }, classes);
  return { image: colour ?? grey, grey, labels, file, labelFile };
}
