import {
  createRandom,
  DataError,
  isMateriomeError,
  type LabelMap,
  type PixelLearner,
  type Raster,
  writeFileAtomic,
} from "@materiome/core";
import { createGradientBoostingClassifier, createRandomForestClassifier } from "@materiome/forward";
import { readLabelImage, readMicrograph } from "@materiome/microstructure";
import { rasteriseAnnotations, readAnnotationFile } from "@materiome/microstructure/annotations";
import { type ClassScores, classScores } from "@materiome/microstructure/compare";
import { labelPixels, type TrainingImage, trainPixelClassifier } from "@materiome/microstructure/pixels";
import { expandImages } from "../input/expandImages.ts";
import { UsageError } from "../terminal/exitCodes.ts";
import type { CommonOptions, Session } from "../terminal/session.ts";
import { textTable } from "../terminal/textTable.ts";
import { versions } from "../version.ts";

export interface SegmentTrainOptions extends CommonOptions {
  readonly labels: readonly string[];
  readonly classes: readonly string[];
  readonly out: string;
  readonly pixelSize?: number;
  readonly samples?: number;
  readonly context?: boolean;
  readonly normalise?: "image" | "none";
  readonly learner?: "forest" | "boosting";
  readonly trees?: number;
}

type LearnerName = NonNullable<SegmentTrainOptions["learner"]>;

/** What the learners take at most. */
const MOST_TREES: Readonly<Record<LearnerName, number>> = { forest: 32_000, boosting: 10_000 };

/** What is asked of a learner here. */
type Fits = Pick<PixelLearner, "fit">;

function createLearner(learner: LearnerName, trees: number | undefined): Fits {
  if (trees !== undefined && trees > MOST_TREES[learner]) {
    throw new UsageError(`--trees must be at most ${MOST_TREES[learner]} with --learner ${learner}, got ${trees}`);
  }
  return learner === "boosting" ? boostPixels(trees ?? 300) : createRandomForestClassifier({ nTrees: trees ?? 100 });
}

/**
 * Boosting of pixels: a penalty and leaves of 40 pixels, as neighbours repeat each other; smaller ones where fewer than 2000
 * pixels are labelled, which else would not be split. Fewer than 300 rounds take longer steps: 0.06 is made for 300.
 */
function boostPixels(nRounds: number): Fits {
  const learningRate = Math.min(0.3, Math.max(0.06, 18 / nRounds));
  return {
    async fit(x, y, run) {
      const minSamplesLeaf = Math.max(1, Math.min(40, Math.floor(x.rows / 50)));
      return createGradientBoostingClassifier({ nRounds, learningRate, minSamplesLeaf, l2: 1 }).fit(x, y, run);
    },
  };
}

/** `materiome segment train IMAGES --labels LABELS --classes NAMES --out MODEL`: a pixel classifier, scored on images held out. */
export async function runSegmentTrainCommand(
  names: readonly string[],
  options: SegmentTrainOptions,
  session: Session,
): Promise<void> {
  const { learner = "forest" } = options;
  const pixelLearner = createLearner(learner, options.trees);
  const files = await expandImages(names, "micrographs");
  const labelFiles = await expandImages(options.labels, "labels");
  if (files.length !== labelFiles.length) {
    throw new UsageError(
      `${files.length} micrographs for ${labelFiles.length} label images; give one for each, in the same order`,
    );
  }
  const images: TrainingImage[] = [];
  for (const [i, file] of files.entries()) images.push(await readPair(file, labelFiles[i] ?? "", options));
  const { classes } = options;
  const lineClass = classes.find((name) => /boundar/i.test(name));
  const { classifier, nSampled, nLabelled, outOfFold } = await trainPixelClassifier(
    images,
    pixelLearner,
    {
      classes,
      normalise: options.normalise ?? "image",
      samplesPerImage: options.samples ?? 3000,
      isCrossPredicted: images.length > 1,
      ...(options.context ? { autoContext: lineClass === undefined ? {} : { lineClass } } : {}),
    },
    {
      random: createRandom(session.seed),
      threads: session.threads,
      signal: session.signal,
      onProgress: session.onProgress,
    },
  );
  await writeFileAtomic(options.out, JSON.stringify(classifier));

  const held = outOfFold?.flatMap((probabilities, i) => {
    const image = images[i];
    return image === undefined ? [] : [scoreHeldOut(probabilities, image, classes)];
  });
  const rows = classes.map((name, k) => {
    const ious = (held ?? []).flatMap(({ byClass }) => byClass[k + 1]?.iou ?? []);
    const mean = ious.length === 0 ? null : ious.reduce((a, b) => a + b, 0) / ious.length;
    return { name, nLabelled: nLabelled[k] ?? 0, nSampled: nSampled[k] ?? 0, heldOutIou: mean };
  });
  session.result({
    model: options.out,
    classes: rows,
    nImages: images.length,
    learner,
    featureCount: classifier.featureNames.length,
    seed: session.seed,
    versions: versions(),
  });
  session.output(
    textTable(
      ["class", "labelled pixels", "training pixels", "IoU, image held out"],
      rows.map((row) => [row.name, String(row.nLabelled), String(row.nSampled), row.heldOutIou?.toFixed(3) ?? "–"]),
    ),
  );
  if (held === undefined)
    session.warn("one image: there is none to hold out, so the model has no score; label a second one");
  session.say(`\n${options.out}: use it with materiome digitize … --model ${options.out}`);
}

async function readPair(file: string, labelFile: string, options: SegmentTrainOptions): Promise<TrainingImage> {
  const { grey, colour } = await readMicrograph(file, { pixelSizeUm: options.pixelSize });
  const labels = await readClasses(labelFile, grey, options.classes);
  if (labels.width !== grey.width || labels.height !== grey.height) {
    throw new DataError(
      `has ${labels.width} × ${labels.height} px, its micrograph ${file} ${grey.width} × ${grey.height}; they must be equal`,
      { location: { file: labelFile } },
    );
  }
  return { image: colour ?? grey, labels, name: file };
}

/** Class numbers from a label image, or from polygons: LabelMe, COCO, GeoJSON, ImageJ ROIs. */
async function readClasses(
  file: string,
  { width, height }: Raster<Float32Array>,
  classes: readonly string[],
): Promise<LabelMap> {
  if (!/\.(json|geojson|zip|roi)$/i.test(file)) return (await readLabelImage(file)).labels;
  try {
    return rasteriseAnnotations(await readAnnotationFile(file), { width, height, classes }).labels;
  } catch (error) {
    if (!isMateriomeError(error) || error.location?.file !== undefined) throw error;
    throw new DataError(error.message, { location: { file }, cause: error });
  }
}

/** Scores on the labelled pixels of an image that the model has not seen; 0 stands for what is not labelled. */
function scoreHeldOut(
  probabilities: Raster<Float32Array>,
  { labels }: TrainingImage,
  classes: readonly string[],
): ClassScores {
  const predicted = labelPixels(probabilities);
  const onLabelled = { ...predicted, data: predicted.data.map((value, i) => (labels.data[i] === 0 ? 0 : value)) };
  return classScores(onLabelled, labels, ["not labelled", ...classes]);
}
