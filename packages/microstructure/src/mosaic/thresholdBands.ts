import { DomainError } from "@materiome/core";
import type { BandSpace } from "../bands/bandSpace.ts";
import { hysteresisBands } from "../bands/hysteresisBands.ts";
import { mapRows } from "../bands/mapRows.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import { type GreyHistogramBandsOptions, histogramOfBands } from "../segment/greyHistogram.ts";
import { rangeOfRows } from "../segment/greyImage.ts";
import { multiOtsuThresholds } from "../segment/multiOtsuThresholds.ts";
import { requireSize } from "../segment/requireRows.ts";
import { GLOBAL, type GlobalThresholdMethod, givenThresholds } from "../segment/thresholdImage.ts";

export interface ThresholdBandsOptions extends GreyHistogramBandsOptions {
  /** @defaultValue "manual" where thresholds are given, else "otsu" */
  readonly method?: GlobalThresholdMethod | "multi-otsu" | "hysteresis" | "manual" | undefined;
  /** Whether the mask holds what is brighter or darker than the threshold. @defaultValue "bright" */
  readonly foreground?: "bright" | "dark" | undefined;
  /** Classes of "multi-otsu"; the foreground is the brightest, or the darkest, of them. @defaultValue 3 */
  readonly classes?: number | undefined;
  /** For "manual": the threshold. For "hysteresis": both, in any order. Required there. */
  readonly thresholds?: readonly number[] | undefined;
}

export interface ThresholdedBands {
  /** 1 on the foreground; 0 elsewhere, and where `options.mask` is 0. */
  readonly mask: RowStore<Uint8Array>;
  /** Rising grey values. */
  readonly thresholds: readonly number[];
  readonly nForeground: number;
}

/**
 * `thresholdImage` of an image that need not be in memory, by every method that has thresholds for the whole image. The brighter side
 * is `value >= threshold`. Local thresholds: `localThresholdBands`.
 *
 * @throws DomainError, ShapeError as `thresholdImage` does
 * @example
 * const { mask } = thresholdBands(space, grey, { method: "li", foreground: "dark" });
 */
export function thresholdBands(
  space: BandSpace,
  grey: RowReader<Float32Array>,
  options: ThresholdBandsOptions = {},
): ThresholdedBands {
  const isBright = (options.foreground ?? "bright") === "bright";
  const thresholds = findThresholds(space, grey, options);
  const method = methodOf(options);
  const out = space.store("uint8");
  if (method === "hysteresis") {
    const [low, high] = thresholds as [number, number];
    const values = isBright ? grey : mapRows(grey, (rows) => rows.map((value) => -value));
    hysteresisBands(space, values, isBright ? low : -high, isBright ? high : -low, out);
  }
  const threshold = thresholds[isBright ? thresholds.length - 1 : 0]!; // there is one at least
  let nForeground = 0;
  for (const { from, to } of space.bands(0)) {
    const values = grey.read(from, to);
    const inside = options.mask?.read(from, to);
    const rows = out.read(from, to);
    for (let i = 0; i < rows.length; i++) {
      if (method !== "hysteresis") rows[i] = values[i]! >= threshold === isBright ? 1 : 0; // same length
      if (inside?.[i] === 0) rows[i] = 0;
      nForeground += rows[i]!;
    }
    out.write(from, rows);
  }
  return { mask: out, thresholds, nForeground };
}

function methodOf({ method, thresholds }: ThresholdBandsOptions): NonNullable<ThresholdBandsOptions["method"]> {
  return method ?? (thresholds === undefined ? "otsu" : "manual");
}

function findThresholds(
  space: BandSpace,
  grey: RowReader<Float32Array>,
  options: ThresholdBandsOptions,
): readonly number[] {
  const method = methodOf(options);
  if (method === "manual" || method === "hysteresis") {
    requireSize("thresholdBands", space, grey);
    if (options.mask !== undefined) requireSize("thresholdBands", space, options.mask, "the mask");
    rangeOfRows("thresholdBands", space, grey, method === "manual" ? options.mask : undefined);
    return givenThresholds("thresholdBands", method, options.thresholds, method === "manual" ? 1 : 2);
  }
  if (method !== "multi-otsu" && !Object.hasOwn(GLOBAL, method)) {
    throw new DomainError(`thresholdBands: unknown method "${method}"`);
  }
  const histogram = histogramOfBands("thresholdBands", space, grey, options);
  return method === "multi-otsu"
    ? multiOtsuThresholds(histogram, { classes: options.classes })
    : [GLOBAL[method](histogram)];
}
