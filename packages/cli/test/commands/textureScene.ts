import { createRandom, createRaster } from "@materiome/core";
import { writeMicrographPng } from "@materiome/microstructure";

export const SIZE = 96;

/** Bright disks in a matrix of the same mean grey but for texture: thresholds cannot tell them apart, features can. */
export async function writeScene(path: string, seed: number): Promise<Uint32Array> {
  const random = createRandom(seed);
  const classes = new Uint32Array(SIZE * SIZE).fill(1);
  for (let k = 0; k < 6; k++) {
    const [cx, cy, r] = [random.int(SIZE), random.int(SIZE), 8 + random.int(6)];
    for (let i = 0; i < classes.length; i++) {
      if (Math.hypot((i % SIZE) - cx, Math.floor(i / SIZE) - cy) < r) classes[i] = 2;
    }
  }
  const grey = Float32Array.from(classes, (value) => 0.5 + (value === 2 ? 0.2 : 0.02) * random.normal());
  const limited = grey.map((v) => Math.min(1, Math.max(0, v)));
  await writeMicrographPng(path, createRaster(limited, SIZE, SIZE));
  return classes;
}
