import { dirname, extname, resolve } from "node:path";
import { createRandom, writeFileAtomic } from "@materiome/core";
import type { ImageViews } from "@materiome/forward/nets";
import { crossValidate } from "../images/crossValidate.ts";
import { type ImageScores, predictHeldOut, scoreParts } from "../images/heldOutImages.ts";
import { imageDomain } from "../images/imageDomain.ts";
import { type ImageModel, storeImageModel } from "../images/imageModel.ts";
import { type ImageSamples, readImageSamples, type SampleOptions } from "../images/imageSamples.ts";
import { noBetter } from "../images/noBetter.ts";
import { type PrepareOptions, readTrainingImages } from "../images/prepareImages.ts";
import { splitSamples } from "../images/splitSamples.ts";
import { imageAugmentation, trainImageNet } from "../images/trainImageNet.ts";
import { hashOf, isThere, openCheckpoint } from "../nets/checkpoint.ts";
import { keptEpoch } from "../nets/keptEpoch.ts";
import { IMAGE_NET_DEFAULTS } from "../nets/netDefaults.ts";
import { prepareFolder } from "../output/prepareFolder.ts";
import { imagesReport } from "../report/imagesReport.ts";
import { UsageError } from "../terminal/exitCodes.ts";
import { percent } from "../terminal/figures.ts";
import type { CommonOptions, Session } from "../terminal/session.ts";
import { versions } from "../version.ts";

export interface ImagesTrainOptions extends CommonOptions, SampleOptions, PrepareOptions {
  readonly out: string;
  readonly report?: string;
  readonly epochs?: number;
  readonly learningRate?: number;
  readonly filters?: readonly number[];
  readonly augment?: readonly string[];
  readonly views?: ImageViews;
  readonly balance?: number;
  readonly level?: number;
  readonly folds?: number;
  readonly resume?: boolean;
}

/** What a training of few images makes at least, where no epochs are asked for. */
const LEAST_STEPS = 600;

/** `materiome images train SAMPLES --out MODEL`: a network from whole images to their class or values, scored on images held out. */
export async function runImagesTrainCommand(
  path: string,
  options: ImagesTrainOptions,
  session: Session,
): Promise<void> {
  const { out } = options;
  const augmentation = imageAugmentation(options.augment);
  if (options.augment !== undefined && options.augment.length > 1 && options.augment.includes("none")) {
    throw new UsageError(`--augment ${options.augment.join(" ")}: none and further steps contradict each other`);
  }
  if (options.fit === "crop" && options.size === undefined) {
    throw new UsageError("--fit crop: say with --size what is cut out of the middle, for example 256x256");
  }
  const found = await readImageSamples(path, options, session);
  await prepareFolder(dirname(resolve(out)));
  if (options.report !== undefined) await prepareFolder(dirname(resolve(options.report)));
  const files = found.samples.map(({ file }) => file);
  const prepared = await readTrainingImages(files, options, session);
  const split = splitSamples(found, prepared.contents, createRandom(session.seed).fork("split"), options.folds);
  const nTrain = split.roles.filter((role) => role === "train").length;
  const steps = Math.ceil(nTrain / IMAGE_NET_DEFAULTS.batchSize);
  const { epochs = Math.max(IMAGE_NET_DEFAULTS.epochs, Math.ceil(LEAST_STEPS / steps)) } = options;
  const settings = {
    epochs,
    learningRate: options.learningRate ?? IMAGE_NET_DEFAULTS.learningRate,
    filters: options.filters ?? IMAGE_NET_DEFAULTS.filters,
    batchSize: IMAGE_NET_DEFAULTS.batchSize,
    augmentation,
    views: options.views ?? (augmentation.flip === undefined ? "none" : "flips"),
    balance: options.balance ?? 0,
    level: options.level ?? 0.9,
  };
  const checkpoint = {
    ...{
      ...settings,
      ...{ kind: found.kind, targets: found.targets, classes: found.classes, preparation: prepared.preparation },
      samples: found.samples.map(({ group, label, values }) => [group ?? null, label ?? null, values.map(String)]),
      images: await hashOf(files),
      seed: session.seed,
    },
    ...(options.folds === undefined ? {} : { folds: options.folds }),
  };
  const isResumed = options.resume ?? false;
  const folds =
    split.folds === undefined
      ? undefined
      : await crossValidate({ found, prepared, folds: split.folds, settings }, { out, checkpoint, isResumed }, session);
  const kept = `${out}.checkpoint.json`;
  // Of folds, which come first, the last may not have been reached.
  const isBegun = folds === undefined || (await isThere(kept));
  const keeper = await openCheckpoint(kept, "materiome/images-train-checkpoint", checkpoint, isResumed && isBegun);
  if (keeper.start !== undefined) session.note(`goes on after epoch ${keeper.start.curve.length} of ${epochs}`);
  const trained = await trainImageNet(found, prepared, split.roles, settings, keeper, session).catch(
    async (error: unknown) => {
      const done = session.signal.aborted ? await keeper.save() : 0;
      if (done > 0) session.note(`${done} of ${epochs} epochs are kept; the same command with --resume goes on`);
      throw error;
    },
  );
  const { targets } = found;
  const known = prepared.contents.filter((_, i) => split.roles[i] !== "test");
  const domain = await imageDomain(trained, prepared, split.roles, session);
  const model = { ...trained, targets, preparation: prepared.preparation, known, domain } as ImageModel;
  await writeFileAtomic(out, JSON.stringify(storeImageModel(model)));
  await keeper.remove();
  await folds?.remove();

  const { network } = model;
  const parts = folds?.parts ?? [await predictHeldOut(trained, found, prepared, split.roles, session)];
  const scored = scoreParts(parts, model.kind === "classes" ? model.network.labels : [], found, prepared);
  for (const name of scored.unknown) session.warn(`no image held out has ${name}: it has no score`);
  const count = (role: string): number => split.roles.filter((one) => one === role).length;
  const result = {
    model: out,
    kind: found.kind,
    targets,
    nImages: files.length,
    nGroups: split.nGroups,
    split: { train: nTrain, validation: count("validation"), test: count("test") },
    preparation: prepared.preparation,
    epochs: network.learningCurve.length,
    bestEpoch: network.bestEpoch,
    learningRate: settings.learningRate,
    filters: settings.filters,
    views: settings.views,
    ...scored.document,
    ...(folds === undefined ? {} : { folds: folds.scores }),
    domain: domain === undefined ? null : { k: domain.k, limit: domain.limit },
    ...(model.kind === "classes" ? { calibration: model.network.calibration ?? null } : {}),
    learningCurve: network.learningCurve,
    warnings: [
      ...prepared.warnings,
      ...split.warnings,
      ...formatWarnings(found),
      ...trained.warnings,
      ...(folds?.warnings ?? []),
      ...(domain === undefined
        ? [
            `${count("validation")} images chose the epoch, too few to tell which images are unlike those learned from: predictions say nothing of it`,
          ]
        : []),
      ...noBetter(scored.document),
      ...withoutInterval(scored.document, count("validation"), settings.level),
    ],
    seed: session.seed,
    versions: versions(),
  };
  if (options.report !== undefined) await writeFileAtomic(options.report, await imagesReport(result, scored.calls));
  session.result(result);
  session.output(scored.text);
  if (folds !== undefined) session.output(`\n${folds.text}`);
  session.say(`\n${keptEpoch(network.learningCurve, network.bestEpoch)}`);
  for (const text of result.warnings) session.warn(text);
  session.say(`\n${out}: use it with materiome images predict … --model ${out}`);
}

function withoutInterval({ heldOutValues = [] }: ImageScores, n: number, level: number): string[] {
  if (heldOutValues.every(({ coverage }) => coverage !== null)) return [];
  return [
    `${n} images chose the epoch, too few for intervals that hold with ${percent(level)}: predictions have none; add images, or use a lower --level`,
  ];
}

/** A format that tells the class: networks learn traces of it instead of what is shown. */
function formatWarnings({ kind, classes, samples }: ImageSamples): string[] {
  if (kind !== "classes") return [];
  const endings = new Map<string, Map<string, number>>();
  for (const { file, label = "" } of samples) {
    const ending = extname(file).toLowerCase().replace(".jpeg", ".jpg");
    const counts = endings.get(ending) ?? new Map<string, number>();
    endings.set(ending, counts.set(label, (counts.get(label) ?? 0) + 1));
  }
  if (endings.size < 2) return [];
  return [...endings].flatMap(([ending, counts]) => {
    const total = [...counts.values()].reduce((a, b) => a + b, 0);
    const lone = classes.filter((name) => counts.has(name));
    return lone.length === 1
      ? [
          `all ${total} ${ending} files are of ${lone[0]}: the network may learn traces of the format instead of what is shown; save all images alike`,
        ]
      : [];
  });
}
