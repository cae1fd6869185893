import { join } from "node:path";
import { isMateriomeError, writeFileAtomic } from "@materiome/core";
import {
  type ClassifiedImage,
  classifyBatch,
  loadClassifier,
  readLabelImage,
  readMicrograph,
} from "@materiome/microstructure";
import { openMosaic } from "@materiome/microstructure/mosaic";
import { regionClasses, separateRegions } from "@materiome/microstructure/patches";
import type { MicrographSegmenter } from "@materiome/microstructure/pixels";
import { checkLabelNumbers, checkLabelSize, type LabelledSize } from "../input/checkLabels.ts";
import { checkPairs } from "../input/checkPairs.ts";
import { expandImages } from "../input/expandImages.ts";
import { fileContent } from "../input/imageContent.ts";
import { readClasses } from "../input/readClasses.ts";
import { readRegions } from "../input/readRegions.ts";
import { prepareFolder } from "../output/prepareFolder.ts";
import { type HeldOutScore, meanScores, scoreHeldOut } from "../segment/heldOutScores.ts";
import { contentsOf, type LearnedFrom, readLearnedFrom } from "../segment/learnedFrom.ts";
import { type HeldOutRegionPair, scoreRegions } from "../segment/regionScores.ts";
import { EXIT, type SetExitCode, UsageError } from "../terminal/exitCodes.ts";
import { counted } from "../terminal/figures.ts";
import type { CommonOptions, Session } from "../terminal/session.ts";
import { textTable } from "../terminal/textTable.ts";
import { versions } from "../version.ts";
import { byText } from "./digitize.ts";

export interface SegmentPredictOptions extends CommonOptions {
  readonly model: string;
  readonly out: string;
  readonly labels?: readonly string[];
  readonly pixelSize?: number;
  readonly otherScale?: "refuse" | "rescale" | "ignore";
  readonly otherColour?: "refuse" | "convert";
  readonly views?: "flips" | "square";
  readonly dataBar?: "crop" | "keep";
  readonly probabilities?: boolean;
}

/** `materiome segment predict IMAGES --model MODEL --out DIR`: label images, uncertainty, overlays, `summary.json`. */
export async function runSegmentPredictCommand(
  names: readonly string[],
  options: SegmentPredictOptions,
  session: Session,
  setExitCode: SetExitCode,
): Promise<void> {
  const { out, model } = options;
  const files = await expandImages(names, "micrographs");
  const labelFiles = options.labels === undefined ? undefined : await expandImages(options.labels, "labels");
  if (labelFiles !== undefined && labelFiles.length !== files.length) {
    throw new UsageError(
      `${files.length} micrographs for ${labelFiles.length} label images; give one for each, in the same order, or none`,
    );
  }
  if (labelFiles !== undefined) checkPairs(files, labelFiles);
  await prepareFolder(out);
  const reader = { path: model, readerModule: import.meta.resolve("@materiome/forward"), views: options.views };
  const classifier = labelFiles === undefined ? undefined : await loadClassifier(reader);
  const learnedFrom = labelFiles === undefined ? undefined : await readLearnedFrom(model);
  const known = new Set<string>();
  if (labelFiles !== undefined && classifier !== undefined) {
    for (const file of await checkAllLabels(files, labelFiles, classifier, learnedFrom, options, session))
      known.add(file);
  }
  const { classes, images, skipped } = await classifyBatch(files, {
    outDir: out,
    model: reader,
    pixelSizeUm: options.pixelSize,
    dataBar: options.dataBar,
    otherPixelSize: options.otherScale,
    otherColour: options.otherColour,
    hasProbabilities: options.probabilities ?? false,
    threads: session.threads,
    signal: session.signal,
    onProgress: session.onProgress,
  });
  const scores = new Map<string, HeldOutScore>();
  const regionPairs = new Map<string, HeldOutRegionPair>();
  for (const image of labelFiles === undefined ? [] : images) {
    const labelFile = labelFiles?.[files.indexOf(image.file)] ?? "";
    const kind = classifier?.instances?.kind;
    const held = await heldOut(image, labelFile, classes, kind, options);
    const score = scoreHeldOut(held, classes);
    if (score !== null) scores.set(image.file, score);
    if (held.regions !== undefined) regionPairs.set(image.file, held.regions);
  }
  const summary = (isKnown: boolean) => {
    const of = [...scores.values()].filter(({ file }) => known.has(file) === isKnown);
    const { microIou, byClass } = meanScores(of, classes);
    const regions = scoreRegions([...regionPairs].flatMap(([file, pair]) => (known.has(file) === isKnown ? pair : [])));
    return { nImages: of.length, microIou, iou: byClass, ...(regions === null ? {} : { regions }) };
  };
  const hasRegions = images.some(({ nRegions }) => nRegions !== undefined);
  const isScored = labelFiles !== undefined;
  const [unseen, seen] = [summary(false), summary(true)];
  const document = {
    model,
    classes,
    images: images.map((image) => {
      const score = scores.get(image.file);
      if (score === undefined) return image;
      const { microIou, byClass: iou } = score;
      const isLearnedFrom = learnedFrom === undefined ? null : known.has(image.file);
      const { regions } = score;
      return { ...image, isLearnedFrom, microIou, iou, ...(regions === undefined ? {} : { regions }) };
    }),
    ...(isScored ? { ...unseen, learnedFrom: learnedFrom === undefined ? null : seen } : {}),
    skipped,
    seed: session.seed,
    versions: versions(),
  };
  await writeFileAtomic(join(out, "summary.json"), `${JSON.stringify(document, null, 2)}\n`);
  session.result(document);
  if (images.length > 0) {
    session.output(
      textTable(
        [
          "image",
          ...(hasRegions ? ["regions"] : []),
          "share of area",
          "mean uncertainty",
          ...(known.size > 0 ? ["learned from"] : []),
          ...(isScored ? ["micro IoU", ...classes] : []),
          ...(regionPairs.size > 0 ? ["F1 of regions", "panoptic quality"] : []),
        ],
        images.map((image) => {
          const score = scores.get(image.file);
          const ious = [score?.microIou, ...classes.map((_, k) => score?.byClass[k]?.iou)];
          return [
            image.file,
            ...(hasRegions ? [String(image.nRegions ?? 0)] : []),
            image.classes.map(({ name, fraction }) => `${name} ${(100 * fraction).toFixed(1)} %`).join(", "),
            image.meanUncertainty.toFixed(3),
            ...(known.size > 0 ? [known.has(image.file) ? "yes" : "no"] : []),
            ...(isScored ? ious.map((value) => value?.toFixed(3) ?? "–") : []),
            ...(regionPairs.size > 0
              ? [score?.regions?.f1, score?.regions?.quality].map((value) => value?.toFixed(3) ?? "–")
              : []),
          ];
        }),
      ),
    );
  }
  if (isScored) session.output("");
  for (const [{ nImages, microIou }, which] of [
    [unseen, learnedFrom === undefined ? "" : ", new to the model"],
    [seen, ", known to the model from its training"],
  ] as const) {
    if (microIou !== null) {
      session.output(`mean micro IoU of ${counted(nImages, "image")}${which}: ${microIou.toFixed(3)}`);
    }
  }
  for (const text of byText(images)) session.warn(text);
  if (scores.size > 0 && learnedFrom === undefined) {
    session.warn(
      `${model} does not say which images it has learned from (it is from elsewhere, or of an earlier version): if these are among them, scores are too good`,
    );
  }
  if (seen.nImages > 0) {
    session.warn(
      `${seen.nImages} of ${counted(scores.size, "image")} are among those that the model has learned from, or that chose its epoch: their scores say nothing of new images, and are kept apart`,
    );
  }
  for (const { file, reason } of skipped) {
    session.warn(`skipped: ${reason.includes(file) ? reason : `${file}: ${reason}`}`);
  }
  session.say(
    `\n${images.length} of ${files.length} images${images.length === 0 ? "" : `; look at the overlays in ${out}`}`,
  );
  if (images.length === 0) setExitCode(EXIT.badInput);
  else if (skipped.length > 0) setExitCode(EXIT.someSkipped);
}

/**
 * Labels that do not fit would else be met when all images are segmented.
 *
 * @returns files that the model has learned from
 */
async function checkAllLabels(
  files: readonly string[],
  labelFiles: readonly string[],
  { classes, instances }: MicrographSegmenter,
  learnedFrom: ReadonlySet<string> = new Set(),
  options: SegmentPredictOptions,
  session: Session,
): Promise<readonly string[]> {
  const known: string[] = [];
  for (const [k, file] of files.entries()) {
    session.signal.throwIfAborted();
    const read = await sizeOf(file, options.dataBar);
    if (read === undefined) continue;
    const { size, contents } = read;
    if (contents.some((content) => learnedFrom.has(content))) known.push(file);
    const labelFile = labelFiles[k]!; // as many
    const labels = await (instances === undefined
      ? readClasses(labelFile, size, classes)
      : readRegions(labelFile, size));
    checkLabelSize({ file: labelFile, labels }, size);
    if (instances === undefined) checkLabelNumbers({ file: labelFile, labels }, classes);
    session.onProgress({ stage: "check labels", done: k + 1, total: files.length });
  }
  return known;
}

/** Undefined for what cannot be read: it will be among the images skipped. Whether a mosaic has a data bar is not known before it is segmented. */
async function sizeOf(
  file: string,
  dataBar: SegmentPredictOptions["dataBar"],
): Promise<{ readonly size: LabelledSize; readonly contents: LearnedFrom } | undefined> {
  try {
    const { width, height } = await openMosaic(file).catch(() => ({ width: 0, height: 0 }));
    if (width * height > LARGE) {
      return { size: { file, width, height, mayLackRows: true }, contents: [await fileContent(file)] };
    }
    const { grey, colour, dataBar: bar } = await readMicrograph(file, { dataBar });
    const size = { file, width: grey.width, height: grey.height, dataBar: bar };
    return { size, contents: await contentsOf([{ file, image: colour ?? grey }]) };
  } catch (error) {
    if (isMateriomeError(error)) return undefined;
    throw error;
  }
}

/** What `classifyBatch` works on in bands. */
const LARGE = 30_000_000;

/** What was written of an image, beside its labels. */
async function heldOut(
  image: ClassifiedImage,
  labelFile: string,
  classes: readonly string[],
  kind: "grains" | "particles" | undefined,
  { out }: SegmentPredictOptions,
): Promise<Parameters<typeof scoreHeldOut>[0]> {
  const found = (await readLabelImage(join(out, image.outputs.labels))).labels;
  const given = await (kind === undefined ? readClasses(labelFile, image, classes) : readRegions(labelFile, image));
  checkLabelSize({ file: labelFile, labels: given }, image);
  const common = { file: image.file, role: "test" } as const;
  if (kind === undefined) return { ...common, predicted: found, truth: given };
  return {
    ...common,
    predicted: regionClasses(found, kind),
    truth: regionClasses(given, kind),
    regions: { predicted: found, truth: separateRegions(given, kind) },
  };
}
