import {
  type BatchSource,
  type BatchTarget,
  createRaster,
  DataError,
  DomainError,
  type ImageBatch,
  nearestNames,
  type Random,
  type Raster,
  shuffle,
} from "@materiome/core";
import { type Augmentation, type ResolvedAugmentation, resolveAugmentation } from "./augmentation.ts";
import { finishPatch } from "./augmentPatch.ts";
import { drawWarp } from "./drawWarp.ts";
import { fitImage, type ImageFit } from "./fitImage.ts";
import { IGNORED_CODE, type Patch, requireUnitRange } from "./patch.ts";
import { requireIndex } from "./patchSource.ts";
import { warpImage } from "./warpPatch.ts";

/** A whole image and what is known of it. */
export interface ImageExample {
  /** Grey or colour, 0 … 1. */
  readonly image: Raster<Float32Array>;
  /** Name of its class; needed where there are classes. */
  readonly label?: string | undefined;
  /** One number for each label of `valueTargets`, NaN where it is not known. */
  readonly values?: readonly number[] | undefined;
  /** Name in messages. @defaultValue "image 1", … */
  readonly name?: string | undefined;
}

export interface ImageSourceOptions {
  /** Width of the images of all batches. @defaultValue that of the first image */
  readonly widthPx?: number | undefined;
  /** @defaultValue that of the first image */
  readonly heightPx?: number | undefined;
  /** How images of another size come to that size; see `fitImage`. Shuffled crops are cut anywhere, others from the middle. @defaultValue "exact" */
  readonly fit?: ImageFit | undefined;
  /** @defaultValue 16 */
  readonly batchSize?: number | undefined;
  /**
   * `shuffled`: every epoch in another order, to train on, the last batch filled up with images from the front; `given`: each image once in the
   * order of the list, not augmented, to validate with.
   * @defaultValue "shuffled"
   */
  readonly order?: "shuffled" | "given" | undefined;
  /**
   * How far rare classes are shown more often in a shuffled epoch: classes get shares of it by (images of the class)^(1 − balance). 0: as they are;
   * 1: all alike.
   * @defaultValue 0
   */
  readonly balance?: number | undefined;
  /**
   * What is done to each image of a shuffled epoch: only steps that leave its class or value true. `cutMix` mixes the shares of two classes by
   * their areas; it is refused for values.
   * @defaultValue nothing
   */
  readonly augmentation?: Augmentation | undefined;
  /** What the values of the examples are. @defaultValue none */
  readonly valueTargets?: readonly BatchTarget[] | undefined;
}

/**
 * Batches of whole labelled images, for networks from an image to its class or to values: `targetsPer` is "image".
 *
 * Images are not copied unless they are resized; they must not be changed afterwards. What turns in from beyond the border is reflected image.
 *
 * @param classes - names of the classes; none where only values are learned
 * @throws DataError without images, for labels that are no class, missing values, or images of different kinds
 * @throws ShapeError for images of another size, as `fitImage` says
 * @throws DomainError for options out of range, or grey outside 0 … 1
 * @example
 * const training = imageSource(examples, ["scratch", "inclusion"], { batchSize: 16, augmentation: { flip: {}, contrast: {} } });
 * const validation = imageSource(others, ["scratch", "inclusion"], { order: "given" });
 */
export function imageSource(
  examples: readonly ImageExample[],
  classes: readonly string[],
  options: ImageSourceOptions = {},
): BatchSource {
  const who = "imageSource";
  const { batchSize = 16, order = "shuffled", balance = 0, fit = "exact", valueTargets = [] } = options;
  const [first] = examples;
  if (first === undefined) throw new DataError(`${who}: no images; give at least one`);
  const { widthPx = first.image.width, heightPx = first.image.height } = options;
  if (!(Number.isSafeInteger(batchSize) && batchSize >= 1)) {
    throw new DomainError(`${who}: batchSize must be a positive whole number, got ${batchSize}`);
  }
  if (order !== "shuffled" && order !== "given") {
    throw new DomainError(`${who}: order is "${String(order)}", expected "shuffled" or "given"`);
  }
  if (!(balance >= 0 && balance <= 1)) throw new DomainError(`${who}: balance must lie in 0 … 1, got ${balance}`);
  const plan = resolveAugmentation(options.augmentation ?? {});
  const isShuffled = order === "shuffled";
  if (!isShuffled && Object.keys(plan).length > 0) {
    throw new DomainError(`${who}: images in the given order are not augmented; leave augmentation out`);
  }
  const { channels } = first.image;
  checkPlan(who, plan, channels, valueTargets.length > 0);
  const labels = valueTargets.flatMap((target) => target.labels);
  if (classes.length + labels.length === 0) throw new DataError(`${who}: neither classes nor valueTargets are named`);
  // A shuffled crop is cut where its patch is drawn.
  const isCutLater = fit === "crop" && isShuffled;
  const items = examples.map((example, k): Item => {
    const name = `${who}: ${example.name ?? `image ${k + 1}`}`;
    const code = checkExample(name, example, classes, labels);
    if (example.image.channels !== channels) {
      throw new DataError(
        `${name} has ${example.image.channels} channels, those before it ${channels}; give images of one kind`,
      );
    }
    const fitted = fitImage(example.image, { widthPx, heightPx, fit });
    return { image: isCutLater ? example.image : fitted, code, values: example.values ?? [] };
  });
  const nImages = Math.max(items.length, batchSize * Math.ceil(items.length / batchSize));
  const length = Math.ceil(items.length / batchSize);
  const orderOf = isShuffled
    ? epochOrder(items, classes.length, balance, nImages)
    : (): readonly number[] => items.map((_, k) => k);
  const draw = (k: number, random: Random): Patch => {
    const { image, code } = items[k]!; // drawn from these
    const place = random.fork("place");
    const centre = (size: number, wanted: number): number =>
      size > wanted ? place.int(size - wanted + 1) + (wanted - 1) / 2 : (size - 1) / 2;
    const region = {
      width: widthPx,
      height: heightPx,
      centreX: centre(image.width, widthPx),
      centreY: centre(image.height, heightPx),
    };
    return patchOf(warpImage(image, drawWarp(plan, widthPx, heightPx, random), region), code);
  };
  const patchAt = (k: number, random: Random): Patch => {
    if (!isShuffled) return patchOf(items[k]!.image, items[k]!.code); // k counts items
    const other = (): Patch => draw(random.fork("other").int(items.length), random.fork("other"));
    return finishPatch(draw(k, random), plan, random, other);
  };
  const width = classes.length + labels.length;
  const size = widthPx * heightPx * channels;
  return {
    length,
    imageShape: [heightPx, widthPx, channels],
    targets: [
      ...(classes.length > 0 ? [{ name: "class", kind: "classes" as const, labels: classes }] : []),
      ...valueTargets,
    ],
    targetsPer: "image",
    batch(i, random): ImageBatch {
      requireIndex(who, i, length);
      const chosen = orderOf(random).slice(i * batchSize, (i + 1) * batchSize);
      const x = new Float32Array(chosen.length * size);
      const y = new Float32Array(chosen.length * width);
      const known = new Uint8Array(y.length).fill(1);
      for (const [n, k] of chosen.entries()) {
        const { code, values } = items[k]!; // an index of items
        const { image, codes } = patchAt(k, random.fork(i).fork(n));
        x.set(image.data, n * size);
        const row = y.subarray(n * width, (n + 1) * width);
        if (classes.length > 0) {
          if (plan.cutMix === undefined) row[code] = 1;
          else row.set(shares(codes.data, classes.length));
        }
        for (const [v, value] of values.entries()) {
          const at = classes.length + v;
          if (Number.isNaN(value)) known[n * width + at] = 0;
          else row[at] = value;
        }
      }
      const shape = [chosen.length, heightPx, widthPx, channels] as const;
      return { shape, x, yShape: [chosen.length, width], y, weights: new Float32Array(chosen.length).fill(1), known };
    },
  };
}

interface Item {
  readonly image: Raster<Float32Array>;
  readonly code: number;
  readonly values: readonly number[];
}

function checkPlan(who: string, plan: ResolvedAugmentation, channels: number, hasValues: boolean): void {
  if (plan.whiteBalance !== undefined && channels === 1) {
    throw new DomainError(`${who}: whiteBalance is for colour, the images are grey; use brightness or contrast`);
  }
  if (plan.composite !== undefined) {
    throw new DomainError(
      `${who}: composite is for labelled pixels, which images of one class have none of; leave it out`,
    );
  }
  if (plan.cutMix !== undefined && hasValues) {
    throw new DomainError(`${who}: cutMix mixes images whose values do not mix so; leave it out`);
  }
}

/** Code of the class, 0 without classes. */
function checkExample(
  name: string,
  example: ImageExample,
  classes: readonly string[],
  labels: readonly string[],
): number {
  requireUnitRange(name, example.image);
  const values = example.values ?? [];
  if (values.length !== labels.length) {
    throw new DataError(
      `${name} has ${values.length} values, valueTargets name ${labels.length} (${labels.join(", ")}); give NaN where one is not known`,
    );
  }
  const infinite = values.findIndex((value) => Math.abs(value) === Number.POSITIVE_INFINITY);
  if (infinite >= 0)
    throw new DataError(`${name}: ${labels[infinite]} is ${values[infinite]}, expected a finite number`);
  if (classes.length === 0) return 0;
  if (example.label === undefined) throw new DataError(`${name} has no label; classes are ${classes.join(", ")}`);
  const code = classes.indexOf(example.label);
  if (code >= 0) return code;
  const near = nearestNames(example.label, classes);
  const hint = near.length > 0 ? `did you mean ${near.join(" or ")}?` : `classes are ${classes.join(", ")}`;
  throw new DataError(`${name} is labelled "${example.label}", which is no class; ${hint}`);
}

function patchOf(image: Raster<Float32Array>, code: number): Patch {
  const { width, height } = image;
  return { image, codes: createRaster(new Uint8Array(width * height).fill(code), width, height) };
}

/** Share of each class among the pixels that have one: all but those that were cut out. */
function shares(codes: Uint8Array, nClasses: number): Float32Array {
  const counts = new Float32Array(nClasses);
  let total = 0;
  for (const code of codes) {
    if (code === IGNORED_CODE) continue;
    counts[code]!++; // below nClasses
    total++;
  }
  return counts.map((count) => count / total);
}

/** The image at each place of an epoch: classes in the shares that `balance` gives, images of a class equally often or, some, once more. */
function epochOrder(
  items: readonly Item[],
  nClasses: number,
  balance: number,
  nImages: number,
): (random: Random) => readonly number[] {
  const members = Array.from({ length: Math.max(1, nClasses) }, (): number[] => []);
  for (const [k, { code }] of items.entries()) members[code]!.push(k); // one list per class
  const present = members.filter(({ length }) => length > 0);
  const weights = present.map(({ length }) => length ** (1 - balance));
  const total = weights.reduce((a, b) => a + b, 0);
  let last: { readonly key: string; readonly order: readonly number[] } | undefined;
  return (random) => {
    if (last?.key === random.key) return last.order;
    const stream = random.fork("order");
    let order: number[] = [];
    if (balance === 0) {
      const all = shuffle(items.length, stream);
      order = Array.from({ length: nImages }, (_, n) => all[n % all.length]!); // not empty
    } else {
      let [sum, taken] = [0, 0];
      for (const [c, list] of present.entries()) {
        sum += weights[c]!; // one per list
        // What is rounded off here goes to the next class.
        const quota = Math.round((nImages * sum) / total) - taken;
        taken += quota;
        const mixed = shuffle(list.length, stream);
        for (let n = 0; n < quota; n++) order.push(list[mixed[n % mixed.length]!]!); // not empty
      }
      const places = order;
      order = Array.from(shuffle(places.length, stream), (n) => places[n]!); // of this length
    }
    last = { key: random.key, order };
    return order;
  };
}
