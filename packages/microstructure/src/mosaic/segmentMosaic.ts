import { createRaster, type LabelMap } from "@materiome/core";
import type { BandSpace } from "../bands/bandSpace.ts";
import { memoryStore, type RowReader } from "../bands/rowStore.ts";
import { readWhole } from "../pixels/imageStatisticsBands.ts";
import type { PixelClassifier } from "../pixels/pixelClassifier.ts";
import { imageForClassifier } from "../pixels/regionRule.ts";
import type { SegmentationMethod } from "../segment/chooseMethod.ts";
import { findTwins } from "../segment/findTwins.ts";
import { lineDoubts } from "../segment/lineDoubts.ts";
import { mergeTwins, twinRuleText } from "../segment/mergeTwins.ts";
import type { MicrographSegmentation, SegmentMicrographOptions } from "../segment/segmentMicrograph.ts";
import { type MicrographRows, segmentMicrographBands } from "../segment/segmentMicrographBands.ts";
import { classifyBands } from "./classifyBands.ts";
import type { MosaicPhases } from "./measureMosaic.ts";

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

/**
 * Segments a mosaic by a pipeline, as `digitizeImage` does. Twins, if asked, are joined in memory: grey or colour and labels of the
 * whole image.
 */
export function segmentByPipeline(
  space: BandSpace,
  picture: MicrographRows,
  options: SegmentMicrographOptions & {
    readonly twins?: "keep" | "merge" | undefined;
    readonly pixelSizeUm?: number | undefined;
  },
): SegmentedMosaic {
  const found = segmentMicrographBands(space, picture, options);
  const { kind, method, reason, measured, warnings } = found;
  const common = { kind, method, methodReason: reason, measured, doubts: lineDoubts(found), warnings };
  if (options.twins !== "merge" || kind !== "grains") {
    return { ...common, labels: found.labels, nRegions: found.nRegions };
  }
  const { width, height } = space;
  const labels: LabelMap = createRaster(new Uint32Array(width * height), width, height);
  for (const { from, to } of space.bands(0)) labels.data.set(found.labels.read(from, to), from * width);
  found.labels.close();
  const twins = findTwins(labels, readWhole(space, picture.colour ?? picture.grey));
  const merged = mergeTwins(labels, twins);
  return {
    ...common,
    labels: memoryStore("uint32", width, height, merged.labels.data),
    nRegions: merged.nGrains,
    twinRule: twinRuleText(merged.nMerged),
  };
}

/** Segments a mosaic by a trained classifier, as `digitizeByModel` does. */
export async function segmentByModel(
  space: BandSpace,
  picture: MicrographRows,
  classifier: PixelClassifier,
  pixelSizeUm: number | undefined,
): Promise<SegmentedMosaic> {
  const found = await classifyBands(space, imageForClassifier(classifier, picture), classifier, { pixelSizeUm });
  const { labels, nRegions, kind, reason, uncertainty, classes, counts } = found;
  return {
    labels,
    nRegions,
    kind,
    method: "model",
    methodReason: reason,
    measured: {},
    doubts: [],
    warnings: [],
    phases: kind === "grains" ? undefined : { classes, counts, names: classifier.classes },
    uncertainty,
  };
}
