import type { BandSpace } from "../bands/bandSpace.ts";
import type { ChannelRows } from "../bands/imageRows.ts";
import { labelBands, renumberBands } from "../bands/labelBands.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import { boundaryRegionBands } from "../pixels/boundaryRegions.ts";
import type { GreyStatistics } from "../pixels/channelPlanes.ts";
import { requirePixelSizeInBands } from "../pixels/classifyPixels.ts";
import { imageStatisticsBands } from "../pixels/imageStatisticsBands.ts";
import { INSTANCE_SMOOTH_PX } from "../pixels/instanceRule.ts";
import { instanceBands } from "../pixels/instancesFromDistance.ts";
import type { MicrographSegmenter } from "../pixels/micrographSegmenter.ts";
import { regionRule } from "../pixels/regionRule.ts";
import { segmentTilesBy, type TileRun } from "./segmentTiles.ts";

export interface ClassifyBandsOptions {
  /** Edge of a pixel of the image, µm. @defaultValue not calibrated */
  readonly pixelSizeUm?: number | undefined;
  /** Edge of the tiles worked on at once, px, without the halo; sets memory and speed, not the result. @defaultValue 1024 */
  readonly tilePx?: number | undefined;
}

export interface ClassifiedBands {
  /** Grains that tile the image, or bodies of phases, 0 the matrix. */
  readonly labels: RowStore<Uint32Array>;
  readonly nRegions: number;
  readonly kind: "grains" | "particles";
  readonly reason: string;
  /** Most probable class of every pixel, an index of the classes of the model, and the pixels of each. */
  readonly classes: RowStore<Uint8Array>;
  readonly counts: Float64Array;
  /** Entropy of the probabilities, 0 certain … 1. */
  readonly uncertainty: RowStore<Float32Array>;
}

/**
 * Segments an image that need not be in memory by a trained model (a pixel classifier or a net), as `digitizeByModel` does one in memory: the same
 * labels whatever the bands.
 *
 * Statistics of the grey of all rows come first where the model standardises it; then probabilities tile by tile; then grains
 * closed along the boundaries, or bodies of phases (`regionRule`), or regions by the distance that the model predicts.
 *
 * @throws IncompatibleError for another pixel size than in training
 * @example
 * const { labels, nRegions } = await classifyBands(space, grey, await readMicrographSegmenter(json, reader));
 */
export async function classifyBands(
  space: BandSpace,
  image: ChannelRows,
  classifier: MicrographSegmenter,
  options: ClassifyBandsOptions = {},
): Promise<ClassifiedBands> {
  const { pixelSizeUm, tilePx = 1024 } = options;
  requirePixelSizeInBands({ pixelSizeUm }, classifier);
  return classifyBandsBy(space, image, classifier, tilePx, () => ({ run: {}, close: () => undefined }));
}

/** As `classifyBands`, of any scale. */
export async function classifyBandsBy(
  space: BandSpace,
  image: ChannelRows,
  classifier: MicrographSegmenter,
  tilePx: number,
  open: (statistics: GreyStatistics | undefined) => { readonly run: TileRun; close(): void },
): Promise<ClassifiedBands> {
  const statistics = classifier.normalise === "image" ? imageStatisticsBands(space, image) : undefined;
  const { instances } = classifier;
  const whole = instances?.outputs ?? classifier;
  const segmenter = statistics === undefined ? whole : whole.forStatistics(statistics);
  const { kind, boundaryClass, reason } = regionRule(classifier);
  const asked = {
    tilePx,
    probabilityOf: classifier.classes[boundaryClass],
    hasUncertainty: true,
    hasValue: instances !== undefined,
  };
  const { run, close } = open(statistics);
  const tiles = await segmentTilesBy(space, image, segmenter, asked, run).finally(close);
  const { classes, counts, probability, value } = tiles;
  const uncertainty = tiles.uncertainty as RowStore<Float32Array>; // it was asked for
  const found =
    instances !== undefined && value !== undefined
      ? instanceBands(space, value, {
          ...{ depth: instances.depth, smoothPx: INSTANCE_SMOOTH_PX, boundary: probability },
          foreground: kind === "grains" ? undefined : classes, // of which 0 is the matrix
        })
      : probability === undefined
        ? bodies(space, classes)
        : boundaryRegionBands(space, probability);
  probability?.close();
  value?.close();
  return { labels: found.labels, nRegions: found.n, kind, reason, classes, counts, uncertainty };
}

/** 8-connected regions of each class but the first. */
function bodies(
  space: BandSpace,
  classes: RowReader<Uint8Array>,
): { readonly labels: RowStore<Uint32Array>; readonly n: number } {
  const labels = space.store("uint32");
  const { n, regionOf } = labelBands(space, classes, 8, labels);
  renumberBands(space, labels, regionOf);
  return { labels, n };
}
