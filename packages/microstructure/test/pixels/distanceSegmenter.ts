import { createRaster, type ModelReader, type Raster, type Segmenter } from "@materiome/core";

/** Grey of a pixel `distance` inside its region, 0.2 … 0.8; matrix is black. */
export function greyOfDistance(distance: number): number {
  return distance === 0 ? 0 : 0.2 + 0.6 * distance;
}

/** Two classes and a distance, all read off the grey that `greyOfDistance` gives: what a net would learn. Its second class is what is bright, or dark. */
export function distanceSegmenter(second: "bright" | "dark" = "bright"): Segmenter {
  return {
    module: import.meta.url,
    classes: ["first", "second", "distance"],
    halo: 0,
    toJSON: () => ({ type: "test/distance-segmenter", version: 1, params: null, state: second }),
    async segmentTile({ data, width, height, channels }: Raster<Float32Array>) {
      const out = new Float32Array(3 * width * height);
      for (let i = 0; i < width * height; i++) {
        const grey = data[i * channels]!;
        const bright = 1 / (1 + Math.exp(-60 * (grey - 0.1)));
        const p = second === "bright" ? bright : 1 / (1 + Math.exp(40 * (grey - 0.3)));
        out.set([1 - p, p, (grey - 0.2) / 0.6], 3 * i);
      }
      return createRaster(out, width, height, { channels: 3 });
    },
  };
}

export const reader: ModelReader = {
  types: ["test/distance-segmenter"],
  read: async (data) => distanceSegmenter((data as { readonly state: "bright" | "dark" }).state),
};
