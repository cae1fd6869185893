import { join } from "node:path";
import { createRandom, createRaster } from "@materiome/core";
import { writeLabelTiff, writeMicrographPng } from "@materiome/microstructure";
import { workFolder } from "./workFolder.ts";

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

/** Scenes with their labels, in a folder of the running test. */
export async function writeScenes(n: number): Promise<{ at(name: string): string; files: string[]; labels: string[] }> {
  const folder = await workFolder();
  const at = (name: string): string => join(folder, name);
  const files = Array.from({ length: n }, (_, k) => at(`field-${k}.png`));
  const labels = files.map((file) => file.replace(".png", ".labels.tif"));
  for (const [k, file] of files.entries()) {
    await writeLabelTiff(labels[k]!, createRaster(await writeScene(file, k), SIZE, SIZE));
  }
  return { at, files, labels };
}
