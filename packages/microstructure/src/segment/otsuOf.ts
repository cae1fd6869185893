import { createRaster } from "@materiome/core";
import { otsuThreshold } from "./otsuThreshold.ts";

/** Otsu's threshold of finite values; undefined where all are equal, or there are none. */
export function otsuOf(values: Float32Array): number | undefined {
  const first = values[0];
  if (first === undefined || values.every((value) => value === first)) return undefined;
  return otsuThreshold(createRaster(values, values.length, 1));
}
