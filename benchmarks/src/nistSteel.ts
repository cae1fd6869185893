/**
 * Grain size of the etched steel of NIST's Grain Size Analysis Tools, by several definitions, on NIST's own mask and on our
 * segmentation, beside what NIST published. Needs MATERIOME_DATA. From the repository root:
 *
 *   node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/nistSteel.ts
 *
 * Options: --json.
 */
import { readFile } from "node:fs/promises";
import { createRaster, type LabelMap, type Raster } from "@materiome/core";
import { readMicrograph } from "@materiome/microstructure";
import {
  abramsCircles,
  countIntersections,
  grainSizeFromIntercept,
  heynLines,
  interceptGrainSize,
  matrixIntercept,
  segmentLength,
  type TestCurve,
  traceBoundaries,
} from "@materiome/microstructure/measure";
import { absorbBoundaries } from "@materiome/microstructure/regions";
import { segmentGrains } from "@materiome/microstructure/segment";
import { runAsCommand } from "./commandLine.ts";
import { type Provenance, provenance } from "./provenance.ts";

const PIXEL_UM = 0.22522522522522523;
/** Radius above which white of the mask is island (pearlite), not boundary. */
const ISLAND_RADIUS_PX = 3;

interface Comparison {
  readonly name: string;
  readonly unit: string;
  readonly published: number;
  readonly found: number;
  readonly relativeErrorPct: number;
}

interface NistSteel extends Provenance {
  readonly suite: "nistSteel";
  /** On NIST's mask, against NIST's published lists of segments and the intercepts counted on it. */
  readonly mask: readonly Comparison[];
  /** Ours against NIST's mask by the same definition. */
  readonly segmentation: readonly (Comparison & { readonly deltaG: number })[];
  /** V_V·L_T/N with the pearlite left out, and the share of it: on the mask and on our segmentation. */
  readonly matrix: readonly {
    readonly source: string;
    readonly volumeFraction: number;
    readonly meanInterceptUm: number;
    readonly G: number;
  }[];
}

await runAsCommand(import.meta.url, nistSteel, print);

async function nistSteel(): Promise<NistSteel> {
  const folder = process.env["MATERIOME_DATA"];
  if (folder === undefined) throw new Error("nistSteel: set MATERIOME_DATA to the folder that holds the datasets");
  const set = `${folder}/nist-grain-size-micrographs`;
  const optical = `${set}/ex_segmentation/optical_etched`;
  const white = await readMicrograph(`${optical}/grains_steel_highlighted_segmented.tif`, { pixelSizeUm: PIXEL_UM });
  const { width, height } = white.grey;
  const mask = createRaster(
    Uint8Array.from(white.grey.data, (value) => (value > 0.5 ? 1 : 0)),
    width,
    height,
    {
      pixelSizeUm: PIXEL_UM,
    },
  );
  const { expected } = JSON.parse(await readFile(`${set}/DATASET.json`, "utf8")) as { expected: Expected };
  const grains = absorbBoundaries(labelInterior(mask));
  const { grey } = await readMicrograph(`${optical}/grain_structures_steel.tif`, { pixelSizeUm: PIXEL_UM });
  const own = segmentGrains(grey).labels;
  const islands = opened(mask, ISLAND_RADIUS_PX);
  return {
    suite: "nistSteel",
    mask: [
      ...publishedSegments(mask, expected),
      ...thickIntercepts(mask),
      ...[0, 90].map((angle, k) =>
        compare(
          `zero thickness, islands absorbed, ${angle}°`,
          "um",
          [8.89, 9.46][k] ?? Number.NaN,
          along(grains, angle),
        ),
      ),
    ],
    segmentation: definitions(grains, own),
    matrix: [
      matrix("NIST mask, islands of it left out", grains, islands),
      matrix("our segmentation, the same islands left out", own, islands),
    ],
    ...provenance(),
  };
}

interface PublishedLines {
  readonly nSegments: number;
  readonly meanPx: number;
  readonly byLine: { readonly [name: string]: { readonly n: number; readonly meanPx: number } };
}

interface Expected {
  readonly steelCirclesAndLines: PublishedLines;
  readonly steelLineGrid: PublishedLines;
}

function compare(name: string, unit: string, published: number, found: number): Comparison {
  return { name, unit, published, found, relativeErrorPct: 100 * (found / published - 1) };
}

/**
 * The two patterns of NIST's published lists: circles and lines in the middle square of 600 px, and horizontal lines 60 px
 * apart on the picture turned about its middle by 0, 45, …, 180° (first row 520.5 px above the middle).
 */
function publishedSegments(mask: Raster<Uint8Array>, { steelCirclesAndLines, steelLineGrid }: Expected): Comparison[] {
  const left = (mask.width - mask.height) / 2;
  const line = (fromX: number, fromY: number, toX: number, toY: number): TestCurve => ({
    kind: "line",
    fromX: fromX + left,
    fromY,
    toX: toX + left,
    toY,
  });
  const circle = (radiusPx: number): TestCurve => ({ kind: "circle", centreX: left + 300, centreY: 300, radiusPx });
  const pattern = segmentLength(mask, [
    line(0, 570, 599, 570),
    line(29, 0, 29, 599),
    line(0, 0, 599, 599),
    line(599, 0, 0, 599),
    circle(240),
    circle(160),
    circle(80),
  ]);
  const rows = [
    compare("circles and lines, segments", "1", steelCirclesAndLines.nSegments, pattern.n),
    compare("circles and lines, mean", "px", steelCirclesAndLines.meanPx, pattern.meanPx),
    ...pattern.byCurve.flatMap(({ curve, n, meanPx }) => {
      const published = steelCirclesAndLines.byLine[String(curve + 1)];
      const name = `${curve < 4 ? "line" : "circle"} ${curve + 1}`;
      return [
        compare(`${name}, segments`, "1", published?.n ?? Number.NaN, n),
        compare(`${name}, mean`, "px", published?.meanPx ?? Number.NaN, meanPx ?? Number.NaN),
      ];
    }),
  ];
  const grid = [0, 45, 90, 135, 180].map((turned) => ({
    turned,
    ...segmentLength(mask, turnedRows(mask, turned), { sampling: "interpolated" }),
  }));
  const n = grid.reduce((sum, own) => sum + own.n, 0);
  rows.push(
    compare("line grid, segments", "1", steelLineGrid.nSegments, n),
    compare("line grid, mean", "px", steelLineGrid.meanPx, grid.reduce((sum, own) => sum + own.n * own.meanPx, 0) / n),
    ...grid.flatMap((own) => {
      const published = steelLineGrid.byLine[String(own.turned)];
      return [
        compare(`picture turned by ${own.turned}°, segments`, "1", published?.n ?? Number.NaN, own.n),
        compare(`picture turned by ${own.turned}°, mean`, "px", published?.meanPx ?? Number.NaN, own.meanPx),
      ];
    }),
  );
  return rows;
}

function turnedRows({ width, height }: Raster<Uint8Array>, turnedDeg: number): TestCurve[] {
  const [c, s] = [Math.cos((turnedDeg * Math.PI) / 180), Math.sin((turnedDeg * Math.PI) / 180)];
  const at = (u: number, v: number): readonly [number, number] => [
    (width - 1) / 2 + u * c - v * s,
    (height - 1) / 2 + u * s + v * c,
  ];
  return Array.from({ length: 18 }, (_, k): TestCurve => {
    const v = 60 * k - 520.5;
    const [fromX, fromY] = at(-620.5, v);
    const [toX, toY] = at(620.5, v);
    return { kind: "line", fromX, fromY, toX, toY };
  });
}

/** Line length over the boundaries met, however thick, on every row and column. */
function thickIntercepts({ data, width, height }: Raster<Uint8Array>): Comparison[] {
  return [false, true].map((isSteep) => {
    const [along, across] = isSteep ? [height, width] : [width, height];
    let n = 0;
    for (let k = 0; k < across; k++) {
      let before = 0;
      for (let i = 0; i < along; i++) {
        const value = data[isSteep ? i * width + k : k * width + i] ?? 0;
        if (value === 1 && before === 0) n++;
        before = value;
      }
    }
    const published = isSteep ? 10.0 : 9.37;
    return compare(`thick boundaries, ${isSteep ? 90 : 0}°`, "um", published, (along * across * PIXEL_UM) / n);
  });
}

function along(labels: LabelMap, angleDeg: number): number {
  const [direction] = interceptGrainSize(labels, { directionsDeg: [angleDeg] }).byDirection;
  return (direction?.meanPx ?? Number.NaN) * PIXEL_UM;
}

function definitions(theirs: LabelMap, ours: LabelMap): (Comparison & { deltaG: number })[] {
  const circles = (labels: LabelMap): number =>
    countIntersections(traceBoundaries(labels), abramsCircles(labels)).meanInterceptPx * PIXEL_UM;
  const lines = (labels: LabelMap): number =>
    countIntersections(
      traceBoundaries(labels),
      heynLines(labels, { directionsDeg: [0, 30, 60, 90, 120, 150], pitchPx: 10 }),
    ).meanInterceptPx * PIXEL_UM;
  const rows: [string, (labels: LabelMap) => number][] = [
    [
      "zero thickness, islands absorbed, all pixel lines at 0, 45, 90, 135°",
      (l) => interceptGrainSize(l).meanInterceptPx * PIXEL_UM,
    ],
    ["zero thickness, 0°", (l) => along(l, 0)],
    ["zero thickness, 90°", (l) => along(l, 90)],
    ["vector boundaries, Heyn lines every 30°", lines],
    ["vector boundaries, Abrams circles", circles],
    [
      "segment length, boundaries 3 px thick, rows 10 px apart",
      (l) => segmentLength(thickened(l), rowsOf(l)).meanPx * PIXEL_UM,
    ],
  ];
  return rows.map(([name, measure]) => {
    const [a, b] = [measure(theirs), measure(ours)];
    return { ...compare(name, "um", a, b), deltaG: grainSizeFromIntercept(b) - grainSizeFromIntercept(a) };
  });
}

function rowsOf({ width, height }: LabelMap): TestCurve[] {
  return Array.from({ length: Math.floor(height / 10) }, (_, k) => ({
    kind: "line",
    fromX: 0,
    fromY: 10 * k + 5,
    toX: width - 1,
    toY: 10 * k + 5,
  }));
}

/** Pixels beside a change of label, and those beside them to the right and below: about 3 px across. */
function thickened({ data, width, height }: LabelMap): Raster<Uint8Array> {
  const mask = new Uint8Array(data.length);
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      if (data[i] === data[i + 1] && data[i] === data[i + width]) continue;
      for (const j of [i - 1, i, i + 1, i - width, i + width]) mask[j] = 1;
    }
  }
  return createRaster(mask, width, height);
}

function labelInterior({ data, width, height, pixelSizeUm }: Raster<Uint8Array>): LabelMap {
  const labels = new Uint32Array(data.length);
  const stack: number[] = [];
  let n = 0;
  for (let start = 0; start < data.length; start++) {
    if (data[start] !== 0 || labels[start] !== 0) continue;
    labels[start] = ++n;
    stack.push(start);
    for (let i = stack.pop(); i !== undefined; i = stack.pop()) {
      const x = i % width;
      for (const j of [x > 0 ? i - 1 : -1, x < width - 1 ? i + 1 : -1, i - width, i + width]) {
        if (j < 0 || j >= data.length || data[j] !== 0 || labels[j] !== 0) continue;
        labels[j] = n;
        stack.push(j);
      }
    }
  }
  return createRaster(labels, width, height, { pixelSizeUm });
}

/** Morphological opening by a disc. */
function opened({ data, width, height }: Raster<Uint8Array>, radius: number): Raster<Uint8Array> {
  const disc: [number, number][] = [];
  for (let dy = -radius; dy <= radius; dy++) {
    for (let dx = -radius; dx <= radius; dx++) if (dx * dx + dy * dy <= radius * radius) disc.push([dx, dy]);
  }
  const out = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const inside = disc
        .map(([dx, dy]) => [x + dx, y + dy] as const)
        .filter(([a, b]) => a >= 0 && b >= 0 && a < width && b < height);
      if (!inside.every(([a, b]) => data[b * width + a] === 1)) continue;
      for (const [a, b] of inside) out[b * width + a] = 1;
    }
  }
  return createRaster(out, width, height);
}

function matrix(source: string, labels: LabelMap, islands: Raster<Uint8Array>): NistSteel["matrix"][number] {
  const data = labels.data.map((label, i) => (islands.data[i] === 1 ? 0 : label));
  const { volumeFraction, meanInterceptPx } = matrixIntercept(createRaster(data, labels.width, labels.height));
  const meanInterceptUm = meanInterceptPx * PIXEL_UM;
  return { source, volumeFraction, meanInterceptUm, G: grainSizeFromIntercept(meanInterceptUm) };
}

function print(result: NistSteel): void {
  const row = ({ name, unit, published, found, relativeErrorPct }: Comparison): string =>
    `${name.padEnd(72)}${published.toFixed(2).padStart(9)}${found.toFixed(2).padStart(9)} ${unit.padEnd(3)}${relativeErrorPct.toFixed(2).padStart(7)} %`;
  console.log("NIST's mask: published, found");
  for (const own of result.mask) console.log(row(own));
  console.log("Our segmentation: NIST's mask, ours, ΔG");
  for (const own of result.segmentation) console.log(`${row(own)}  ΔG ${own.deltaG.toFixed(3)}`);
  console.log("Matrix, V_V·L_T/N, pearlite left out");
  for (const { source, volumeFraction, meanInterceptUm, G } of result.matrix) {
    console.log(
      `${source.padEnd(72)}V_V ${volumeFraction.toFixed(3)}  ${meanInterceptUm.toFixed(2)} µm  G ${G.toFixed(2)}`,
    );
  }
}
