import { createRandom, writeFileAtomic } from "@materiome/core";
import { createUNetSegmenter } from "@materiome/forward/nets";
import { DRAWN_CLASSES, pretrainOnDrawn } from "@materiome/microstructure/patches";
import type { SegmentPretrainOptions } from "../commands/segmentPretrain.ts";
import { openCheckpoint } from "../nets/checkpoint.ts";
import { keptEpoch } from "../nets/keptEpoch.ts";
import { chooseEdge, NET_DEFAULTS } from "../nets/netDefaults.ts";
import { isOutOfMemory, outOfMemory } from "../nets/outOfMemory.ts";
import { segmentReport } from "../report/segmentReport.ts";
import type { Session } from "../terminal/session.ts";
import { textTable } from "../terminal/textTable.ts";
import { versions } from "../version.ts";
import { type HeldOutImage, meanScores, scoreHeldOut } from "./heldOutScores.ts";
import { withLearnedFrom } from "./learnedFrom.ts";
import type { NetSettings } from "./trainNet.ts";

/** Of a picture; grains of the largest mean intercept fit it five times. */
const EDGE_PX = 256;

/** `segment pretrain --synthetic N`: a net of grains and boundaries from pictures that are drawn, scored on drawn ones held out. */
export async function pretrainDrawn(
  nImages: number,
  settings: Pick<NetSettings, "epochs" | "learningRate" | "filters" | "normalise">,
  options: SegmentPretrainOptions,
  session: Session,
): Promise<void> {
  const { out, grainPx, boundary = "either" } = options;
  const { epochs, learningRate, filters, normalise } = settings;
  const patch = options.patch ?? chooseEdge([EDGE_PX], filters, session);
  const keeper = await openCheckpoint(
    `${out}.checkpoint.json`,
    "materiome/segment-pretrain-checkpoint",
    {
      synthetic: nImages,
      grainPx: grainPx ?? "default",
      boundary,
      epochs,
      learningRate,
      filters,
      patch,
      normalise,
      seed: session.seed,
    },
    options.resume ?? false,
  );
  if (keeper.start !== undefined) session.note(`goes on after epoch ${keeper.start.curve.length} of ${epochs}`);
  const free = process.availableMemory();
  const { batchSize, leastBatches, mostBatches } = NET_DEFAULTS;
  const pixels = nImages * EDGE_PX * EDGE_PX;
  const batches = Math.min(mostBatches, Math.max(leastBatches, Math.ceil(pixels / (batchSize * patch * patch))));
  const { classifier, segmenter, heldOut, images, split, nLabelled, nTraining } = await pretrainOnDrawn(
    createUNetSegmenter({
      ...{ filters, epochs, learningRate },
      resume: keeper.start,
      onCheckpoint: keeper.keepAndTell(session, epochs),
    }),
    {
      ...{ nImages, width: EDGE_PX, height: EDGE_PX, grainPx, boundary },
      ...{ normalise, patchPx: patch, batchSize, batches },
    },
    {
      random: createRandom(session.seed),
      threads: session.threads,
      signal: session.signal,
      onProgress: session.onProgress,
    },
  ).catch(async (error: unknown) => {
    if (session.signal.aborted && (await keeper.save()) > 0) session.note("the same command with --resume goes on");
    if (!isOutOfMemory(error)) throw error;
    throw outOfMemory(error as Error, { filters, patch, channels: 1 }, session.threads, free);
  });
  await writeFileAtomic(out, JSON.stringify(withLearnedFrom(classifier, [])));
  await keeper.remove();

  const held = heldOut.flatMap(({ image, role, labels }): HeldOutImage[] => {
    const drawn = images[image];
    return drawn === undefined
      ? []
      : [{ file: drawn.name, role, grey: drawn.image, predicted: labels, truth: drawn.labels }];
  });
  const scored = held.flatMap((one) => scoreHeldOut(one, DRAWN_CLASSES) ?? []);
  const of = (role: HeldOutImage["role"]) =>
    meanScores(
      scored.filter((score) => score.role === role),
      DRAWN_CLASSES,
    );
  const [test, validation] = [of("test"), of("validation")];
  const result = {
    model: out,
    learner: "unet",
    nImages,
    synthetic: true,
    ...{ filters, patch, normalise },
    epochs: segmenter.learningCurve.length,
    learningRate,
    bestEpoch: segmenter.bestEpoch,
    classes: DRAWN_CLASSES.map((name, k) => ({
      name,
      nLabelled: nLabelled[k] ?? 0,
      nSampled: nTraining[k] ?? 0,
      heldOutIou: test.byClass[k] ?? null,
      validationIou: validation.byClass[k] ?? null,
    })),
    heldOutMicroIou: test.microIou,
    nHeldOut: split.test.length,
    heldOut: scored,
    learningCurve: segmenter.learningCurve,
    warnings: [],
    seed: session.seed,
    versions: versions(),
  };
  if (options.report !== undefined) {
    await writeFileAtomic(options.report, await segmentReport(result, held, DRAWN_CLASSES));
  }
  session.result(result);
  session.output(
    textTable(
      ["class", "IoU, drawn pictures held out"],
      result.classes.map(({ name, heldOutIou }) => [name, heldOutIou?.toFixed(3) ?? "–"]),
    ),
  );
  session.say(`\n${keptEpoch(segmenter.learningCurve, segmenter.bestEpoch)}`);
  session.say(
    `\n${out}: start from it with materiome segment train … --learner unet --pretrained ${out}, or try it on grains as it is with segment predict or digitize --model ${out}`,
  );
}
