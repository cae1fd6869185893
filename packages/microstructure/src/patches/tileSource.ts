import { type BatchSource, type BatchTarget, DomainError, type ImageBatch } from "@materiome/core";
import { checkPatchSource, type LabelledImage } from "./checkPatchSource.ts";
import { IGNORED_CODE, type Patch } from "./patch.ts";
import { classTarget, patchBatch } from "./patchBatch.ts";
import { requireIndex } from "./patchSource.ts";
import { warpPatch } from "./warpPatch.ts";

export interface TileSourceOptions {
  /** Edge of the square tiles. @defaultValue 64 */
  readonly sizePx?: number | undefined;
  /** Tiles in a batch; the last batch may have fewer. @defaultValue 8 */
  readonly batchSize?: number | undefined;
  /** Code of pixels of which nothing is known, besides 255. @defaultValue 255 */
  readonly ignoredCode?: number | undefined;
  /** What the channels of `values` are. @defaultValue none */
  readonly valueTargets?: readonly BatchTarget[] | undefined;
  /** Weight of the pixels of each class. @defaultValue all 1 */
  readonly classWeights?: readonly number[] | undefined;
}

/**
 * Batches that show every pixel of labelled images, for validation: sums over them are sums over the images, each pixel once. Tiles lie
 * inside their image, the last of a row or column flush with its border; what an earlier tile has shown has weight 0. Images smaller
 * than a tile go on reflected, with weight 0. Nothing is random.
 *
 * @throws as `patchSource`
 * @example
 * const validation = tileSource([{ image, codes }], ["matrix", "precipitate"], { sizePx: 128 });
 */
export function tileSource(
  images: readonly LabelledImage[],
  classes: readonly string[],
  options: TileSourceOptions = {},
): BatchSource {
  const who = "tileSource";
  const { sizePx = 64, batchSize = 8, ignoredCode = IGNORED_CODE, valueTargets = [], classWeights } = options;
  for (const [name, value] of Object.entries({ sizePx, batchSize })) {
    if (Number.isSafeInteger(value) && value >= 1) continue;
    throw new DomainError(`${who}: ${name} must be a positive whole number, got ${value}`);
  }
  checkPatchSource(who, images, classes, { ignoredCode, valueTargets, classWeights });
  const tiles = images.flatMap((source) =>
    steps(source.image.height, sizePx).flatMap((y) => steps(source.image.width, sizePx).map((x) => ({ source, x, y }))),
  );
  const weights = Float64Array.from(classes, (_, code) => classWeights?.[code] ?? 1);
  const length = Math.ceil(tiles.length / batchSize);
  const middle = (sizePx - 1) / 2;
  const cut = ({ source, x, y }: (typeof tiles)[number]): Patch => {
    const region = { width: sizePx, height: sizePx, centreX: x.from + middle, centreY: y.from + middle };
    const patch = warpPatch(source, { matrix: [1, 0, 0, 1] }, region, ignoredCode);
    for (let row = 0, i = 0; row < sizePx; row++) {
      for (let column = 0; column < sizePx; column++, i++) {
        if (row < y.shown || column < x.shown) patch.codes.data[i] = IGNORED_CODE; // codes are this patch's own
      }
    }
    return patch;
  };
  return {
    length,
    imageShape: [sizePx, sizePx, images[0]!.image.channels], // at least one, checked above
    targets: [classTarget(classes), ...valueTargets],
    targetsPer: "pixel",
    batch(i): ImageBatch {
      requireIndex(who, i, length);
      return patchBatch(tiles.slice(i * batchSize, (i + 1) * batchSize).map(cut), weights);
    },
  };
}

/** First pixel of each tile along an axis, and how many of its pixels the tile before has shown. */
function steps(length: number, size: number): { readonly from: number; readonly shown: number }[] {
  const n = Math.max(1, Math.ceil(length / size));
  return Array.from({ length: n }, (_, k) => {
    const from = Math.min(k * size, Math.max(0, length - size));
    return { from, shown: k * size - from };
  });
}
