import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createRaster, type LabelMap, type Raster } from "@materiome/core";
import { readLabelImage, readMicrograph } from "@materiome/microstructure";
import { skeletonize } from "@materiome/microstructure/segment";

/** A labelled image of a benchmark set. */
export interface LabelledImage {
  readonly name: string;
  readonly image: Raster<Float32Array>;
  /** Class numbers from 0. */
  readonly truth: LabelMap;
}

export type SplitName = "train" | "val" | "test";

interface Entry {
  readonly image: string | null;
  readonly mask: string | null;
}

async function entries(folder: string, set: string | undefined, split: SplitName): Promise<Entry[]> {
  const { splits } = JSON.parse(await readFile(join(folder, "DATASET.json"), "utf8"));
  const chosen = (set === undefined ? splits : splits[set])[split] as Entry[];
  return chosen.filter(({ image, mask }) => image !== null && mask !== null);
}

const baseName = (path: string): string => path.replace(/^.*\//, "").replace(/\.(png|tif\.gz)$/, "");

/** `tbm-grain-boundaries`: colour crops; class 1 where the hand drawing is above 127. */
export async function readGrainBoundaries(data: string, split: SplitName): Promise<LabelledImage[]> {
  const folder = join(data, "tbm-grain-boundaries");
  const out: LabelledImage[] = [];
  for (const { image, mask } of await entries(folder, undefined, split)) {
    const { colour } = await readMicrograph(join(folder, image as string), { dataBar: "keep" });
    const { grey } = await readMicrograph(join(folder, mask as string), { dataBar: "keep" });
    if (colour === undefined) throw new Error(`${image} holds no colour`);
    const labels = Uint32Array.from(grey.data, (v) => (v > 127.5 / 255 ? 1 : 0));
    out.push({ name: baseName(image as string), image: colour, truth: createRaster(labels, grey.width, grey.height) });
  }
  return out;
}

/** `nasa-superalloy-segmentation`: 0 matrix, 1 secondary (pure blue), 2 tertiary precipitates (pure red). */
export async function readSuperalloy(data: string, set: string, split: SplitName): Promise<LabelledImage[]> {
  const folder = join(data, "nasa-superalloy-segmentation");
  const out: LabelledImage[] = [];
  for (const { image, mask } of await entries(folder, set, split)) {
    const { grey } = await readMicrograph(join(folder, image as string), { dataBar: "keep" });
    const { colour } = await readMicrograph(join(folder, mask as string), { dataBar: "keep" });
    const { width, height } = grey;
    const labels = new Uint32Array(width * height);
    for (let i = 0; colour !== undefined && i < labels.length; i++) {
      const [r, g, b] = [colour.data[3 * i], colour.data[3 * i + 1], colour.data[3 * i + 2]];
      if (r === 0 && g === 0 && b === 1) labels[i] = 1;
      else if (r === 1 && g === 0 && b === 0) labels[i] = 2;
    }
    out.push({ name: baseName(image as string), image: grey, truth: createRaster(labels, width, height) });
  }
  return out;
}

/** `nasa-ebc-oxide-segmentation`: 1 oxide layer with its cracks. */
export async function readOxide(data: string, set: string, split: SplitName): Promise<LabelledImage[]> {
  const folder = join(data, "nasa-ebc-oxide-segmentation");
  const out: LabelledImage[] = [];
  for (const { image, mask } of await entries(folder, set, split)) {
    const { grey } = await readMicrograph(join(folder, image as string), { dataBar: "keep" });
    const { labels } = await readLabelImage(join(folder, mask as string));
    const truth = createRaster(
      labels.data.map((v) => (v > 0 ? 1 : 0)),
      labels.width,
      labels.height,
    );
    out.push({ name: baseName(image as string), image: grey, truth });
  }
  return out;
}

/** Lines one pixel wide in the middle of the pixels of class 1. */
export function middleLines(truth: LabelMap): Raster<Uint8Array> {
  return skeletonize(
    createRaster(
      Uint8Array.from(truth.data, (v) => (v > 0 ? 1 : 0)),
      truth.width,
      truth.height,
    ),
  );
}
