import { createRaster, type Raster } from "@materiome/core";
import {
  type BandSpace,
  closeGapBands,
  findTwinBands,
  markerWatershedBands,
  measureCrackBands,
  memoryStore,
  mergeByBoundaryBands,
  mergeTwinBands,
  type RowReader,
  skeletonizeBands,
  slicSuperpixelBands,
} from "@materiome/microstructure/mosaic";
import {
  type CrackMeasurement,
  closeGaps,
  findTwins,
  type MarkerWatershedOptions,
  markerWatershed,
  measureCracks,
  mergeByBoundary,
  mergeTwins,
  skeletonize,
  slicSuperpixels,
} from "@materiome/microstructure/segment";
import { CellPicture, crackRow, draw } from "./bandPicture.ts";

/** What a method found: an image, and all else, of which some counts are shown. */
export interface Found {
  readonly image?: RowReader<Uint8Array | Uint32Array>;
  readonly rest?: unknown;
  readonly counts: { readonly [name: string]: number };
}

/** A method with the picture it is tried on, which lies in stores of the space. */
export interface BandTask {
  inBands(): Found;
  /** By the function for whole images, of a picture that was drawn into memory. */
  inMemory(): Found;
}

export const BAND_METHODS: { readonly [name: string]: (space: BandSpace) => BandTask } = {
  skeleton(space) {
    const lines = drawLines(space, 0);
    return {
      inBands: () => ({ image: skeletonizeBands(space, lines), counts: {} }),
      inMemory: () => ({ image: rowsOf(skeletonize(wholeOf(lines))), counts: {} }),
    };
  },
  gaps(space) {
    const lines = drawLines(space, 5);
    return {
      inBands() {
        const { mask, ...rest } = closeGapBands(space, lines);
        return { image: mask, rest, counts: { nEnds: rest.nEnds, nLinks: rest.links.length } };
      },
      inMemory() {
        const { mask, ...rest } = closeGaps(wholeOf(lines));
        return { image: rowsOf(mask), rest, counts: { nEnds: rest.nEnds, nLinks: rest.links.length } };
      },
    };
  },
  cracks(space) {
    const mask = draw(space, "uint8", (y, out) => crackRow(y, 512, out));
    return {
      inBands: () => crackFound(measureCrackBands(space, mask)),
      inMemory: () => crackFound(measureCracks(wholeOf(mask))),
    };
  },
  boundary(space) {
    const cells = new CellPicture(space.width, 16);
    const labels = drawLabels(space, cells);
    const strength = draw(space, "float32", (y, out) =>
      cells.row(y, out.length, (x, { cell, other, gapPx }) => {
        out[x] = Math.abs(cells.grey[cell]! - cells.grey[other]!) * Math.exp(-gapPx / 2); // cells
      }),
    );
    const options = { maxStrength: 0.2, endPx: 2 };
    return {
      inBands() {
        const { labels: image, ...counts } = mergeByBoundaryBands(space, labels, strength, options);
        return { image, rest: counts, counts };
      },
      inMemory() {
        const { labels: joined, ...counts } = mergeByBoundary(wholeOf(labels), wholeOf(strength), options);
        return { image: rowsOf(joined), rest: counts, counts };
      },
    };
  },
  twins(space) {
    const cells = new CellPicture(space.width, 40);
    const labels = draw(space, "uint32", (y, out) =>
      cells.row(y, out.length, (x, { cell }) => {
        out[x] = 3 * cell + 1 + lamellaPart(cells, cell, x, y);
      }),
    );
    const grey = drawGrey(space, cells);
    return {
      inBands() {
        const twins = findTwinBands(space, labels, grey);
        const { labels: image, ...counts } = mergeTwinBands(space, labels, twins);
        return { image, rest: { twins, ...counts }, counts: { nTwins: twins.length, ...counts } };
      },
      inMemory() {
        const whole = wholeOf(labels);
        const twins = findTwins(whole, wholeOf(grey));
        const { labels: merged, ...counts } = mergeTwins(whole, twins);
        return { image: rowsOf(merged), rest: { twins, ...counts }, counts: { nTwins: twins.length, ...counts } };
      },
    };
  },
  watershed: (space) => flood(space, {}),
  "watershed-compact": (space) => flood(space, { compactness: 0.02, line: true }),
  superpixels(space) {
    const grey = drawGrey(space, new CellPicture(space.width, 40));
    return {
      inBands() {
        const { labels, n } = slicSuperpixelBands(space, grey);
        return { image: labels, counts: { n } };
      },
      inMemory() {
        const { labels, n } = slicSuperpixels(wholeOf(grey));
        return { image: rowsOf(labels), counts: { n } };
      },
    };
  },
};

function flood(space: BandSpace, options: Omit<MarkerWatershedOptions, "mask">): BandTask {
  const cells = new CellPicture(space.width, 40);
  const relief = draw(space, "float32", (y, out) => {
    const noise = cells.noiseOfRow(y);
    cells.row(y, out.length, (x, { gapPx }) => {
      out[x] = Math.exp(-gapPx / 4) + 0.05 * noise.normal();
    });
  });
  const markers = draw(space, "uint32", (y, out) =>
    cells.row(y, out.length, (x, { cell }) => {
      if (Math.hypot(...cells.fromSite(cell, x, y)) < 3) out[x] = cell + 1;
    }),
  );
  return {
    inBands() {
      let nReads = 0;
      const counted = {
        ...markers,
        read(from: number, to: number) {
          nReads++;
          return markers.read(from, to);
        },
      };
      const image = markerWatershedBands(space, relief, counted, options);
      // One read looks for a marker; a visit of a band reads them once.
      return { image, counts: { visitsPerBand: (nReads - 1) / space.nBands } };
    },
    inMemory: () => ({ image: rowsOf(markerWatershed(wholeOf(relief), wholeOf(markers), options)), counts: {} }),
  };
}

function crackFound(rest: CrackMeasurement): Found {
  const { cracks } = rest;
  return { rest, counts: { nCracks: cracks.length, areaPx: cracks.reduce((sum, { areaPx }) => sum + areaPx, 0) } };
}

/** A net of lines about 4 px thick, with holes of up to `holePx` where 0 is not given. */
function drawLines(space: BandSpace, holePx: number): RowReader<Uint8Array> {
  const cells = new CellPicture(space.width, 40);
  return draw(space, "uint8", (y, out) =>
    cells.row(y, out.length, (x, { cell, other, gapPx }) => {
      const left = Math.min(cell, other); // of two cells side by side the one that a hole belongs to
      out[x] = gapPx < 4 && !(holePx > 0 && cells.isInHole(left, x, y, 2 * holePx)) ? 1 : 0;
    }),
  );
}

function drawLabels(space: BandSpace, cells: CellPicture): RowReader<Uint32Array> {
  return draw(space, "uint32", (y, out) =>
    cells.row(y, out.length, (x, { cell }) => {
      out[x] = cell + 1;
    }),
  );
}

/** Grains of different grey with darker lines between, and noise. */
function drawGrey(space: BandSpace, cells: CellPicture): RowReader<Float32Array> {
  return draw(space, "float32", (y, out) => {
    const noise = cells.noiseOfRow(y);
    cells.row(y, out.length, (x, { cell, gapPx }) => {
      out[x] = 0.3 + 0.5 * cells.grey[cell]! - 0.2 * Math.exp(-gapPx / 2) + 0.03 * noise.normal(); // a cell
    });
  });
}

/** 1 in the lamella, 5 to 9 px wide, through the site of every fourth cell, 0 and 2 on its sides; 0 in all other cells. */
function lamellaPart(cells: CellPicture, cell: number, x: number, y: number): number {
  const lot = 4 * cells.lot[cell]!; // a cell, as below
  if (lot >= 1) return 0;
  const [dx, dy] = cells.fromSite(cell, x, y);
  const turn = Math.PI * cells.turn[cell]!;
  const across = dx * Math.cos(turn) + dy * Math.sin(turn);
  if (Math.abs(across) <= 2.5 + 2 * lot) return 1;
  return across < 0 ? 0 : 2;
}

function wholeOf<T extends Uint8Array | Uint32Array | Float32Array>(rows: RowReader<T>): Raster<T> {
  return createRaster(rows.read(0, rows.height), rows.width, rows.height);
}

function rowsOf({ data, width, height }: Raster<Uint8Array | Uint32Array>): RowReader<Uint8Array | Uint32Array> {
  return data instanceof Uint8Array
    ? memoryStore("uint8", width, height, data)
    : memoryStore("uint32", width, height, data);
}
