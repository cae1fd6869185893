import { DomainError, type Random } from "@materiome/core";
import { distanceTransformSquared, featherAlpha } from "../kernels/index.ts";
import { checkDefect, type Defect } from "./defect.ts";
import { checkPatch, type Patch } from "./patch.ts";
import { drawFrom, type Range, resolveRange } from "./range.ts";
import { warpPatch } from "./warpPatch.ts";

export interface PasteDefectOptions {
  /** Where the middle of the defect's picture goes, px. */
  readonly centreX: number;
  readonly centreY: number;
  /** Class code that its pixels get. */
  readonly code: number;
  /** Counter-clockwise. @defaultValue 0 */
  readonly angleDeg?: number | undefined;
  /** Above 1 magnifies. @defaultValue 1 */
  readonly scale?: number | undefined;
  /** Width over which it passes into the image, half of it on either side of its edge, px. @defaultValue 2 */
  readonly featherPx?: number | undefined;
  /**
   * Grey of the defect is shifted so that its surroundings have the mean of the image around the place ("mean"), also scaled to their
   * deviation ("contrast"), or left alone. @defaultValue "mean"
   */
  readonly match?: "mean" | "contrast" | "none" | undefined;
  /** Code of the pixels around the place that are compared. @defaultValue all */
  readonly onto?: number | undefined;
}

/** How far beyond the softened edge surroundings are compared, px. */
const RING_PX = 6;

/**
 * Puts a defect into an image: turned and scaled, passing into it over a softened edge (its own surroundings show outside the edge, matched as
 * it is), its grey matched to the place; the codes of its pixels become
 * `code`. What would lie outside the image is cut off. Grey is cut to 0 … 1.
 *
 * @param patch - without `values`, which would not be right afterwards: compute them from the new codes
 * @throws DomainError for options out of range, a defect that lies wholly outside, or `match` without surroundings to compare
 * @throws ShapeError for sizes or channels that do not fit
 * @example
 * const { image, codes } = pasteDefect(patch, pore, { centreX: 40, centreY: 70, code: 2 });
 */
export function pasteDefect(patch: Patch, defect: Defect, options: PasteDefectOptions): Patch {
  const who = "pasteDefect";
  checkPatch(who, patch);
  checkDefect(who, defect, patch.image.channels);
  const { centreX, centreY, code, angleDeg = 0, scale = 1, featherPx = 2, match = "mean", onto } = options;
  requireOptions(who, patch, { centreX, centreY, code, angleDeg, scale, featherPx });
  const { width, height, channels } = patch.image;
  const side = Math.ceil(Math.hypot(defect.image.width, defect.image.height) * scale + 2 * featherPx) + 2;
  const left = Math.round(centreX - (side - 1) / 2);
  const top = Math.round(centreY - (side - 1) / 2);
  const angle = (angleDeg * Math.PI) / 180;
  const [c, s] = [Math.cos(angle) / scale, Math.sin(angle) / scale];
  const place = {
    width: side,
    height: side,
    // The fraction of a pixel by which the window lies beside the wanted place.
    centreX:
      (defect.image.width - 1) / 2 + c * (left + (side - 1) / 2 - centreX) - s * (top + (side - 1) / 2 - centreY),
    centreY:
      (defect.image.height - 1) / 2 + s * (left + (side - 1) / 2 - centreX) + c * (top + (side - 1) / 2 - centreY),
  };
  const turned = warpPatch({ image: defect.image, codes: defect.mask }, { matrix: [c, -s, s, c] }, place);
  const roles = turned.codes.data;
  const inside = new Float32Array(roles.length);
  const outside = new Float32Array(roles.length);
  distanceTransformSquared(
    side,
    side,
    roles.map((role) => (role === 1 ? 1 : 0)),
    outside,
  );
  distanceTransformSquared(
    side,
    side,
    roles.map((role) => (role === 1 ? 0 : 1)),
    inside,
  );
  const alpha = new Float32Array(roles.length);
  featherAlpha(featherPx, inside, outside, alpha);

  const image = patch.image.data.slice();
  const codes = patch.codes.data.slice();
  const inImage = (i: number): number => {
    const [x, y] = [left + (i % side), top + Math.floor(i / side)];
    return x >= 0 && y >= 0 && x < width && y < height ? y * width + x : -1;
  };
  if (!roles.some((role, i) => role === 1 && inImage(i) >= 0)) {
    throw new DomainError(
      `${who}: at (${centreX}, ${centreY}) nothing of the defect lies in the image of ${width} × ${height}`,
    );
  }
  const nearest = featherPx / 2;
  const ring = [...roles.keys()].filter((i) => {
    const off = Math.sqrt(outside[i]!) - 0.5; // one size, as roles here and below
    if (roles[i] !== 0 || off <= nearest || off > nearest + RING_PX || inImage(i) < 0) return false;
    return onto === undefined || patch.codes.data[inImage(i)] === onto;
  });
  if (match !== "none" && ring.length < 8) {
    throw new DomainError(
      `${who}: the defect has ${ring.length} pixels of surroundings (mask 0) in the image to match its grey by, at least 8 are needed; cut it with a wider margin, or set match to "none"`,
    );
  }
  for (let k = 0; k < channels; k++) {
    const here = moments(ring.map((i) => image[inImage(i) * channels + k]!)); // ring pixels lie in the image
    const there = moments(ring.map((i) => turned.image.data[i * channels + k]!));
    const gain = match === "contrast" && there.deviation > 0 ? here.deviation / there.deviation : 1;
    for (let i = 0; i < roles.length; i++) {
      const at = inImage(i);
      const a = alpha[i]!;
      if (at < 0 || a === 0) continue;
      const grey = turned.image.data[i * channels + k]!;
      const matched = match === "none" ? grey : here.mean + gain * (grey - there.mean);
      const mixed = (1 - a) * image[at * channels + k]! + a * matched;
      image[at * channels + k] = Math.min(1, Math.max(0, mixed));
    }
  }
  for (let i = 0; i < roles.length; i++) {
    const at = inImage(i);
    if (at >= 0 && roles[i] === 1) codes[at] = code;
  }
  return { image: { ...patch.image, data: image }, codes: { ...patch.codes, data: codes } };
}

export interface ScatterDefectsOptions {
  /** Class code that their pixels get. */
  readonly code: number;
  /** Codes of the pixels where the middle of one may go. @defaultValue all but `code` and 255 */
  readonly onto?: readonly number[] | undefined;
  /** How many. @defaultValue [1, 1] */
  readonly count?: Range | undefined;
  /** @defaultValue [-180, 180] */
  readonly angleDeg?: Range | undefined;
  /** @defaultValue [0.8, 1.25] */
  readonly scale?: Range | undefined;
  /** @defaultValue 2 */
  readonly featherPx?: number | undefined;
  /** @defaultValue "mean" */
  readonly match?: PasteDefectOptions["match"];
}

/**
 * Pastes random defects of a collection at random places, turned and scaled: more examples of a rare class.
 *
 * @throws as `pasteDefect`; DomainError without defects or without a pixel to put one on
 * @example
 * const enriched = scatterDefects(patch, cutDefects(other, 2), createRandom(1), { code: 2, count: [2, 6] });
 */
export function scatterDefects(
  patch: Patch,
  defects: readonly Defect[],
  random: Random,
  options: ScatterDefectsOptions,
): Patch {
  const who = "scatterDefects";
  const { code, onto, featherPx, match } = options;
  if (defects.length === 0)
    throw new DomainError(`${who}: no defects to paste; cutDefects found none, or none were given`);
  const range = (name: "count" | "angleDeg" | "scale", by: Range, least: number, most: number): Range =>
    resolveRange(who, name, options[name], { default: by, least, most });
  const count = Math.round(drawFrom(range("count", [1, 1], 0, 10000), random.fork("count")));
  const angleDeg = range("angleDeg", [-180, 180], -180, 180);
  const scale = range("scale", [0.8, 1.25], 0.1, 10);
  const isAllowed = (found: number): boolean =>
    onto === undefined ? found !== code && found !== 255 : onto.includes(found);
  const { width } = patch.image;
  let result = patch;
  for (let k = 0; k < count; k++) {
    const stream = random.fork(k);
    const places = [...result.codes.data.keys()].filter((i) => isAllowed(result.codes.data[i]!)); // keys of the same array
    if (places.length === 0) {
      throw new DomainError(
        `${who}: no pixel of the codes ${onto?.join(", ") ?? "other than the defect's"} to put defect ${k + 1} of ${count} on`,
      );
    }
    const at = places[stream.int(places.length)]!; // below length, here and below
    result = pasteDefect(result, defects[stream.int(defects.length)]!, {
      centreX: at % width,
      centreY: Math.floor(at / width),
      code,
      angleDeg: drawFrom(angleDeg, stream),
      scale: drawFrom(scale, stream, true),
      featherPx,
      match,
    });
  }
  return result;
}

function requireOptions(
  who: string,
  patch: Patch,
  options: { readonly [K in "centreX" | "centreY" | "code" | "angleDeg" | "scale" | "featherPx"]: number },
): void {
  const { code, scale, featherPx } = options;
  for (const [name, value] of Object.entries(options)) {
    if (!Number.isFinite(value)) throw new DomainError(`${who}: ${name} must be a finite number, got ${value}`);
  }
  if (!(Number.isInteger(code) && code >= 0 && code <= 255)) {
    throw new DomainError(`${who}: code must be a whole number 0 … 255, got ${code}`);
  }
  if (!(scale >= 0.01 && scale <= 100)) throw new DomainError(`${who}: scale must lie in 0.01 … 100, got ${scale}`);
  if (!(featherPx >= 0 && featherPx <= 100))
    throw new DomainError(`${who}: featherPx must lie in 0 … 100, got ${featherPx}`);
  if (patch.values !== undefined) {
    throw new DomainError(
      `${who}: the patch has further values, which would not be right afterwards; compute them from the new codes`,
    );
  }
}

function moments(values: readonly number[]): { readonly mean: number; readonly deviation: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / values.length) };
}
