import { createRandom, createRaster, type LabelMap, type Raster } from "@materiome/core";
import { distanceTarget } from "@materiome/microstructure/patches";
import { greyOfDistance } from "../pixels/distanceSegmenter.ts";

/** Discs of radius 8 in rows that touch, each with a number; 0 between them. */
export function touchingDiscs(width: number, height: number): LabelMap {
  const across = Math.floor(width / 15);
  return createRaster(
    Uint32Array.from({ length: width * height }, (_, i) => {
      const [x, y] = [i % width, Math.floor(i / width)];
      const [column, row] = [Math.floor(x / 15), Math.floor(y / 24)];
      if (column >= across || 24 * (row + 1) > height) return 0;
      return Math.hypot(x - 15 * column - 7, y - 24 * row - 12) <= 8 ? 1 + row * across + column : 0;
    }),
    width,
    height,
  );
}

/** A picture from which `distanceSegmenter` reads class and distance. */
export function pictureOf(labels: LabelMap, noise = 0): Raster<Float32Array> {
  const random = createRandom(4);
  const { data, width, height } = distanceTarget(labels);
  const grey = data.map((d) => Math.min(1, Math.max(0, greyOfDistance(d) + noise * random.normal())));
  return createRaster(grey, width, height);
}
