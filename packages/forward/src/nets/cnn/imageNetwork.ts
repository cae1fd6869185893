import {
  type BatchSource,
  DataError,
  DomainError,
  IncompatibleError,
  type Raster,
  type RunContext,
  ShapeError,
} from "@materiome/core";
import { NET_BACKENDS, type NetBackend } from "../engine.ts";
import { surveyImages } from "../training/normalisation.ts";
import type { Parameters } from "../training/parameters.ts";
import { type EpochRecord, resolveTraining, type TrainingOptions, trainNetwork } from "../training/trainNetwork.ts";
import type { ImageViews } from "./cnnShard.ts";
import { type CnnSpec, checkLevels, checkSize, DEFAULT_STRIDE, defaultDepths, type Pooling } from "./cnnSpec.ts";
import { type CnnSettings, checkImageSource, checkMemory, createCnnTask } from "./cnnTask.ts";
import { labelWeightsOf, valueScale } from "./imageTargets.ts";

/** Options that networks from images to classes and to values have in common. */
export interface ImageNetworkOptions extends TrainingOptions {
  /**
   * Filters of each level; every level but the first begins by halving the resolution.
   * @defaultValue [16, 32, 64, 128]
   */
  readonly filters?: readonly number[] | undefined;
  /** Convolutions of each level. @defaultValue 1 in the first level, 2 in the others */
  readonly depths?: readonly number[] | undefined;
  /** Step of the first convolution: 2 halves the resolution at once. @defaultValue 2 */
  readonly stride?: 1 | 2 | undefined;
  /** Convolutions that keep the number of channels add to what they are given. @defaultValue false */
  readonly isResidual?: boolean | undefined;
  /** What is kept of each channel of the last level: its mean, its maximum (where something is somewhere), or both. @defaultValue "both" */
  readonly pooling?: Pooling | undefined;
  /** Chance of each number before the last layer to be left out in a step of training. @defaultValue 0 */
  readonly dropout?: number | undefined;
  /**
   * Predictions are means over so many views: `none` the image as it is, `flips` four mirrored ones, `square` all eight flips and quarter turns
   * (square images). Only for what does not change its class or value when it is mirrored or turned. @defaultValue "none"
   */
  readonly views?: ImageViews | undefined;
  /** @defaultValue "wasm" */
  readonly backend?: NetBackend | undefined;
}

type Shape = Omit<CnnSpec, "height" | "width" | "channels" | "outputs">;

export interface ResolvedImageNetwork {
  readonly shape: Shape;
  readonly dropout: number;
  readonly views: ImageViews;
  readonly backend: NetBackend;
}

/** @throws DomainError for options out of range */
export function resolveImageNetwork(who: string, options: ImageNetworkOptions): ResolvedImageNetwork {
  const { filters = [16, 32, 64, 128], stride = DEFAULT_STRIDE, isResidual = false, pooling = "both" } = options;
  const { dropout = 0, views = "none", backend = "wasm" } = options;
  const depths = options.depths ?? defaultDepths(filters);
  const shape: Shape = { stride, filters: [...filters], depths: [...depths], isResidual, pooling };
  checkLevels(who, { ...shape, height: 0, width: 0, channels: 0, outputs: 0 });
  resolveTraining(who, options);
  if (!(dropout >= 0 && dropout < 1)) {
    throw new DomainError(`${who}: dropout must be at least 0 and below 1, got ${dropout}`);
  }
  if (!["none", "flips", "square"].includes(views)) {
    throw new DomainError(`${who}: views is "${String(views)}", expected none, flips or square`);
  }
  if (!NET_BACKENDS.includes(backend)) {
    throw new DomainError(`${who}: backend is "${String(backend)}", expected ${NET_BACKENDS.join(", ")}`);
  }
  return { shape, dropout, views, backend };
}

export interface FittedImageNetwork {
  readonly settings: CnnSettings;
  readonly parameters: Parameters;
  readonly bestEpoch: number;
  readonly curve: readonly EpochRecord[];
}

/** Checks the sources, looks through the training images once, and trains. */
export async function fitImageNetwork(
  name: string,
  kind: CnnSettings["kind"],
  resolved: ResolvedImageNetwork,
  training: TrainingOptions,
  targets: {
    readonly labelSmoothing: number;
    readonly classWeights: "balanced" | "none" | Readonly<Record<string, number>>;
  },
  sources: { readonly train: BatchSource; readonly validation: BatchSource },
  run: RunContext,
): Promise<FittedImageNetwork> {
  const { train, validation } = sources;
  checkImageSource(`${name}: training`, train, kind);
  checkImageSource(`${name}: validation`, validation, kind);
  const same = (what: "targets" | "imageShape"): boolean =>
    JSON.stringify(train[what]) === JSON.stringify(validation[what]);
  if (!same("targets") || !same("imageShape")) {
    throw new IncompatibleError(
      `${name}: validation has other targets or images [${validation.imageShape.join(", ")}] than training [${train.imageShape.join(", ")}]`,
    );
  }
  const labels = train.targets.flatMap((target) => target.labels);
  const [height, width, channels] = train.imageShape;
  const spec: CnnSpec = { ...resolved.shape, height, width, channels, outputs: labels.length };
  checkSize(name, spec);
  checkMemory(name, spec);
  if (resolved.views === "square" && height !== width) {
    throw new ShapeError(
      `${name}: views "square" needs square images, got ${width} × ${height} px; use "flips", or resize`,
    );
  }
  const scale = valueScale(labels.length, kind);
  const { normalisation, labelled } = await surveyImages(name, train, labels.length, run, scale.add);
  const settings: CnnSettings = {
    ...{ spec, kind, normalisation, backend: resolved.backend, dropout: resolved.dropout },
    labelWeights: labelWeightsOf(name, kind, labels, labelled, targets.classWeights),
    labelSmoothing: targets.labelSmoothing,
    scale: scale.result(name, labels),
  };
  await checkValidation(name, kind, validation, labels, run);
  const task = createCnnTask(name, settings, train, validation, run);
  const { parameters, bestEpoch, curve } = await trainNetwork(task, training, run);
  return { settings, parameters, bestEpoch, curve };
}

/** @throws DataError where validation images say nothing of a value, or of classes at all */
async function checkValidation(
  who: string,
  kind: CnnSettings["kind"],
  source: BatchSource,
  labels: readonly string[],
  run: RunContext,
): Promise<void> {
  const counts = labels.map(() => 0);
  for (let i = 0; i < source.length; i++) {
    const { weights, y, known } = await source.batch(i, run.random.fork("validation"));
    for (let j = 0; j < y.length; j++) {
      const isKnown = known?.[j] !== 0 && weights[Math.floor(j / labels.length)]! > 0; // one weight an image
      if (isKnown) counts[j % labels.length]!++;
    }
  }
  const unknown = counts.indexOf(0);
  if (unknown < 0) return;
  const what =
    kind === "classes" ? "no validation image has a class" : `"${labels[unknown]}" is known of no validation image`;
  throw new DataError(`${who}: ${what}`);
}

/** Images as one array [images, height, width, channels], as they are. @throws as the models that use it say */
export function imagesToArray(
  who: string,
  images: readonly Raster<Float32Array>[],
  { height, width, channels }: CnnSpec,
): Float32Array {
  const size = height * width * channels;
  const x = new Float32Array(images.length * size);
  for (const [i, image] of images.entries()) {
    if (image.channels !== channels || (image.depth ?? 1) !== 1) {
      const kind = channels === 1 ? "grey images" : `images of ${channels} channels`;
      throw new IncompatibleError(
        `${who}: image ${i} has ${image.channels} channels, the model was trained on ${kind}; convert it as the training images were`,
      );
    }
    if (image.width !== width || image.height !== height) {
      throw new ShapeError(
        `${who}: image ${i} is ${image.width} × ${image.height} px, the model was trained on ${width} × ${height} px; resize or crop it as the training images were (fitImage of @materiome/microstructure/patches)`,
      );
    }
    const bad = image.data.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      const pixel = Math.floor(bad / channels);
      throw new DataError(
        `${who}: pixel (${pixel % width}, ${Math.floor(pixel / width)}) of image ${i} is ${image.data[bad]}, expected finite numbers`,
      );
    }
    x.set(image.data, i * size);
  }
  return x;
}
