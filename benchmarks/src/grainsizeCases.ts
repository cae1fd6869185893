import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { createRandom, createRaster, type LabelMap, type Raster } from "@materiome/core";
import { readMicrograph } from "@materiome/microstructure";
import { boundaryF1 } from "@materiome/microstructure/compare";
import { interceptGrainSize } from "@materiome/microstructure/measure";
import { segmentGrains } from "@materiome/microstructure/segment";
import {
  growStart,
  magnifyLabels,
  NOISE_LEVELS,
  type NoiseLevel,
  renderMicrograph,
} from "@materiome/microstructure/synthesis";

/** Mean lineal intercepts of the rendered fields, px. */
export const GRAIN_SIZES_PX: readonly number[] = [12, 24, 48, 80, 120];
export const NOISES: readonly NoiseLevel[] = Object.keys(NOISE_LEVELS) as NoiseLevel[];

/** Lattice of the grain-growth structure behind every field: 150 sites at an intercept of 8 hold 200 grains and more. */
const LATTICE = 150;
const INTERCEPT_SITES = 8;

export interface RenderedCase {
  readonly grainSizePx: number;
  readonly seed: number;
  readonly polarity?: "dark" | "bright" | undefined;
}

export interface RenderedScore {
  readonly grainSizePx: number;
  readonly noise: NoiseLevel;
  readonly seed: number;
  readonly trueIntercept: number;
  readonly nTrue: number;
  /** Relative errors: (measured − true) / true. */
  readonly interceptError: number;
  readonly countError: number;
  /** Share of the boundary under which a line was seen; below 0.35 `digitize` warns. */
  readonly lineShare: number;
  /** Of one segmentation. */
  readonly seconds: number;
  readonly megapixels: number;
}

/** Grows one structure, renders it under each noise level, segments with the defaults and compares with the truth. */
export function scoreRendered({ grainSizePx, seed, polarity }: RenderedCase): RenderedScore[] {
  const random = createRandom(seed).fork("grainsize");
  const structure = growStart(
    { width: LATTICE, height: LATTICE, meanInterceptSites: INTERCEPT_SITES },
    random.fork("structure"),
  );
  const truth = magnifyLabels(structure.grains, grainSizePx / structure.meanInterceptSites, { isPeriodic: true });
  const trueIntercept = interceptGrainSize(truth).meanInterceptPx;
  const nTrue = countLabels(truth);
  return NOISES.map((noise) => {
    const image = renderMicrograph(truth, { noise, boundary: polarity }, random.fork(noise));
    const start = performance.now();
    const { labels, nGrains, diagnostics } = segmentGrains(image);
    const seconds = (performance.now() - start) / 1000;
    return {
      grainSizePx,
      noise,
      seed,
      trueIntercept,
      nTrue,
      interceptError: interceptGrainSize(labels).meanInterceptPx / trueIntercept - 1,
      countError: nGrains / nTrue - 1,
      lineShare: diagnostics.lineShare,
      seconds,
      megapixels: image.data.length / 1e6,
    };
  });
}

function countLabels(labels: LabelMap): number {
  return labels.data.reduce((largest, label) => Math.max(largest, label), 0);
}

export interface NistScore {
  readonly meanInterceptUm: number;
  readonly horizontalUm: number;
  readonly verticalUm: number;
  readonly nGrains: number;
  readonly f1: number;
  readonly precision: number;
  readonly recall: number;
  readonly lineShare: number;
  readonly seconds: number;
}

/** The etched steel of NIST's Grain Size Analysis Tools, 0.22523 µm a pixel, against the hand trace at 3 px. */
export async function scoreNist(folder: string): Promise<NistScore> {
  const optical = `${folder}/nist-grain-size-micrographs/ex_segmentation/optical_etched`;
  const { grey } = await readMicrograph(`${optical}/grain_structures_steel.tif`, { pixelSizeUm: 0.22523 });
  const highlighted = await readMicrograph(`${optical}/grains_steel_highlighted.tif`);
  const start = performance.now();
  const { labels, boundary, nGrains, diagnostics } = segmentGrains(grey);
  const seconds = (performance.now() - start) / 1000;
  const score = boundaryF1(boundary, thin(darker(highlighted.grey, grey)), 3);
  const intercept = interceptGrainSize(labels);
  const along = (angle: number): number => {
    const direction = intercept.byDirection.find(({ angleDeg }) => angleDeg === angle);
    return (direction?.meanPx ?? Number.NaN) * 0.22523;
  };
  return {
    meanInterceptUm: intercept.meanInterceptUm ?? Number.NaN,
    horizontalUm: along(0),
    verticalUm: along(90),
    nGrains,
    f1: score.f1,
    precision: score.precision,
    recall: score.recall,
    lineShare: diagnostics.lineShare,
    seconds,
  };
}

/** Pictures without boundary lines, whose grain size nobody should report: share of line under what is found on them. */
export interface LinelessScore {
  readonly set: string;
  readonly nImages: number;
  readonly lowest: number;
  readonly highest: number;
}

/** Colour-etched grains and precipitates of superalloys: all test pictures. */
export async function scoreLineless(folder: string): Promise<LinelessScore[]> {
  const sets = ["tbm-grain-boundaries/TestDataset/images", "nasa-superalloy-segmentation/Super1/test"];
  const scratch = await mkdtemp(join(tmpdir(), "materiome-lineless-"));
  try {
    const scores: LinelessScore[] = [];
    for (const set of sets) {
      const shares: number[] = [];
      for (const name of await readdir(`${folder}/${set}`)) {
        const picture = join(scratch, name.replace(/\.gz$/, ""));
        const bytes = await readFile(`${folder}/${set}/${name}`);
        await writeFile(picture, name.endsWith(".gz") ? gunzipSync(bytes) : bytes);
        const { grey } = await readMicrograph(picture);
        shares.push(segmentGrains(grey).diagnostics.lineShare);
      }
      scores.push({ set, nImages: shares.length, lowest: Math.min(...shares), highest: Math.max(...shares) });
    }
    return scores;
  } finally {
    await rm(scratch, { recursive: true });
  }
}

function darker(a: Raster<Float32Array>, b: Raster<Float32Array>): Raster<Uint8Array> {
  const mask = a.data.map((value, i) => (value < b.data[i]! - 1e-6 ? 1 : 0));
  return createRaster(Uint8Array.from(mask), a.width, a.height);
}

/** Thinning of Zhang and Suen (Commun. ACM 27, 236 (1984), doi:10.1145/357994.358023). */
function thin(mask: Raster<Uint8Array>): Raster<Uint8Array> {
  const { width, height } = mask;
  const data = Uint8Array.from(mask.data);
  const at = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= width || y >= height ? 0 : (data[y * width + x] ?? 0);
  for (let changed = true; changed; ) {
    changed = false;
    for (const step of [0, 1]) {
      const remove: number[] = [];
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          if (at(x, y) === 0) continue;
          const [n, ne, e, se, s, sw, w, nw] = [
            at(x, y - 1),
            at(x + 1, y - 1),
            at(x + 1, y),
            at(x + 1, y + 1),
            at(x, y + 1),
            at(x - 1, y + 1),
            at(x - 1, y),
            at(x - 1, y - 1),
          ] as const;
          const ring = [n, ne, e, se, s, sw, w, nw, n];
          const sum = n + ne + e + se + s + sw + w + nw;
          let rises = 0;
          for (let k = 0; k < 8; k++) if (ring[k] === 0 && ring[k + 1] === 1) rises++;
          const open = step === 0 ? n * e * s === 0 && e * s * w === 0 : n * e * w === 0 && n * s * w === 0;
          if (sum >= 2 && sum <= 6 && rises === 1 && open) remove.push(y * width + x);
        }
      }
      for (const i of remove) data[i] = 0;
      if (remove.length > 0) changed = true;
    }
  }
  return createRaster(data, width, height);
}
