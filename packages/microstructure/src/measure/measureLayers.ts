import { DataError, type LabelMap } from "@materiome/core";
import { type Region, regionTable } from "../regions/regionTable.ts";
import { type LayerLengths, layerThickness } from "../segment/layerThickness.ts";
import type { PhaseFraction } from "./measureField.ts";
import { resolvePixelSize } from "./resolvePixelSize.ts";

/** Thickness of one layer along its mid-line, interfaces' roughness and interruptions. */
export interface LayerSummary {
  /** From the top, or from the left. */
  readonly layer: number;
  /** Reaches the border of the picture along its length, so that it has no thickness here: the rest is null. */
  readonly isCut: boolean;
  /** Lengths in µm; null without calibration, where `inPx` holds. */
  readonly inUm: LayerLengths | null;
  readonly inPx: LayerLengths | null;
  readonly coverage: number | null;
  readonly nInterruptions: number | null;
}

interface LayersCommon {
  readonly width: number;
  readonly height: number;
  /** Layers. */
  readonly nGrains: number;
  readonly edgeRule: string;
  readonly twinRule: string;
  readonly anisotropyIndex: null;
  readonly interceptByDirection: readonly [];
  readonly grainSizeNumber: null;
  readonly phaseFractions: readonly PhaseFraction[];
  readonly layers: readonly LayerSummary[];
  readonly warnings: readonly string[];
}

/** Layers of one field. */
export type LayersMeasurement = LayersCommon &
  (
    | { readonly pixelSizeUm: number; readonly meanInterceptUm: null }
    | { readonly pixelSizeUm: null; readonly meanInterceptPx: null }
  );

export interface MeasuredLayers {
  readonly measurement: LayersMeasurement;
  readonly regions: readonly Region[];
  readonly labels: LabelMap;
}

/**
 * Thickness, roughness and coverage of every layer of a field.
 *
 * @param labels - layers 1 … n that tile the field (`segmentLayers`)
 * @throws DataError for a map without layers; and what `layerThickness` throws
 * @example
 * const { measurement } = measureLayers(segmentLayers(grey).labels, { pixelSizeUm: 0.1 });
 */
export function measureLayers(
  labels: LabelMap,
  options: { readonly pixelSizeUm?: number | undefined } = {},
): MeasuredLayers {
  const pixelSizeUm = resolvePixelSize("measureLayers", labels, options.pixelSizeUm);
  const regions = regionTable(labels);
  if (regions.length === 0) throw new DataError("measureLayers: the label map is 0 everywhere: there are no layers");
  const calibrated: LabelMap = { ...labels, pixelSizeUm };
  const warnings: string[] = [];
  if (pixelSizeUm === undefined) warnings.push("no calibration: lengths are in pixels; give the pixel size in µm");
  const { width, height } = labels;
  const layers = regions.map((region): LayerSummary => {
    const { label: layer } = region;
    const sides = [region.minX === 0, region.maxX === width - 1, region.minY === 0, region.maxY === height - 1];
    // A whole layer runs from border to border, and meets two.
    if (sides.filter(Boolean).length > 2) {
      return { layer, isCut: true, inUm: null, inPx: null, coverage: null, nInterruptions: null };
    }
    const measured = layerThickness(calibrated, { label: layer });
    warnings.push(...measured.warnings.map((text) => `layer ${layer}: ${text}`));
    return {
      layer,
      isCut: false,
      inUm: measured.inUm ?? null,
      inPx: measured.inPx,
      coverage: measured.coverage,
      nInterruptions: measured.nInterruptions,
    };
  });
  const cut = layers.filter(({ isCut }) => isCut);
  if (cut.length > 0) {
    warnings.push(
      `layer${cut.length === 1 ? "" : "s"} ${cut.map(({ layer }) => layer).join(" and ")} reach${cut.length === 1 ? "es" : ""} the border of the picture along its length: no thickness`,
    );
  }
  const common: LayersCommon = {
    width,
    height,
    nGrains: regions.length,
    edgeRule: "layers that reach the border along their length are marked as cut",
    twinRule: "does not apply",
    anisotropyIndex: null,
    interceptByDirection: [],
    grainSizeNumber: null,
    phaseFractions: regions.map(({ label, areaPx }) => ({
      phase: `layer ${label}`,
      fraction: areaPx / labels.data.length,
      ciLow: null,
      ciHigh: null,
      method: "area fraction of the pixels (ASTM E1245)",
    })),
    layers,
    warnings,
  };
  const measurement: LayersMeasurement =
    pixelSizeUm === undefined
      ? { ...common, pixelSizeUm: null, meanInterceptPx: null }
      : { ...common, pixelSizeUm, meanInterceptUm: null };
  return { measurement, regions, labels };
}
