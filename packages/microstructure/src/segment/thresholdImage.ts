import { createRaster, DomainError, type Raster } from "@materiome/core";
import type { GreyHistogramOptions } from "./greyHistogram.ts";
import { greyRange, requireSameSize } from "./greyImage.ts";
import type { GreyOrHistogram } from "./histogramThreshold.ts";
import { hysteresisThreshold } from "./hysteresisThreshold.ts";
import { isodataThreshold } from "./isodataThreshold.ts";
import { liThreshold } from "./liThreshold.ts";
import { type LocalThresholdMethod, type LocalThresholdOptions, localThreshold } from "./localThreshold.ts";
import { multiOtsuThresholds } from "./multiOtsuThresholds.ts";
import { otsuThreshold } from "./otsuThreshold.ts";
import { triangleThreshold } from "./triangleThreshold.ts";
import { yenThreshold } from "./yenThreshold.ts";

export type GlobalThresholdMethod = "otsu" | "li" | "triangle" | "yen" | "isodata";
export type ThresholdMethod = GlobalThresholdMethod | "multi-otsu" | "hysteresis" | "manual" | LocalThresholdMethod;

export interface ThresholdImageOptions extends GreyHistogramOptions, Omit<LocalThresholdOptions, "method"> {
  /** @defaultValue "otsu" */
  readonly method?: ThresholdMethod | undefined;
  /** Whether the objects are brighter or darker than the ground. @defaultValue "bright" */
  readonly foreground?: "bright" | "dark" | undefined;
  /** Classes of "multi-otsu"; the foreground is the brightest, or the darkest, of them. @defaultValue 3 */
  readonly classes?: number | undefined;
  /** For "manual": the threshold. For "hysteresis": both, in any order. Required there. */
  readonly thresholds?: readonly number[] | undefined;
}

export interface ThresholdedImage {
  /** 1 on the foreground; 0 elsewhere, and where `options.mask` is 0. */
  readonly mask: Raster<Uint8Array>;
  /** Rising grey values; empty for local methods. */
  readonly thresholds: readonly number[];
  /** Class of every pixel, 0 the darkest; from "multi-otsu" only. */
  readonly classes?: Raster<Uint8Array> | undefined;
  /** Threshold of every pixel; from local methods only. */
  readonly thresholdMap?: Raster<Float32Array> | undefined;
}

/**
 * Parts an image into foreground and ground by grey.
 *
 * The brighter side of a threshold is `value >= threshold`. With `foreground: "dark"` the foreground is the other side, and
 * hysteresis grows from the darkest pixels.
 *
 * @param image - one channel, finite
 * @throws DomainError for a uniform image (methods that look for a threshold), NaN or infinite pixels, thresholds that are
 * missing or too many, and bad options
 * @throws ShapeError for colour or a mask of another size
 * @example
 * const { mask, thresholds } = thresholdImage(image, { method: "li", foreground: "dark" });
 */
export function thresholdImage(image: Raster<Float32Array>, options: ThresholdImageOptions = {}): ThresholdedImage {
  const method = options.method ?? "otsu";
  const isBright = (options.foreground ?? "bright") === "bright";
  if (options.mask !== undefined) requireSameSize("thresholdImage", "mask", options.mask, image);
  const { width, height, data, pixelSizeUm } = image;
  const finish = (mask: Uint8Array): Raster<Uint8Array> => {
    const keep = options.mask?.data;
    if (keep !== undefined) for (let i = 0; i < mask.length; i++) if (keep[i] === 0) mask[i] = 0;
    return createRaster(mask, width, height, { pixelSizeUm });
  };
  if (method === "sauvola" || method === "niblack" || method === "local-mean" || method === "local-gaussian") {
    const thresholdMap = localThreshold(image, { ...options, method });
    const mask = new Uint8Array(data.length);
    const map = thresholdMap.data;
    for (let i = 0; i < mask.length; i++) mask[i] = data[i]! >= map[i]! === isBright ? 1 : 0; // as long as the image
    return { mask: finish(mask), thresholds: [], thresholdMap };
  }
  if (method === "hysteresis") {
    const [low, high] = givenThresholds("thresholdImage", method, options.thresholds, 2) as [number, number];
    const mask = isBright
      ? hysteresisThreshold(image, low, high)
      : hysteresisThreshold({ ...image, data: data.map((value) => -value) }, -high, -low);
    return { mask: finish(mask.data), thresholds: [low, high] };
  }
  if (method === "multi-otsu") {
    const thresholds = multiOtsuThresholds(image, options);
    const classes = new Uint8Array(data.length);
    for (const threshold of thresholds)
      for (let i = 0; i < data.length; i++) if (data[i]! >= threshold) classes[i]! += 1;
    const wanted = isBright ? thresholds.length : 0;
    const mask = classes.map((k) => (k === wanted ? 1 : 0));
    return { mask: finish(mask), thresholds, classes: createRaster(classes, width, height, { pixelSizeUm }) };
  }
  if (method !== "manual" && !Object.hasOwn(GLOBAL, method)) {
    throw new DomainError(`thresholdImage: unknown method "${method}"`);
  }
  const threshold =
    method === "manual"
      ? givenThresholds("thresholdImage", method, options.thresholds, 1)[0]! // one
      : GLOBAL[method](image, options);
  if (method === "manual") greyRange("thresholdImage", image, options.mask);
  const mask = new Uint8Array(data.length);
  for (let i = 0; i < mask.length; i++) mask[i] = data[i]! >= threshold === isBright ? 1 : 0; // as long as the image
  return { mask: finish(mask), thresholds: [threshold] };
}

/** The methods that look for one threshold, by name. */
export const GLOBAL: {
  readonly [M in GlobalThresholdMethod]: (input: GreyOrHistogram, options?: GreyHistogramOptions) => number;
} = {
  otsu: otsuThreshold,
  li: liThreshold,
  triangle: triangleThreshold,
  yen: yenThreshold,
  isodata: isodataThreshold,
};

/** The n thresholds that a method must be given, rising. */
export function givenThresholds(
  caller: string,
  method: string,
  thresholds: readonly number[] | undefined,
  n: number,
): number[] {
  if (thresholds?.length !== n || thresholds.some((value) => !Number.isFinite(value))) {
    throw new DomainError(
      `${caller}: method "${method}" needs ${n} finite thresholds, got ${thresholds === undefined ? "none" : `[${thresholds.join(", ")}]`}`,
    );
  }
  return [...thresholds].sort((a, b) => a - b);
}
