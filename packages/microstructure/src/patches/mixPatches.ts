import { type Random, type Raster, ShapeError } from "@materiome/core";
import { type RectangleOptions, resolveStep } from "./augmentation.ts";
import { IGNORED_CODE, type Patch } from "./patch.ts";
import { drawFrom, type Range } from "./range.ts";

/**
 * Puts a rectangle of `other` into a patch, image, codes and values together, at the same place.
 *
 * @param other - of the same size and channels
 * @throws ShapeError for different sizes; DomainError for options out of range
 * @see S. Yun et al., Proc. ICCV 2019, 6023, doi:10.1109/ICCV.2019.00612
 * @example
 * const mixed = cutMix(patch, other, createRandom(1), { share: [0.2, 0.5] });
 */
export function cutMix(patch: Patch, other: Patch, random: Random, options: RectangleOptions = {}): Patch {
  const { share } = resolveStep("cutMix", "cutMix", options);
  requireAlike(patch.image, other.image);
  if ((patch.values?.channels ?? 0) !== (other.values?.channels ?? 0)) {
    throw new ShapeError("cutMix: the patches have different further values; give both the same");
  }
  const rectangle = drawRectangle(patch.image, share, random);
  const { values } = patch;
  return {
    image: paste(patch.image, other.image, rectangle),
    codes: paste(patch.codes, other.codes, rectangle),
    ...(values === undefined || other.values === undefined ? {} : { values: paste(values, other.values, rectangle) }),
  };
}

/**
 * Fills a rectangle with the mean grey of the patch and marks it as unknown: what cannot be seen is not to be guessed.
 *
 * @throws DomainError for options out of range
 * @see T. DeVries, G. Taylor, arXiv:1708.04552 (2017)
 * @example
 * const holed = cutOut(patch, createRandom(1), { share: [0.1, 0.1] });
 */
export function cutOut(patch: Patch, random: Random, options: RectangleOptions = {}): Patch {
  const { share } = resolveStep("cutOut", "cutOut", options);
  const { image, codes } = patch;
  const rectangle = drawRectangle(image, share, random);
  const means = channelMeans(image);
  const blank = { ...image, data: image.data.map((_, i) => means[i % image.channels]!) }; // a mean per channel
  const unknown = { ...codes, data: new Uint8Array(codes.data.length).fill(IGNORED_CODE) };
  return { ...patch, image: paste(image, blank, rectangle), codes: paste(codes, unknown, rectangle) };
}

interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Sides 1 : 2 to 2 : 1 where the share leaves room for it. */
function drawRectangle(
  image: { readonly width: number; readonly height: number },
  share: Range,
  random: Random,
): Rectangle {
  const area = drawFrom(share, random);
  const aspect = drawFrom([0.5, 2], random, true);
  // Fractions of the patch, so that no side is longer than it.
  const across = Math.min(1, Math.max(area, Math.sqrt(area * aspect)));
  const width = Math.round(across * image.width);
  const height = Math.round((across > 0 ? area / across : 0) * image.height);
  return { left: random.int(image.width - width + 1), top: random.int(image.height - height + 1), width, height };
}

function paste<T extends Float32Array | Uint8Array>(onto: Raster<T>, from: Raster<T>, place: Rectangle): Raster<T> {
  const data = onto.data.slice() as T;
  const length = place.width * onto.channels;
  for (let y = place.top; y < place.top + place.height; y++) {
    const at = (y * onto.width + place.left) * onto.channels;
    data.set(from.data.subarray(at, at + length), at);
  }
  return { ...onto, data };
}

function channelMeans({ data, channels }: Raster<Float32Array>): Float64Array {
  const sums = new Float64Array(channels);
  for (let i = 0; i < data.length; i++) sums[i % channels]! += data[i]!; // below length
  return sums.map((sum) => (sum * channels) / data.length);
}

function requireAlike(one: Raster, other: Raster): void {
  if (one.width === other.width && one.height === other.height && one.channels === other.channels) return;
  throw new ShapeError(
    `cutMix: patches of ${one.width} × ${one.height} × ${one.channels} and ${other.width} × ${other.height} × ${other.channels}; give both in one size`,
  );
}
