import { createRaster, type ModelReader, type Raster, type Segmenter } from "@materiome/core";

const BLOCK = 4;

/**
 * Two classes by the mean of the first channel over blocks of 4 × 4 pixels, counted from the first of the tile, and over the 3 × 3 blocks around: as nets that pool,
 * it gives the whole image's result in tiles that keep to its alignment and halo, and in others not.
 */
export function blockSegmenter(middle = 0.5): Segmenter {
  return {
    module: import.meta.url,
    classes: ["dark", "bright"],
    halo: 8,
    alignment: BLOCK,
    toJSON: () => ({ type: "test/block-segmenter", version: 1, params: null, state: middle }),
    async segmentTile({ data: all, width, height, channels }: Raster<Float32Array>) {
      const data = all.filter((_, i) => i % channels === 0);
      const [across, down] = [Math.ceil(width / BLOCK), Math.ceil(height / BLOCK)];
      const sums = new Float64Array(across * down);
      const counts = new Float64Array(across * down);
      for (let i = 0; i < data.length; i++) {
        const block = Math.floor(Math.floor(i / width) / BLOCK) * across + Math.floor((i % width) / BLOCK);
        sums[block]! += data[i]!;
        counts[block]! += 1;
      }
      const out = new Float32Array(2 * data.length);
      for (let i = 0; i < data.length; i++) {
        const [bx, by] = [Math.floor((i % width) / BLOCK), Math.floor(Math.floor(i / width) / BLOCK)];
        let sum = 0;
        let n = 0;
        for (let y = Math.max(0, by - 1); y <= Math.min(down - 1, by + 1); y++) {
          for (let x = Math.max(0, bx - 1); x <= Math.min(across - 1, bx + 1); x++) {
            sum += sums[y * across + x]!;
            n += counts[y * across + x]!;
          }
        }
        const p = 1 / (1 + Math.exp(-8 * (sum / n + 0.2 * (data[i]! - middle) - middle)));
        out[2 * i] = 1 - p;
        out[2 * i + 1] = p;
      }
      return createRaster(out, width, height, { channels: 2 });
    },
  };
}

export const reader: ModelReader = {
  types: ["test/block-segmenter"],
  read: async (data) => blockSegmenter((data as { readonly state: number }).state),
};
