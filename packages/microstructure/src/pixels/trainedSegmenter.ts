import { DomainError, type Raster, type Segmenter, type Serialized } from "@materiome/core";
import { type ChannelKind, channelNames, type GreyStatistics, requireFinite } from "./channelPlanes.ts";
import type { MicrographSegmenter } from "./micrographSegmenter.ts";
import { preparePlanes, requireChannels, requireStatistics } from "./pixelClassifier.ts";
import type { RunOptions } from "./predictImage.ts";
import {
  asked,
  type PortableSegmenter,
  portableSegmenter,
  type SegmenterViews,
  segmentByTiles,
} from "./segmenterTiles.ts";

/** Values of a plane that become 0 and 1. */
export interface PlaneRange {
  readonly low: number;
  readonly high: number;
  /** Values beyond are set to 0 and 1; otherwise the line goes on. */
  readonly isLimited: boolean;
}

/** A net that classifies micrographs: a segmenter with how images are prepared for it. */
export interface TrainedSegmenter extends MicrographSegmenter {
  readonly segmenter: Segmenter;
  readonly views: SegmenterViews;
  /** What a coloured image is given as. */
  readonly colourSpace: "lab" | "rgb";
  /** Of each plane: the grey, or the three of the colour space. */
  readonly ranges: readonly PlaneRange[];
  forStatistics(statistics: GreyStatistics): TrainedSegmenter;
}

export interface TrainedSegmenterOptions {
  /** @defaultValue "grey" */
  readonly channels?: ChannelKind | undefined;
  /** Whether the grey of each image is brought to mean 0 and deviation 1, before the ranges. @defaultValue "none" */
  readonly normalise?: "none" | "image" | undefined;
  /** Edge of a pixel of the training images, µm. @defaultValue none */
  readonly pixelSizeUm?: number | undefined;
  /** What a coloured image is given as: CIELAB in fifties, or red, green and blue 0 … 1. @defaultValue "lab" */
  readonly colourSpace?: "lab" | "rgb" | undefined;
  /** One for the grey, three for a coloured image. @defaultValue 0 … 1 each, as they are */
  readonly ranges?: readonly PlaneRange[] | undefined;
  /**
   * Whether it is asked for the four flips of a tile, or for the eight flips and quarter turns, their mean taken: 4 or 8 times slower.
   * @defaultValue "none"
   */
  readonly views?: SegmenterViews | undefined;
}

type Settings = Pick<TrainedSegmenter, "channels" | "normalise" | "pixelSizeUm" | "colourSpace" | "ranges" | "views">;

export const TRAINED_SEGMENTER_TYPE = "materiome/trained-segmenter";
export const TRAINED_SEGMENTER_VERSION = 1;

/**
 * Makes a segmenter of prepared numbers into a classifier of micrographs: their grey (0 … 1), or L, a, b over 50 or red, green and blue of
 * coloured ones, is standardised if asked, brought to a range, and segmented tile by tile. `trainSegmenter` makes one of the net it trains; a net from
 * elsewhere becomes one with this function, as a file for `digitize --model` too.
 *
 * @param segmenter - its channels are probabilities of classes that exclude each other
 * @throws DomainError for fewer than two classes, or ranges that do not fit
 * @example
 * const classifier = createTrainedSegmenter(segmenter, { pixelSizeUm: 0.1 });
 * const probabilities = await classifyPixels(grey, classifier);
 */
export function createTrainedSegmenter(segmenter: Segmenter, options: TrainedSegmenterOptions = {}): TrainedSegmenter {
  const { channels = "grey", normalise = "none", pixelSizeUm, colourSpace = "lab", views = "none" } = options;
  if (colourSpace === "rgb" && normalise === "image") {
    throw new DomainError(
      'createTrainedSegmenter: normalise "image" is for grey and CIELAB, whose lightness it standardises; of red, green and blue use "none"',
    );
  }
  const nPlanes = channelNames(channels).length;
  const ranges = options.ranges ?? Array.from({ length: nPlanes }, () => ({ low: 0, high: 1, isLimited: false }));
  if (segmenter.classes.length < 2) {
    throw new DomainError(
      `createTrainedSegmenter: the segmenter has ${segmenter.classes.length} class; at least two are needed`,
    );
  }
  if (ranges.length !== nPlanes || !ranges.every(({ low, high }) => high > low && Number.isFinite(high - low))) {
    throw new DomainError(
      `createTrainedSegmenter: ranges must be ${nPlanes} for ${channels} images, each from a lower to a higher number`,
    );
  }
  const settings = { channels, normalise, pixelSizeUm, colourSpace, ranges, views };
  return withStatistics(settings, portableSegmenter(segmenter, views), undefined);
}

function withStatistics(
  settings: Settings,
  portable: PortableSegmenter,
  statistics: GreyStatistics | undefined,
): TrainedSegmenter {
  const { channels, normalise, pixelSizeUm, colourSpace, ranges, views } = settings;
  const { segmenter } = portable;
  const who = "trained segmenter";
  const prepare = (image: Raster<Float32Array>): Raster<Float32Array> => {
    requireChannels(who, image, channels);
    requireFinite(image, who);
    const planes = colourSpace === "rgb" ? sharedCopy(image) : preparePlanes(image, normalise, statistics);
    bringToRange(planes, ranges);
    return planes;
  };
  return {
    module: import.meta.url,
    classes: segmenter.classes,
    halo: segmenter.halo,
    alignment: segmenter.alignment,
    ...settings,
    segmenter,
    forStatistics: (known) => withStatistics(settings, portable, known),
    classify: (image, tilePx, run: RunOptions) => segmentByTiles(portable, prepare(image), tilePx, run),
    async segmentTile(tile) {
      requireStatistics(who, normalise, statistics);
      return asked(portable).segmentTile(prepare(tile));
    },
    toJSON(): Serialized {
      return {
        type: TRAINED_SEGMENTER_TYPE,
        version: TRAINED_SEGMENTER_VERSION,
        params: {
          channels,
          normalise,
          pixelSizeUm: pixelSizeUm ?? null,
          ranges: ranges.map((range) => ({ ...range })),
          colourSpace,
          views,
        },
        state: { segmenter: { ...segmenter.toJSON() } },
      };
    },
  };
}

/** In shared memory, so that threads need no copy. */
function sharedCopy(image: Raster<Float32Array>): Raster<Float32Array> {
  const data = new Float32Array(new SharedArrayBuffer(4 * image.data.length));
  data.set(image.data);
  return { ...image, data };
}

/** (v − low) / (high − low) of each plane, in place. */
export function bringToRange(planes: Raster<Float32Array>, ranges: readonly PlaneRange[]): void {
  const { data, channels } = planes;
  for (const [c, { low, high, isLimited }] of ranges.entries()) {
    if (low === 0 && high === 1 && !isLimited) continue;
    const gain = 1 / (high - low);
    for (let i = c; i < data.length; i += channels) {
      const value = (data[i]! - low) * gain; // below length
      data[i] = isLimited ? Math.min(1, Math.max(0, value)) : value;
    }
  }
}
