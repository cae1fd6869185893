import { createRaster, DomainError, type LabelMap, type Random, type Raster } from "@materiome/core";
import { drawBoundaries, exposeImage, gaussianBlur, shadeImage } from "../kernels/index.ts";
import { addScratches } from "./addScratches.ts";
import { type CameraNoise, NOISE_LEVELS, type NoiseLevel } from "./noiseLevels.ts";

export interface RenderMicrographOptions {
  /** Etched grooves look dark in bright field, bright in dark field or backscatter edge contrast. @defaultValue "dark" */
  readonly boundary?: "dark" | "bright" | undefined;
  /** Full width at half depth of a boundary groove before the optics, px. @defaultValue 2 */
  readonly boundaryWidthPx?: number | undefined;
  /** Drop (or rise) of grey at a fully etched boundary, white being 1. @defaultValue 0.5 */
  readonly boundaryContrast?: number | undefined;
  /** Share of the boundaries that the etchant barely attacked: strength 0.25 … 0.6 instead of 0.7 … 1. @defaultValue 0.15 */
  readonly faintFraction?: number | undefined;
  /** Mean grey of the grains. @defaultValue 0.72, or 0.4 with bright boundaries */
  readonly meanGrey?: number | undefined;
  /** Standard deviation of grey from grain to grain (orientation contrast). @defaultValue 0.05 */
  readonly grainContrast?: number | undefined;
  /** Largest relative deviation of the illumination from its mean (tilt and vignetting). @defaultValue 0.12 */
  readonly shading?: number | undefined;
  /** Standard deviation of the optics' point spread, px. @defaultValue 0.9 */
  readonly blurPx?: number | undefined;
  /** Etch pits and inclusions: dark dots per million pixels. @defaultValue 60 */
  readonly pitsPerMegapixel?: number | undefined;
  /** Straight scratches of polishing, dark or bright, per million pixels. @defaultValue 0 */
  readonly scratchesPerMegapixel?: number | undefined;
  /** A named level or a camera. @defaultValue "medium" */
  readonly noise?: NoiseLevel | CameraNoise | undefined;
}

/**
 * Grey micrograph of a label map, as an etched section looks in the microscope; the label map is its exact truth.
 *
 * Grey per grain ~ N(meanGrey, grainContrast²); boundary grooves of Gaussian profile along the zero-thickness label
 * boundaries, each boundary with its own strength; etch pits, scratches where asked for; smooth illumination (random tilt and vignetting); Gaussian
 * point spread; shot noise (variance signal / photonsAtWhite) and read-out noise. Values are clipped to [0, 1] as a
 * camera saturates. A rendering model for tests and demonstrations, not an optical simulation.
 *
 * @param labels - regions 1 … n; 0 is refused since a boundary has no thickness here
 * @param options - see `RenderMicrographOptions`
 * @param random - the same stream gives the same picture
 * @returns same size and calibration as `labels`, values in [0, 1]
 * @throws DomainError for an option outside its range, or a label map that holds 0
 * @example
 * const labels = voronoiGrains({ width: 512, height: 512, nGrains: 300 }, createRandom(1));
 * const image = renderMicrograph(labels, { noise: "low" }, createRandom(2));
 */
export function renderMicrograph(
  labels: LabelMap,
  options: RenderMicrographOptions,
  random: Random,
): Raster<Float32Array> {
  const look = resolve(options);
  const { width, height } = labels;
  const clean = grainGreys(labels, look, random.fork("grains"));
  const lines = new Float32Array(width * height);
  const etch = random.fork("boundaries");
  drawBoundaries(width, height, labels.data, look.boundaryWidthPx / FWHM_PER_SIGMA, () => strength(look, etch), lines);
  const sign = look.boundary === "dark" ? -1 : 1;
  for (let i = 0; i < lines.length; i++) clean[i]! += sign * look.boundaryContrast * lines[i]!; // same size
  addPits(clean, width, height, look.pitsPerMegapixel, random.fork("pits"));
  addScratches(clean, width, height, look.scratchesPerMegapixel, random.fork("scratches"));
  const light = random.fork("shading");
  const tilt = 2 * Math.PI * light.next();
  shadeImage(width, height, look.shading, tilt, 0.3 + 0.4 * light.next(), 0.3 + 0.4 * light.next(), clean);
  if (look.blurPx > 0) gaussianBlur(width, height, clean, look.blurPx, lines, clean);
  const { photonsAtWhite, readStd } = look.noise;
  exposeImage(photonsAtWhite, readStd, random.fork("noise"), clean);
  return createRaster(clean, width, height, { pixelSizeUm: labels.pixelSizeUm });
}

const FWHM_PER_SIGMA = 2 * Math.sqrt(2 * Math.LN2);

interface Look {
  readonly boundary: "dark" | "bright";
  readonly boundaryWidthPx: number;
  readonly boundaryContrast: number;
  readonly faintFraction: number;
  readonly meanGrey: number;
  readonly grainContrast: number;
  readonly shading: number;
  readonly blurPx: number;
  readonly pitsPerMegapixel: number;
  readonly scratchesPerMegapixel: number;
  readonly noise: CameraNoise;
}

function resolve(options: RenderMicrographOptions): Look {
  const boundary = options.boundary ?? "dark";
  const noise = options.noise ?? "medium";
  const camera = typeof noise === "string" ? NOISE_LEVELS[noise] : noise;
  if (camera === undefined) {
    throw new DomainError(`renderMicrograph: noise must be "low", "medium", "high" or a camera, got "${noise}"`);
  }
  const within = (name: string, value: number, low: number, high: number): number => {
    if (value >= low && value <= high) return value;
    throw new DomainError(`renderMicrograph: ${name} must lie in ${low} … ${high}, got ${value}`);
  };
  return {
    boundary,
    boundaryWidthPx: within("boundaryWidthPx", options.boundaryWidthPx ?? 2, 0.1, 100),
    boundaryContrast: within("boundaryContrast", options.boundaryContrast ?? 0.5, 0, 1),
    faintFraction: within("faintFraction", options.faintFraction ?? 0.15, 0, 1),
    meanGrey: within("meanGrey", options.meanGrey ?? (boundary === "dark" ? 0.72 : 0.4), 0, 1),
    grainContrast: within("grainContrast", options.grainContrast ?? 0.05, 0, 1),
    shading: within("shading", options.shading ?? 0.12, 0, 0.9),
    blurPx: within("blurPx", options.blurPx ?? 0.9, 0, 100),
    pitsPerMegapixel: within("pitsPerMegapixel", options.pitsPerMegapixel ?? 60, 0, 100_000),
    scratchesPerMegapixel: within("scratchesPerMegapixel", options.scratchesPerMegapixel ?? 0, 0, 10_000),
    noise: {
      photonsAtWhite: within("noise.photonsAtWhite", camera.photonsAtWhite, 1, Number.POSITIVE_INFINITY),
      readStd: within("noise.readStd", camera.readStd, 0, 1),
    },
  };
}

function grainGreys(labels: LabelMap, look: Look, random: Random): Float32Array {
  const { data } = labels;
  if (data.includes(0)) {
    throw new DomainError(
      "renderMicrograph: the label map holds 0 (boundary pixels); absorb them into the grains first",
    );
  }
  let largest = 0;
  for (let i = 0; i < data.length; i++) largest = Math.max(largest, data[i]!); // i < length
  const grey = new Float32Array(largest + 1);
  for (let k = 1; k <= largest; k++) grey[k] = look.meanGrey + look.grainContrast * random.normal();
  const image = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) image[i] = grey[data[i]!]!; // i < length, label ≤ largest
  return image;
}

function strength(look: Look, random: Random): number {
  const isFaint = random.next() < look.faintFraction;
  const u = random.next();
  return isFaint ? 0.25 + 0.35 * u : 0.7 + 0.3 * u;
}

function addPits(image: Float32Array, width: number, height: number, perMegapixel: number, random: Random): void {
  const count = Math.round((perMegapixel * width * height) / 1e6);
  for (let k = 0; k < count; k++) {
    const cx = random.next() * width;
    const cy = random.next() * height;
    const radius = 0.6 + 1.2 * random.next();
    const depth = 0.2 + 0.4 * random.next();
    const reach = Math.ceil(3 * radius);
    for (let y = Math.max(0, Math.floor(cy) - reach); y <= Math.min(height - 1, Math.floor(cy) + reach); y++) {
      for (let x = Math.max(0, Math.floor(cx) - reach); x <= Math.min(width - 1, Math.floor(cx) + reach); x++) {
        const d2 = (x - cx) ** 2 + (y - cy) ** 2;
        image[y * width + x]! -= depth * Math.exp(-d2 / (2 * radius * radius)); // inside the clipped window
      }
    }
  }
}
