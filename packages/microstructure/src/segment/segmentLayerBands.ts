import { DomainError } from "@materiome/core";
import type { BandSpace } from "../bands/bandSpace.ts";
import { blurBands } from "../bands/blurBands.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import { transposeBands } from "../bands/transposeBands.ts";
import { noiseOfRows } from "./estimateNoise.ts";
import { placeInterfaces } from "./placeInterfaces.ts";
import { profileShareBands } from "./profileShares.ts";
import { requireRows } from "./requireRows.ts";
import type { LayerSegmentation, SegmentLayersOptions } from "./segmentLayers.ts";
import { splitProfile } from "./splitProfile.ts";

export interface SegmentedLayerBands extends Omit<LayerSegmentation, "labels"> {
  readonly labels: RowStore<Uint32Array>;
}

/**
 * `segmentLayers`, band by band: in memory with one band, with files and many bands for mosaics, the same labels whatever the
 * bands. Interfaces are followed on the transposed image, column after column.
 *
 * @param grey - finite values, at least 16 × 16 px
 * @throws DomainError, ShapeError as `segmentLayers` does
 */
export function segmentLayerBands(
  space: BandSpace,
  grey: RowReader<Float32Array>,
  options: SegmentLayersOptions = {},
): SegmentedLayerBands {
  const { nLayers } = options;
  const maxSlope = options.maxSlope ?? 2;
  if (nLayers !== undefined && !(Number.isInteger(nLayers) && nLayers >= 2 && nLayers <= 12)) {
    throw new DomainError(`segmentLayers: nLayers must be a whole number of 2 … 12, got ${nLayers}`);
  }
  if (!(Number.isInteger(maxSlope) && maxSlope >= 1 && maxSlope <= 8)) {
    throw new DomainError(`segmentLayers: maxSlope must be a whole number of 1 … 8, got ${maxSlope}`);
  }
  requireRows("segmentLayers", space, [grey], 16);
  const across = profileShareBands(space, grey);
  const direction =
    options.direction === undefined || options.direction === "auto"
      ? across.horizontal >= across.vertical
        ? "horizontal"
        : "vertical"
      : options.direction;
  const isUpright = direction === "horizontal";
  const uprightSpace = isUpright ? space : space.transposed();
  const turned = isUpright ? undefined : transposeBands(space, grey);
  const smooth = uprightSpace.store("float32");
  blurBands(uprightSpace, turned ?? grey, 1, smooth);
  turned?.close();
  const cuts = splitProfile(medianProfile(uprightSpace, smooth), nLayers);
  if (cuts.length === 0) {
    smooth.close();
    throw new DomainError(
      "segmentLayers: the profile across the image shows no layers (no step explains 2 % of its variance); give nLayers, or the other direction",
    );
  }
  const columns = transposeBands(uprightSpace, smooth);
  smooth.close();
  const { interfaces, greys } = placeInterfaces(uprightSpace.transposed(), columns, cuts, maxSlope);
  columns.close();
  return {
    labels: drawLayers(space, interfaces, isUpright),
    nLayers: interfaces.length + 1,
    direction,
    interfaces,
    diagnostics: {
      greys: greys.map(({ median }) => median),
      profileShare: across[direction],
      noise: noiseOfRows(grey),
      steps: interfaces.map((_, k) => {
        const a = greys[k]!; // one more than interfaces
        const b = greys[k + 1]!;
        return Math.abs(a.median - b.median) / Math.max(1e-6, Math.min(a.spread, b.spread));
      }),
    },
  };
}

function medianProfile(space: BandSpace, image: RowReader<Float32Array>): Float64Array {
  const { width, height } = space;
  const profile = new Float64Array(height);
  for (const { from, to } of space.bands(0)) {
    const rows = image.read(from, to);
    for (let y = from; y < to; y++) {
      const row = rows.slice((y - from) * width, (y - from + 1) * width).sort();
      profile[y] = row[width >> 1]!; // inside the row
    }
  }
  return profile;
}

/** Layers 1 … n: every pixel at or behind an interface belongs to the next layer. */
function drawLayers(space: BandSpace, interfaces: readonly Int32Array[], isUpright: boolean): RowStore<Uint32Array> {
  const { width } = space;
  const labels = space.store("uint32");
  for (const { from, to } of space.bands(0)) {
    const rows = labels.read(from, to).fill(1);
    for (const line of interfaces) {
      for (let y = from, i = 0; y < to; y++) {
        for (let x = 0; x < width; x++, i++) if (isUpright ? y >= line[x]! : x >= line[y]!) rows[i]! += 1; // inside
      }
    }
    labels.write(from, rows);
  }
  return labels;
}
