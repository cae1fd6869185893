import { dirname, resolve } from "node:path";
import { createRandom, writeFileAtomic } from "@materiome/core";
import { createContrastiveUNet, createUNetSegmenter } from "@materiome/forward/nets";
import { readMicrograph } from "@materiome/microstructure";
import { pretrainSegmenter, type UnlabelledImage } from "@materiome/microstructure/patches";
import { expandImages } from "../input/expandImages.ts";
import { hashOf, openCheckpoint } from "../nets/checkpoint.ts";
import { keptEpoch } from "../nets/keptEpoch.ts";
import { chooseEdge, NET_DEFAULTS, refusePatch } from "../nets/netDefaults.ts";
import { isOutOfMemory, outOfMemory } from "../nets/outOfMemory.ts";
import { storePretrainedNet } from "../nets/pretrainedNet.ts";
import { prepareFolder } from "../output/prepareFolder.ts";
import { UsageError } from "../terminal/exitCodes.ts";
import type { CommonOptions, Session } from "../terminal/session.ts";
import { textTable } from "../terminal/textTable.ts";
import { versions } from "../version.ts";

export interface SegmentPretrainOptions extends CommonOptions {
  readonly out: string;
  readonly normalise?: "image" | "none";
  readonly dataBar?: "crop" | "keep";
  readonly epochs?: number;
  readonly learningRate?: number;
  readonly filters?: readonly number[];
  readonly patch?: number;
  readonly resume?: boolean;
  readonly task?: "restore" | "contrast";
  // Of pictures that are drawn.
  readonly synthetic?: number;
  readonly grainPx?: readonly [number, number];
  readonly boundary?: "dark" | "bright" | "either";
  readonly report?: string;
}

/** Of which five fit a picture. */
const LARGEST_GRAIN_PX = 90;
const OF_DRAWN = { grainPx: "grain-px", boundary: "boundary", report: "report" } as const;

/** Patches in a batch that are told apart, each from all others. */
const CONTRASTED = 16;

/** Half of what labels take (`benchmarks/README.md`). */
const EPOCHS = Math.ceil(NET_DEFAULTS.epochs / 2);

/**
 * `materiome segment pretrain IMAGES --out FILE`: a net that restores damaged images, or tells patches of images apart, or with `--synthetic N` in their place one that finds the
 * grains of pictures that are drawn; both for `segment train --pretrained`.
 */
export async function runSegmentPretrainCommand(
  names: readonly string[],
  options: SegmentPretrainOptions,
  session: Session,
): Promise<void> {
  const { out, normalise = "image", epochs = EPOCHS, filters = NET_DEFAULTS.filters } = options;
  const { synthetic, learningRate = NET_DEFAULTS.learningRate } = options;
  requireEither(names, options);
  refusePatch(options.patch, filters);
  if (synthetic !== undefined) {
    await prepareFolder(dirname(resolve(out)));
    if (options.report !== undefined) await prepareFolder(dirname(resolve(options.report)));
    const { pretrainDrawn } = await import("../segment/pretrainDrawn.ts");
    await pretrainDrawn(synthetic, { epochs, learningRate, filters, normalise }, options, session);
    return;
  }
  const files = await expandImages(names, "micrographs");
  await prepareFolder(dirname(resolve(out)));
  const images: (UnlabelledImage & { readonly name: string })[] = [];
  for (const file of files) {
    session.signal.throwIfAborted();
    const { grey, colour } = await readMicrograph(file, { dataBar: options.dataBar });
    images.push({ image: colour ?? grey, name: file });
  }
  const patch =
    options.patch ??
    chooseEdge(
      images.map(({ image }) => Math.min(image.width, image.height)),
      filters,
      session,
    );
  const { task = "restore" } = options;
  const keeper = await openCheckpoint(
    `${out}.checkpoint.json`,
    "materiome/segment-pretrain-checkpoint",
    {
      epochs,
      learningRate,
      filters,
      patch,
      normalise,
      dataBar: options.dataBar ?? "crop",
      ...(task === "restore" ? {} : { task }),
      seed: session.seed,
      images: await hashOf(files),
    },
    options.resume ?? false,
  );
  if (keeper.start !== undefined) session.note(`goes on after epoch ${keeper.start.curve.length} of ${epochs}`);
  const free = process.availableMemory();
  const create = task === "restore" ? createUNetSegmenter : createContrastiveUNet;
  const learner = create({
    filters,
    epochs,
    learningRate,
    resume: keeper.start,
    onCheckpoint: keeper.keepAndTell(session, epochs),
  });
  const batchSize = task === "restore" ? NET_DEFAULTS.batchSize : CONTRASTED;
  const pixels = images.reduce((sum, { image }) => sum + image.width * image.height, 0);
  const batches = Math.min(
    NET_DEFAULTS.mostBatches,
    Math.max(NET_DEFAULTS.leastBatches, Math.ceil(pixels / (batchSize * patch * patch))),
  );
  const net = await pretrainSegmenter(
    images,
    learner,
    { task, normalise, patchPx: patch, batchSize, batches },
    {
      random: createRandom(session.seed),
      threads: session.threads,
      signal: session.signal,
      onProgress: session.onProgress,
    },
  ).catch(async (error: unknown) => {
    if (session.signal.aborted && (await keeper.save()) > 0) session.note("the same command with --resume goes on");
    // Of a batch that is worked on whole nothing is known of what would fit.
    if (!isOutOfMemory(error) || task === "contrast") throw error;
    throw outOfMemory(
      error as Error,
      { filters, patch, channels: images[0]?.image.channels ?? 1 },
      session.threads,
      free,
    );
  });
  await writeFileAtomic(out, JSON.stringify(storePretrainedNet({ net, normalise })));
  await keeper.remove();
  const loss = net.learningCurve[net.bestEpoch - 1]?.validationLoss ?? null;
  const guessing = Math.log(2 * batchSize - 1);
  session.result({
    model: out,
    nImages: files.length,
    ...{ filters, patch, normalise },
    epochs: net.learningCurve.length,
    learningRate,
    bestEpoch: net.bestEpoch,
    ...(task === "restore" ? { squaredError: loss } : { contrastLoss: loss, guessing }),
    learningCurve: net.learningCurve,
    seed: session.seed,
    versions: versions(),
  });
  session.output(
    textTable(
      [
        "images",
        "epochs",
        task === "restore"
          ? "squared error of what is restored (1: always the mean)"
          : `loss of telling ${batchSize} patches apart (${guessing.toFixed(2)}: by guessing)`,
      ],
      [[String(files.length), String(net.learningCurve.length), loss?.toFixed(3) ?? "–"]],
    ),
  );
  session.say(`\n${keptEpoch(net.learningCurve, net.bestEpoch)}`);
  session.say(`\n${out}: start from it with materiome segment train … --learner unet --pretrained ${out}`);
}

/** @throws UsageError for images and drawn ones together, for neither, and for options of the other */
function requireEither(names: readonly string[], options: SegmentPretrainOptions): void {
  if (options.synthetic === undefined) {
    if (names.length === 0)
      throw new UsageError("give images to learn from, or --synthetic N to learn from drawn ones");
    const stray = (Object.keys(OF_DRAWN) as (keyof typeof OF_DRAWN)[]).find((name) => options[name] !== undefined);
    if (stray !== undefined) throw new UsageError(`--${OF_DRAWN[stray]} is for --synthetic, without images`);
    return;
  }
  if (names.length > 0) {
    throw new UsageError(`--synthetic draws its images; leave ${names[0]} out, or --synthetic`);
  }
  const [, largest = LARGEST_GRAIN_PX] = options.grainPx ?? [];
  if (largest > LARGEST_GRAIN_PX || (options.grainPx?.[0] ?? 5) < 5) {
    throw new UsageError(
      `--grain-px ${options.grainPx}: expected 5 … ${LARGEST_GRAIN_PX}, as pictures are 256 px wide`,
    );
  }
  if (options.task !== undefined) throw new UsageError("--task is for images; drawn ones come with labels");
  if (options.dataBar === "keep") throw new UsageError("--data-bar keep: drawn images have no strip of text");
}
