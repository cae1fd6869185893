import type { BandSpace } from "../bands/bandSpace.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import { requirePixelSizeInBands, unknownScale } from "../pixels/classifyPixels.ts";
import { imageForClassifier, type OtherColour } from "../pixels/imageForClassifier.ts";
import type { DigitizeModel } from "../pixels/loadClassifier.ts";
import type { MicrographSegmenter } from "../pixels/micrographSegmenter.ts";
import type { SegmentationMethod } from "../segment/chooseMethod.ts";
import { joinTwinBands, noTwins } from "../segment/joinTwins.ts";
import { lineDoubts } from "../segment/lineDoubts.ts";
import type { ColourRows } from "../segment/perceptualChannels.ts";
import type { MicrographSegmentation, SegmentMicrographOptions } from "../segment/segmentMicrograph.ts";
import { type MicrographRows, segmentMicrographBands } from "../segment/segmentMicrographBands.ts";
import { classifyBandsBy } from "./classifyBands.ts";
import type { MosaicPhases } from "./measureMosaic.ts";
import { type ModelTileThreads, modelTileRun } from "./modelTiles.ts";

/** Labels of a mosaic and what is to be said of them. */
export interface SegmentedMosaic {
  readonly labels: RowReader<Uint32Array>;
  readonly nRegions: number;
  readonly kind: MicrographSegmentation["kind"];
  readonly method: SegmentationMethod | "model";
  readonly methodReason: string;
  /** What the pipeline measured on the way. */
  readonly measured: Readonly<Record<string, number | string>>;
  /** Warnings that stand before those of reading the file, and after. */
  readonly doubts: readonly string[];
  readonly warnings: readonly string[];
  readonly twinRule?: string | undefined;
  /** With a model of phases. */
  readonly phases?: MosaicPhases | undefined;
  /** With a model: entropy of its probabilities. */
  readonly uncertainty?: RowReader<Float32Array> | undefined;
}

type Twins = "keep" | "merge" | undefined;

/** Segments a mosaic by a pipeline, as `digitizeImage` does. */
export function segmentByPipeline(
  space: BandSpace,
  picture: MicrographRows,
  options: SegmentMicrographOptions & { readonly twins?: Twins; readonly pixelSizeUm?: number | undefined },
): SegmentedMosaic {
  const found = segmentMicrographBands(space, picture, options);
  const { labels, nRegions, kind, method, reason, measured, warnings } = found;
  const common = { kind, method, methodReason: reason, measured, doubts: lineDoubts(found), warnings };
  return withTwins(space, picture, options.twins, { ...common, labels, nRegions });
}

/** Segments a mosaic by a trained model, as `digitizeByModel` does. */
export async function segmentByModel(
  space: BandSpace,
  picture: MicrographRows & { readonly isColoured?: boolean },
  classifier: MicrographSegmenter,
  options: {
    readonly twins?: Twins;
    readonly pixelSizeUm?: number | undefined;
    readonly ignorePixelSize?: boolean | undefined;
    readonly otherColour?: OtherColour | undefined;
    /** Other threads that segment tiles. @defaultValue none */
    readonly tiles?: (ModelTileThreads & { readonly model: DigitizeModel }) | undefined;
  },
): Promise<SegmentedMosaic> {
  const { pixelSizeUm, twins, ignorePixelSize = false, otherColour, tiles } = options;
  if (!ignorePixelSize) requirePixelSizeInBands({ pixelSizeUm }, classifier);
  const { image, notes } = imageForClassifier(
    classifier,
    picture,
    otherColour,
    (grey): ColourRows => [grey, grey, grey],
  );
  const found = await classifyBandsBy(space, image, classifier, 1024, (statistics) =>
    tiles === undefined
      ? { run: {}, close: () => undefined }
      : modelTileRun(tiles.model, statistics, tiles, classifier.instances !== undefined),
  );
  const { labels, nRegions, kind, reason, uncertainty, classes, counts } = found;
  return withTwins(space, picture, twins, {
    labels,
    nRegions,
    kind,
    method: "model",
    methodReason: reason,
    measured: {},
    doubts: [],
    warnings: [...notes, ...(ignorePixelSize ? [] : unknownScale({ pixelSizeUm }, classifier))],
    phases: kind === "grains" ? undefined : { classes, counts, names: classifier.classes },
    uncertainty,
  });
}

/** Joins the twins of grains, if asked. */
function withTwins(
  space: BandSpace,
  picture: MicrographRows,
  twins: Twins,
  found: SegmentedMosaic & { readonly labels: RowStore<Uint32Array> },
): SegmentedMosaic {
  if (twins !== "merge") return found;
  if (found.kind !== "grains") return { ...found, warnings: [...found.warnings, noTwins(found.kind)] };
  const { labels, nGrains, rule } = joinTwinBands(space, found.labels, picture.colour ?? picture.grey);
  found.labels.close();
  return { ...found, labels, nRegions: nGrains, twinRule: rule };
}
