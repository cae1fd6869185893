import { DomainError, type Raster, type Segmenter, type Serialized } from "@materiome/core";
import { type ChannelKind, channelNames, type GreyStatistics, requireFinite } from "./channelPlanes.ts";
import { firstChannels } from "./classifyInstances.ts";
import type { InstanceRule } from "./instanceRule.ts";
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
  /**
   * The last channel of the segmenter is no class but a distance, which tells regions apart (`distanceTarget`): how. @defaultValue all channels are
   * classes
   */
  readonly instances?: InstanceRule | undefined;
}

type Settings = Pick<TrainedSegmenter, "channels" | "normalise" | "pixelSizeUm" | "colourSpace" | "ranges" | "views">;

export const TRAINED_SEGMENTER_TYPE = "materiome/trained-segmenter";
/** 2: a net with a distance for its last channel, which readers of 1 would take for a class. */
export const TRAINED_SEGMENTER_VERSIONS: readonly number[] = [1, 2];

/**
 * Makes a segmenter of prepared numbers into a classifier of micrographs: their grey (0 … 1), or L, a, b over 50 or red, green and blue of
 * coloured ones, is standardised if asked, brought to a range, and segmented tile by tile. `trainSegmenter` makes one of the net it trains; a net from
 * elsewhere becomes one with this function, as a file for `digitize --model` too.
 *
 * @param segmenter - its channels are probabilities of classes that exclude each other; with `instances`, and a distance
 * @throws DomainError for fewer than two classes, ranges that do not fit, or a depth outside 0 … 1
 * @example
 * const classifier = createTrainedSegmenter(segmenter, { pixelSizeUm: 0.1 });
 * const probabilities = await classifyPixels(grey, classifier);
 */
export function createTrainedSegmenter(segmenter: Segmenter, options: TrainedSegmenterOptions = {}): TrainedSegmenter {
  const { channels = "grey", normalise = "none", pixelSizeUm, colourSpace = "lab", views = "none" } = options;
  const { instances } = options;
  if (colourSpace === "rgb" && normalise === "image") {
    throw new DomainError(
      'createTrainedSegmenter: normalise "image" is for grey and CIELAB, whose lightness it standardises; of red, green and blue use "none"',
    );
  }
  const nPlanes = channelNames(channels).length;
  const ranges = options.ranges ?? Array.from({ length: nPlanes }, () => ({ low: 0, high: 1, isLimited: false }));
  const nClasses = segmenter.classes.length - (instances === undefined ? 0 : 1);
  if (nClasses < 2) {
    throw new DomainError(
      `createTrainedSegmenter: the segmenter has ${nClasses} class${instances === undefined ? "" : " beside the distance"}; at least two are needed`,
    );
  }
  if (instances !== undefined && !(instances.depth > 0 && instances.depth <= 1)) {
    throw new DomainError(`createTrainedSegmenter: depth must lie in 0 … 1, above 0, got ${instances.depth}`);
  }
  if (ranges.length !== nPlanes || !ranges.every(({ low, high }) => high > low && Number.isFinite(high - low))) {
    throw new DomainError(
      `createTrainedSegmenter: ranges must be ${nPlanes} for ${channels} images, each from a lower to a higher number`,
    );
  }
  const settings = { channels, normalise, pixelSizeUm, colourSpace, ranges, views };
  const whole = withStatistics(settings, portableSegmenter(segmenter, views), undefined);
  return instances === undefined ? whole : withInstances(whole, instances);
}

/** Of a net with a distance behind its classes: the classes alone, and how regions follow from all of it. */
function withInstances(outputs: TrainedSegmenter, { kind, depth }: InstanceRule): TrainedSegmenter {
  const classes = outputs.classes.slice(0, -1);
  return {
    ...outputs,
    classes,
    instances: { kind, depth, outputs },
    forStatistics: (known) => withInstances(outputs.forStatistics(known), { kind, depth }),
    classify: async (image, tilePx, run) => firstChannels(await outputs.classify(image, tilePx, run), classes.length),
    segmentTile: async (tile) => firstChannels(await outputs.segmentTile(tile), classes.length),
    toJSON(): Serialized {
      const stored = outputs.toJSON();
      return { ...stored, version: 2, params: { ...(stored.params as object), instances: { kind, depth } } };
    },
  };
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
        version: 1,
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
