import { DataError, type LabelMap } from "@materiome/core";
import { type BandSpace, bandSpace } from "../bands/bandSpace.ts";
import type { RowReader } from "../bands/rowStore.ts";
import { type Region, regionTable } from "../regions/regionTable.ts";
import type { LayerLengths } from "../segment/layerThickness.ts";
import { layerThicknessBands } from "../segment/layerThicknessBands.ts";
import type { PhaseFraction } from "./measureField.ts";
import { areaFractionOf } from "./phaseFractionsOf.ts";
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
  const read = (from: number, to: number): Uint32Array => labels.data.subarray(from * labels.width, to * labels.width);
  const space = bandSpace(labels.width, labels.height);
  return { measurement: describeLayers(space, { ...labels, read }, regions, pixelSizeUm), regions, labels };
}

/**
 * The measurement of layers whose labels need not be in memory: of each, the rows (columns) that it takes are read, and worked on
 * in bands as large as those of the space.
 *
 * @throws DataError where there is no layer; and what `layerThickness` throws
 */
export function describeLayers(
  space: BandSpace,
  labels: RowReader<Uint32Array>,
  regions: readonly Region[],
  pixelSizeUm: number | undefined,
): LayersMeasurement {
  if (regions.length === 0) throw new DataError("measureLayers: the label map is 0 everywhere: there are no layers");
  const { width, height } = labels;
  const warnings: string[] = [];
  if (pixelSizeUm === undefined) warnings.push("no calibration: lengths are in pixels; give the pixel size in µm");
  const unmeasured = { inUm: null, inPx: null, coverage: null, nInterruptions: null };
  const layers = regions.map((region): LayerSummary => {
    const { label: layer } = region;
    const sides = [region.minX === 0, region.maxX === width - 1, region.minY === 0, region.maxY === height - 1];
    // A whole layer runs from border to border, and meets two.
    if (sides.filter(Boolean).length > 2) return { layer, isCut: true, ...unmeasured };
    const box = boxOf(region, labels);
    const rows = partOf(labels, box);
    const part = space.ofSize(rows.width, rows.height);
    const measured = layerThicknessBands(part, rows, { label: layer, pixelSizeUm });
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
    phaseFractions: regions.map(({ label, areaPx }) => areaFractionOf(`layer ${label}`, areaPx / (width * height))),
    layers,
    warnings,
  };
  return pixelSizeUm === undefined
    ? { ...common, pixelSizeUm: null, meanInterceptPx: null }
    : { ...common, pixelSizeUm, meanInterceptUm: null };
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/**
 * The part of the frame that the thickness of a layer depends on: across a layer that spans the frame, its own extent and as much
 * again on either side. With less it would cover half of the side that it meets, where `midLine` takes it for cut.
 */
function boxOf(region: Region, { width, height }: Pick<LabelMap, "width" | "height">): Box {
  const across = region.maxX - region.minX + 1;
  const down = region.maxY - region.minY + 1;
  const isWide = region.minX === 0 && region.maxX === width - 1 && down <= width;
  const isTall = region.minY === 0 && region.maxY === height - 1 && across <= height;
  return {
    left: isTall ? Math.max(0, region.minX - across - 1) : 0,
    right: isTall ? Math.min(width, region.maxX + across + 2) : width,
    top: isWide ? Math.max(0, region.minY - down - 1) : 0,
    bottom: isWide ? Math.min(height, region.maxY + down + 2) : height,
  };
}

function partOf(labels: RowReader<Uint32Array>, { left, right, top, bottom }: Box): RowReader<Uint32Array> {
  const width = right - left;
  return {
    width,
    height: bottom - top,
    read(from, to) {
      const rows = labels.read(top + from, top + to);
      if (width === labels.width) return rows;
      const part = new Uint32Array((to - from) * width);
      for (let y = 0; y < to - from; y++) {
        const start = y * labels.width + left;
        part.set(rows.subarray(start, start + width), y * width);
      }
      return part;
    },
  };
}
