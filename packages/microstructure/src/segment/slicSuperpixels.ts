import { createRaster, DomainError, type LabelMap, type Raster, ShapeError } from "@materiome/core";
import { absorbSmallRegions, connectedComponents, nearestLabel, rgbToLab, slic } from "../kernels/index.ts";

export interface SlicOptions {
  /** Edge of a superpixel, px: about width · height / edge² come out. @defaultValue 16 */
  readonly edgePx?: number | undefined;
  /**
   * Weight of place against colour: the difference in L* (or in % of grey) that counts as much as one edge length. Larger
   * gives squarer superpixels. @defaultValue 10
   */
  readonly compactness?: number | undefined;
  /** @defaultValue 10 */
  readonly iterations?: number | undefined;
  /** Connected parts smaller than this share of edge² join the neighbour they touch most, 0 … 1; they stay
   * where all neighbours are as small. @defaultValue 0.25 */
  readonly minShare?: number | undefined;
}

export interface Superpixels {
  /** 1 … n on every pixel; each is one 4-connected region. */
  readonly labels: LabelMap;
  readonly n: number;
}

/**
 * SLIC superpixels: k-means in colour and place, each centre looking no farther than one edge length, started on a
 * grid moved to the place of least gradient among 3 × 3; then connected parts are numbered and small ones joined to their
 * neighbours. No random numbers: the same image gives the same labels.
 *
 * Colour is compared in CIELAB (sRGB, D65), grey as 100 · grey. Distance² = Δcolour² + (compactness · Δplace / edge)².
 *
 * @param image - one channel, or three (sRGB), 0 … 1, finite
 * @throws ShapeError for another number of channels; DomainError for NaN or infinite values or bad options
 * @see R. Achanta et al., IEEE Trans. PAMI 34, 2274 (2012), doi:10.1109/TPAMI.2012.120
 * @example
 * const { labels } = slicSuperpixels(image, { edgePx: 20 });
 */
export function slicSuperpixels(image: Raster<Float32Array>, options: SlicOptions = {}): Superpixels {
  const { edgePx, compactness, iterations, minShare } = resolve(image, options);
  const { width, height, channels, data, pixelSizeUm } = image;
  const features = new Float32Array(data.length);
  if (channels === 3) rgbToLab(width * height, data, features);
  else for (let i = 0; i < data.length; i++) features[i] = 100 * data[i]!; // i < length
  const centres = startingCentres(width, height, channels, features, edgePx);
  const found = new Uint32Array(width * height);
  slic(width, height, channels, features, edgePx, (compactness / edgePx) ** 2, iterations, centres, found);
  const filled = new Uint32Array(found.length);
  nearestLabel(width, height, found, filled); // pixels that no window reached
  const labels = new Uint32Array(found.length);
  const nParts = connectedComponents(width, height, filled, 4, labels);
  const n = absorbSmall(width, height, nParts, Math.ceil(minShare * edgePx * edgePx) - 1, labels);
  return { labels: createRaster(labels, width, height, { pixelSizeUm }), n };
}

/** The smallest first, so that they have something larger to join; until nothing changes. Returns the number left. */
function absorbSmall(width: number, height: number, nParts: number, largest: number, labels: Uint32Array): number {
  let n = nParts;
  for (let limit = Math.min(1, largest); limit > 0; limit = limit < largest ? Math.min(2 * limit, largest) : 0) {
    for (let before = n + 1; n < before; ) {
      before = n;
      n = absorbSmallRegions(width, height, n, limit, labels);
    }
  }
  return n;
}

function resolve(image: Raster<Float32Array>, options: SlicOptions): { readonly [K in keyof SlicOptions]-?: number } {
  const { width, height, channels, data } = image;
  if ((channels !== 1 && channels !== 3) || data.length === 0) {
    throw new ShapeError(
      `slicSuperpixels: image must have one or three channels, got ${width} × ${height} with ${channels}`,
    );
  }
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(data[i])) {
      throw new DomainError(`slicSuperpixels: value ${i} is ${data[i]}; replace NaN and infinite values first`);
    }
  }
  const { edgePx = 16, compactness = 10, iterations = 10, minShare = 0.25 } = options;
  if (!(edgePx >= 2 && edgePx < Infinity))
    throw new DomainError(`slicSuperpixels: edgePx must be at least 2, got ${edgePx}`);
  if (!(compactness > 0 && compactness < Infinity)) {
    throw new DomainError(`slicSuperpixels: compactness must be above 0, got ${compactness}`);
  }
  if (!(Number.isInteger(iterations) && iterations >= 1)) {
    throw new DomainError(`slicSuperpixels: iterations must be a whole number of at least 1, got ${iterations}`);
  }
  if (!(minShare >= 0 && minShare <= 1))
    throw new DomainError(`slicSuperpixels: minShare must lie in 0 … 1, got ${minShare}`);
  return { edgePx, compactness, iterations, minShare };
}

function startingCentres(
  width: number,
  height: number,
  channels: number,
  features: Float32Array,
  edgePx: number,
): Float64Array {
  const nX = Math.max(1, Math.round(width / edgePx));
  const nY = Math.max(1, Math.round(height / edgePx));
  const centres = new Float64Array(nX * nY * (channels + 2));
  const at = (x: number, y: number, c: number): number =>
    features[(Math.min(height - 1, Math.max(0, y)) * width + Math.min(width - 1, Math.max(0, x))) * channels + c]!; // clamped into the image
  const gradient = (x: number, y: number): number => {
    let sum = 0;
    for (let c = 0; c < channels; c++) {
      sum += (at(x + 1, y, c) - at(x - 1, y, c)) ** 2 + (at(x, y + 1, c) - at(x, y - 1, c)) ** 2;
    }
    return sum;
  };
  for (let k = 0; k < nX * nY; k++) {
    const x0 = Math.floor((((k % nX) + 0.5) * width) / nX);
    const y0 = Math.floor(((Math.floor(k / nX) + 0.5) * height) / nY);
    let best = { x: x0, y: y0, value: gradient(x0, y0) };
    for (let y = Math.max(0, y0 - 1); y <= Math.min(height - 1, y0 + 1); y++) {
      for (let x = Math.max(0, x0 - 1); x <= Math.min(width - 1, x0 + 1); x++) {
        const value = gradient(x, y);
        if (value < best.value) best = { x, y, value };
      }
    }
    const row = k * (channels + 2);
    centres[row] = best.x;
    centres[row + 1] = best.y;
    for (let c = 0; c < channels; c++) centres[row + 2 + c] = at(best.x, best.y, c);
  }
  return centres;
}
