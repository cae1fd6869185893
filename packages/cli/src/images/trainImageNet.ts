import { createRandom, type RunContext } from "@materiome/core";
import {
  createImageClassifier,
  createImageRegressor,
  DivergenceError,
  type ImageClassifier,
  type ImageRegressor,
  type ImageViews,
  type TrainingCheckpoint,
} from "@materiome/forward/nets";
import { type Augmentation, type ImageExample, imageSource } from "@materiome/microstructure/patches";
import type { CheckpointKeeper } from "../nets/checkpoint.ts";
import { imagesOutOfMemory, isOutOfMemory } from "../nets/outOfMemory.ts";
import type { Session } from "../terminal/session.ts";
import type { ImageSamples } from "./imageSamples.ts";
import type { PreparedImages } from "./prepareImages.ts";
import type { ImageRole } from "./splitSamples.ts";

/** Settings of a training; those of `xsdd.ts` in benchmarks/README.md where nothing else is asked for. */
export interface ImageNetSettings {
  readonly epochs: number;
  /** Largest step size. */
  readonly learningRate: number;
  readonly filters: readonly number[];
  readonly batchSize: number;
  readonly augmentation: Augmentation;
  readonly views: ImageViews;
  /** Of classes: how far rare ones are shown more often, 0 … 1. */
  readonly balance: number;
  readonly level: number;
}

const STEPS: Augmentation = {
  flip: {},
  scale: { factor: [0.85, 1.2], probability: 0.7 },
  contrast: { factor: [0.8, 1.25], probability: 0.5 },
  brightness: { shift: [-0.08, 0.08], probability: 0.5 },
};

/** The steps that are named, as the benchmark does them where it does; without names, its own. */
export function imageAugmentation(names: readonly string[] | undefined): Augmentation {
  if (names === undefined) return STEPS;
  const own: Readonly<Record<string, object | undefined>> = { ...STEPS };
  return Object.fromEntries(
    names.filter((name) => name !== "none").map((name) => [name, own[name] ?? {}]),
  ) as Augmentation;
}

export type TrainedImageNet = {
  /** What went wrong on the way. */
  readonly warnings: readonly string[];
} & (
  | { readonly kind: "classes"; readonly network: ImageClassifier }
  | { readonly kind: "values"; readonly network: ImageRegressor }
);

/** Trains on the images to learn from; those of validation choose the epoch and calibrate. */
export async function trainImageNet(
  found: ImageSamples,
  { images, preparation }: PreparedImages,
  roles: readonly ImageRole[],
  settings: ImageNetSettings,
  keeper: CheckpointKeeper,
  session: Session,
  fold?: number,
): Promise<TrainedImageNet> {
  const { kind, samples, classes, targets } = found;
  const { epochs, learningRate, filters, batchSize, augmentation, views, balance, level } = settings;
  const examplesOf = (role: ImageRole): ImageExample[] =>
    samples.flatMap(({ file, label, values }, i) => {
      const image = images[i];
      return roles[i] === role && image !== undefined ? [{ image, label, values, name: file }] : [];
    });
  const valueTargets =
    kind === "values" ? targets.map(({ name }) => ({ name, kind: "values" as const, labels: [name] })) : [];
  const train = imageSource(examplesOf("train"), classes, { batchSize, augmentation, balance, valueTargets });
  const validation = imageSource(examplesOf("validation"), classes, { batchSize: 32, order: "given", valueTargets });
  const random = createRandom(session.seed).fork("net");
  const run: RunContext = {
    random: fold === undefined ? random : random.fork(fold),
    threads: session.threads,
    signal: session.signal,
    onProgress: session.onProgress,
  };
  const depths = filters.length === 4 ? [1, 1, 1, 2] : undefined;
  const free = process.availableMemory();
  const network = {
    ...{ filters, depths, epochs, patience: epochs, views },
    ...{ learningRate, weightDecay: 0.01 },
    onCheckpoint: keeper.keepAndTell(session, epochs, fold === undefined ? "" : `fold ${fold + 1}: `),
  };
  const warnings: string[] = [];
  const fit = async <T>(
    create: (changes: { epochs?: number; resume?: TrainingCheckpoint | undefined }) => Promise<T>,
  ): Promise<T> => {
    try {
      return await create({ resume: keeper.start });
    } catch (error) {
      if (isOutOfMemory(error)) {
        const { widthPx, heightPx } = preparation;
        const channels = preparation.channels === "grey" ? 1 : 3;
        throw imagesOutOfMemory(
          error as Error,
          { widthPx, heightPx, channels, filters, depths },
          session.threads,
          free,
        );
      }
      if (!(error instanceof DivergenceError) || error.checkpoint === undefined) throw error;
      const { curve, bestEpoch } = error.checkpoint;
      warnings.push(
        `${error.message}. Training ended after ${curve.length} epochs; the model is that of epoch ${bestEpoch}`,
      );
      // No epoch is left to train: what comes back are the best weights.
      return create({ resume: error.checkpoint, epochs: curve.length });
    }
  };
  if (kind === "classes") {
    const classifier = await fit((changes) =>
      createImageClassifier({ ...network, ...changes }).fit(train, validation, run),
    );
    return { kind, network: classifier, warnings };
  }
  const regressor = await fit((changes) =>
    createImageRegressor({ ...network, level, ...changes }).fit(train, validation, run),
  );
  return { kind, network: regressor, warnings };
}
