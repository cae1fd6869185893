import { dirname, extname, resolve } from "node:path";
import { createRandom, writeFileAtomic } from "@materiome/core";
import type { ImageViews } from "@materiome/forward/nets";
import { forestProbabilities, forestValues, greyFeatures } from "../images/greyForest.ts";
import { type ImageModel, storeImageModel } from "../images/imageModel.ts";
import { type ImageSamples, readImageSamples, type SampleOptions } from "../images/imageSamples.ts";
import {
  type ClassBaseline,
  type ClassScores,
  classBaseline,
  classScoresOf,
  shareProbabilities,
  type ValueScores,
  valueScoresOf,
} from "../images/imageScores.ts";
import { type PreparedImages, type PrepareOptions, readTrainingImages } from "../images/prepareImages.ts";
import { type SampleSplit, splitSamples } from "../images/splitSamples.ts";
import { IMAGE_NET_DEFAULTS, imageAugmentation, trainImageNet } from "../images/trainImageNet.ts";
import { hashOf, openCheckpoint } from "../nets/checkpoint.ts";
import { prepareFolder } from "../output/prepareFolder.ts";
import { type ImageCall, imagesReport } from "../report/imagesReport.ts";
import { UsageError } from "../terminal/exitCodes.ts";
import { percent } from "../terminal/figures.ts";
import type { CommonOptions, Session } from "../terminal/session.ts";
import { textTable } from "../terminal/textTable.ts";
import { versions } from "../version.ts";

export interface ImagesTrainOptions extends CommonOptions, SampleOptions, PrepareOptions {
  readonly out: string;
  readonly report?: string;
  readonly epochs?: number;
  readonly filters?: readonly number[];
  readonly augment?: readonly string[];
  readonly views?: ImageViews;
  readonly balance?: number;
  readonly level?: number;
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
  const split = splitSamples(found, prepared.contents, createRandom(session.seed).fork("split"));
  const nTrain = split.roles.filter((role) => role === "train").length;
  const steps = Math.ceil(nTrain / IMAGE_NET_DEFAULTS.batchSize);
  const { epochs = Math.max(IMAGE_NET_DEFAULTS.epochs, Math.ceil(LEAST_STEPS / steps)) } = options;
  const settings = {
    epochs,
    filters: options.filters ?? IMAGE_NET_DEFAULTS.filters,
    batchSize: IMAGE_NET_DEFAULTS.batchSize,
    augmentation,
    views: options.views ?? (augmentation.flip === undefined ? "none" : "flips"),
    balance: options.balance ?? 0,
    level: options.level ?? 0.9,
  };
  const keeper = await openCheckpoint(
    `${out}.checkpoint.json`,
    "materiome/images-train-checkpoint",
    {
      ...settings,
      ...{ kind: found.kind, targets: found.targets, classes: found.classes, preparation: prepared.preparation },
      samples: found.samples.map(({ group, label, values }) => [group ?? null, label ?? null, values.map(String)]),
      images: await hashOf(files),
      seed: session.seed,
    },
    options.resume ?? false,
  );
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
  const model = { ...trained, targets, preparation: prepared.preparation, known } as ImageModel;
  await writeFileAtomic(out, JSON.stringify(storeImageModel(model)));
  await keeper.remove();

  const scored = await score(model, found, prepared, split, session);
  const { network } = model;
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
    filters: settings.filters,
    views: settings.views,
    ...scored.document,
    ...(model.kind === "classes" ? { calibration: model.network.calibration ?? null } : {}),
    learningCurve: network.learningCurve,
    warnings: [
      ...prepared.warnings,
      ...split.warnings,
      ...formatWarnings(found),
      ...trained.warnings,
      ...withoutInterval(scored.document, count("validation"), settings.level),
    ],
    seed: session.seed,
    versions: versions(),
  };
  if (options.report !== undefined) await writeFileAtomic(options.report, await imagesReport(result, scored.calls));
  session.result(result);
  session.output(scored.text);
  for (const text of result.warnings) session.warn(text);
  session.say(`\n${out}: use it with materiome images predict … --model ${out}`);
}

/** What the page and the result say of scores; one of the two. */
export interface ImageScores {
  readonly heldOut?: ClassScores;
  readonly baselines?: readonly ClassBaseline[];
  readonly heldOutValues?: readonly ValueScores[];
}

interface Scored {
  readonly document: ImageScores;
  readonly calls: readonly ImageCall[];
  readonly text: string;
}

async function score(
  model: ImageModel,
  found: ImageSamples,
  prepared: PreparedImages,
  split: SampleSplit,
  session: Session,
): Promise<Scored> {
  const asked = [...split.roles.keys()].filter((i) => split.roles[i] === "test");
  const known = [...split.roles.keys()].filter((i) => split.roles[i] !== "test");
  const images = asked.map((i) => prepared.images[i]!); // one a sample, here and below
  const run = { threads: session.threads, signal: session.signal };
  const x = greyFeatures(prepared.images);
  const random = createRandom(session.seed).fork("forest");
  const samples = asked.map((i) => found.samples[i]!);
  if (model.kind === "classes") {
    const { labels } = model.network;
    const all = found.samples.map(({ label }) => labels.indexOf(label ?? ""));
    const codes = asked.map((i) => all[i]!);
    const { probabilities } = await model.network.predict(images, run);
    const shares = shareProbabilities(
      known.map((i) => all[i]!),
      labels.length,
      asked.length,
    );
    const forest = await forestProbabilities(x, all, labels, { known, asked }, random);
    const heldOut = classScoresOf(probabilities, codes, labels);
    const baselines = [
      classBaseline("forest on brightness and contrast", forest, codes, labels),
      classBaseline("shares of the classes", shares, codes, labels),
    ];
    const calls = samples.map(({ file, label = "" }, i): ImageCall => {
      const row = [...probabilities.data.subarray(i * labels.length, (i + 1) * labels.length)];
      return { kind: "classes", file, image: images[i]!, truth: label, probabilities: row, labels };
    });
    const line = (name: string, one: ClassBaseline | ClassScores): string[] => [
      name,
      percent(one.accuracy),
      percent(one.balancedAccuracy),
      one.logLoss?.toFixed(3) ?? "∞",
    ];
    const text = [
      textTable(
        [`${heldOut.n} images held out`, "accuracy", "balanced", "log loss"],
        [line("network", heldOut), ...baselines.map((one) => line(one.name, one))],
      ),
      "",
      textTable(
        ["class", "images", "found", "right when called"],
        heldOut.classes.map(({ name, n, recall, precision }) => [name, String(n), percent(recall), percent(precision)]),
      ),
    ].join("\n");
    return { document: { heldOut, baselines }, calls, text };
  }
  const prediction = await model.network.predict(images, run);
  const heldOutValues: ValueScores[] = [];
  for (const [c, target] of model.targets.entries()) {
    const all = found.samples.map(({ values }) => values[c] ?? Number.NaN);
    const with_ = known.filter((i) => !Number.isNaN(all[i]));
    const mean = with_.reduce((sum, i) => sum + all[i]!, 0) / with_.length;
    const forest = await forestValues(x, all, { known: with_, asked }, random.fork(c));
    const scores = valueScoresOf(
      target,
      prediction,
      c,
      asked.map((i) => all[i]!),
      [
        { name: "forest on brightness and contrast", values: forest },
        { name: "mean of the images learned from", values: asked.map(() => mean) },
      ],
    );
    if (scores === null) session.warn(`no image held out has ${target.name}: it has no score`);
    else heldOutValues.push(scores);
  }
  const at = (matrix: { readonly data: ArrayLike<number> } | undefined, i: number): number[] | undefined =>
    matrix && model.targets.map((_, c) => matrix.data[i * model.targets.length + c]!);
  const calls = samples.map(
    ({ file, values }, i): ImageCall => ({
      ...{ kind: "values", file, image: images[i]!, truth: values, targets: model.targets },
      predicted: at(prediction.mean, i) ?? [],
      lower: at(prediction.lower, i),
      upper: at(prediction.upper, i),
    }),
  );
  const text = textTable(
    ["images held out", "MAE", "RMSE", "R²", "in the interval"],
    heldOutValues.flatMap(({ name, unit, n, mae, rmse, r2, coverage, level, baselines }) => [
      [
        `${name}${unit === "" ? "" : ` (${unit})`}, ${n} images: network`,
        mae.toPrecision(3),
        rmse.toPrecision(3),
        r2?.toFixed(3) ?? "–",
        coverage === null ? "–" : `${percent(coverage)} of ${percent(level)}`,
      ],
      ...baselines.map((one) => [`  ${one.name}`, one.mae.toPrecision(3), one.rmse.toPrecision(3), "", ""]),
    ]),
  );
  return { document: { heldOutValues }, calls, text };
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
