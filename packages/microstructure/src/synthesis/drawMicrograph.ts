import { DomainError, type LabelMap, type Random, type Raster } from "@materiome/core";
import { growStart } from "./grainStructure.ts";
import { magnifyLabels } from "./magnifyLabels.ts";
import { type RenderMicrographOptions, renderMicrograph } from "./renderMicrograph.ts";
import { voronoiGrains } from "./voronoiGrains.ts";

export interface DrawMicrographOptions {
  /** Pixels. @defaultValue 256 */
  readonly width?: number | undefined;
  /** @defaultValue 256 */
  readonly height?: number | undefined;
  /** Mean lineal intercept of the grains, px; even chances in the logarithm. @defaultValue [12, 60], or to what fits */
  readonly grainPx?: readonly [least: number, most: number] | undefined;
  /** How boundaries look: always dark or bright lines, or one or the other. @defaultValue "either" */
  readonly boundary?: "dark" | "bright" | "either" | undefined;
}

export interface DrawnMicrograph {
  readonly image: Raster<Float32Array>;
  /** Grains 1 … n with boundaries of zero thickness: the truth of `image`. */
  readonly labels: LabelMap;
  /** Mean lineal intercept that was aimed at, px. */
  readonly grainPx: number;
  readonly structure: "voronoi" | "potts";
  readonly look: RenderMicrographOptions;
}

/** Mean intercept over √A, πA / P of mean area and perimeter: 0.785 of Poisson–Voronoi cells, 0.844 of regular hexagons. */
const INTERCEPT_OVER_ROOT_AREA = 0.81;
/** Sites of a Potts lattice that an intercept spans, before it is magnified. */
const LATTICE_INTERCEPT = 7;

/**
 * A micrograph of a random polycrystal of random look, with its truth, to train nets on where no labels are: grain size, structure (Voronoi mosaic of 0 … 3
 * relaxations, or grown by the Potts model, in equal parts), etching, optics, camera, pits and scratches are drawn anew each time,
 * from wider ranges than one microscope has ("domain randomisation": a net that copes with all of them may cope with real images).
 *
 * A third of the pictures has grains told apart by lines alone, a third by lines and grey, a third by grey with faint lines. Neighbours may have
 * the same grey by chance, as in real sections.
 *
 * @param random - the same stream gives the same picture
 * @throws DomainError for sizes below 32 px, or grains so large that fewer than five fit
 * @see J. Tobin et al., Proc. IROS 2017, doi:10.1109/IROS.2017.8202133 (domain randomisation)
 * @example
 * const { image, labels } = drawMicrograph({ grainPx: [20, 40] }, createRandom(1));
 */
export function drawMicrograph(options: DrawMicrographOptions, random: Random): DrawnMicrograph {
  const { width = 256, height = 256, boundary = "either" } = options;
  for (const [name, value] of Object.entries({ width, height })) {
    if (Number.isSafeInteger(value) && value >= 32) continue;
    throw new DomainError(`drawMicrograph: ${name} must be a whole number of at least 32 px, got ${value}`);
  }
  const largest = Math.sqrt((width * height) / 5) * INTERCEPT_OVER_ROOT_AREA;
  const [least, most] = options.grainPx ?? [12, Math.min(60, largest)];
  if (!(least >= 5 && most >= least && most <= largest)) {
    throw new DomainError(
      `drawMicrograph: grainPx is ${JSON.stringify([least, most])}, expected 5 ≤ least ≤ most ≤ ${Math.floor(largest)}, of which five grains fit ${width} × ${height} px`,
    );
  }
  if (!["dark", "bright", "either"].includes(boundary)) {
    throw new DomainError(`drawMicrograph: boundary is "${boundary}", expected "dark", "bright" or "either"`);
  }
  const shape = random.fork("shape");
  const grainPx = least * (most / least) ** shape.next();
  const structure = shape.next() < 0.5 ? "voronoi" : "potts";
  const labels =
    structure === "voronoi"
      ? mosaic(width, height, grainPx, shape.int(4), random.fork("grains"))
      : grown(width, height, grainPx, random.fork("grains"));
  const look = drawLook(boundary, random.fork("look"));
  return { image: renderMicrograph(labels, look, random.fork("picture")), labels, grainPx, structure, look };
}

function mosaic(width: number, height: number, grainPx: number, relaxations: number, random: Random): LabelMap {
  const nGrains = Math.max(1, Math.round((width * height * INTERCEPT_OVER_ROOT_AREA ** 2) / grainPx ** 2));
  return voronoiGrains({ width, height, nGrains, relaxations }, random);
}

/** Grown on a lattice as small as its grains allow, and magnified; the part of it that is asked for. */
function grown(width: number, height: number, grainPx: number, random: Random): LabelMap {
  const factor = Math.max(1, grainPx / LATTICE_INTERCEPT);
  const sites = (edge: number): number => Math.max(5 * LATTICE_INTERCEPT + 1, Math.ceil(edge / factor) + 1);
  const { grains } = growStart(
    { width: sites(width), height: sites(height), meanInterceptSites: Math.max(5, grainPx / factor) },
    random,
  );
  return magnifyLabels(cut(magnifyLabels(grains, factor, { isPeriodic: true }), width, height), 1);
}

/** The upper left part. */
function cut(labels: LabelMap, width: number, height: number): LabelMap {
  const data = new Uint32Array(width * height);
  for (let y = 0; y < height; y++)
    data.set(labels.data.subarray(y * labels.width, y * labels.width + width), y * width);
  return { ...labels, data, width, height };
}

/** Grains told apart by lines, by both, or by their grey. */
const CONTRASTS = [
  { line: [0.15, 0.6], grain: [0, 0.06] },
  { line: [0.08, 0.4], grain: [0.05, 0.2] },
  { line: [0.01, 0.12], grain: [0.1, 0.2] },
] as const;

function drawLook(boundary: "dark" | "bright" | "either", random: Random): RenderMicrographOptions {
  const even = (low: number, high: number): number => low + (high - low) * random.next();
  const factor = (low: number, high: number): number => low * (high / low) ** random.next();
  const isDark = even(0, 1) < 0.5;
  const lines = boundary === "either" ? (isDark ? "dark" : "bright") : boundary;
  const kind = CONTRASTS[random.int(CONTRASTS.length)]!; // below length
  const grainContrast = even(kind.grain[0], kind.grain[1]);
  // Where grains differ much, their mean lies further from black and white: boundaries of grains that the camera cuts off teach nothing.
  const meanGrey =
    lines === "dark"
      ? even(0.35 + 0.8 * grainContrast, 0.85 - 1.5 * grainContrast)
      : even(0.1 + 1.5 * grainContrast, 0.6 - 0.5 * grainContrast);
  return {
    boundary: lines,
    boundaryContrast: even(kind.line[0], kind.line[1]),
    grainContrast,
    meanGrey,
    boundaryWidthPx: factor(1, 5),
    faintFraction: even(0, 0.4),
    shading: even(0, 0.3),
    blurPx: even(0.5, 2),
    pitsPerMegapixel: even(0, 400),
    scratchesPerMegapixel: Math.max(0, even(-100, 150)),
    noise: { photonsAtWhite: factor(200, 20_000), readStd: factor(0.003, 0.04) },
  };
}
