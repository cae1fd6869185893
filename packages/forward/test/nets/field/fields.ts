import { createRandom, createRaster } from "@materiome/core";
import type { FieldExample } from "../../../src/nets/index.ts";

/**
 * Maps of rectangles that wrap around, with two components that a network of short reach can learn: how many of the four neighbours (across the borders)
 * are of phase 1, and the difference of the right and the left neighbour, which turns round when columns are mirrored.
 */
export function fields(seed: string, n: number, side = 16): FieldExample[] {
  return Array.from({ length: n }, (_, i) => {
    const draw = createRandom(`${seed} ${i}`);
    const data = new Uint8Array(side * side);
    for (let k = 0; k < 3; k++) {
      const [left, top, wide, tall] = [draw.int(side), draw.int(side), 2 + draw.int(5), 2 + draw.int(5)];
      for (let y = top; y < top + tall; y++) {
        for (let x = left; x < left + wide; x++) data[(y % side) * side + (x % side)] = 1;
      }
    }
    const phases = createRaster(data, side, side, { pixelSizeUm: 0.5 });
    const at = (x: number, y: number): number => data[((y + side) % side) * side + ((x + side) % side)]!;
    const field = createRaster(new Float64Array(2 * side * side), side, side, { channels: 2 });
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const sum = at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1);
        field.data.set([100 + sum, at(x + 1, y) - at(x - 1, y)], 2 * (y * side + x));
      }
    }
    return { phases, field };
  });
}
