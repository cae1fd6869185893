import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom, type Raster } from "@materiome/core";
import { readMicrograph, thumbnailJpeg, writeMicrographPng } from "@materiome/microstructure";
import { blurFocus, fitImage } from "@materiome/microstructure/patches";

/** A labelled image of `xsdd-steel-strip-defects`. */
export interface StripDefect {
  readonly path: string;
  readonly label: string;
  /** Images that are exact copies of each other have one group. */
  readonly group: number;
  readonly isJpeg: boolean;
  readonly image: Raster<Float32Array>;
}

interface Manifest {
  readonly files: readonly { readonly path: string }[];
  readonly exactDuplicates: readonly (readonly string[])[];
}

/** Deviation of the blur before images are resized, px. */
const BLUR_PX = 0.7;

/**
 * All images, grey, encoded alike: blurred a little, resized to a size at which the 8 px blocks of the JPEG files no longer lie on a grid of
 * 8 px, stored as JPEG of one quality, and read back.
 */
export async function readStripDefects(
  data: string,
  sizePx: number,
): Promise<{ readonly defects: readonly StripDefect[]; readonly labels: readonly string[] }> {
  const folder = join(data, "xsdd-steel-strip-defects");
  const { files, exactDuplicates } = JSON.parse(await readFile(join(folder, "DATASET.json"), "utf8")) as Manifest;
  const images = files.map(({ path }) => path).filter((path) => /\.(jpg|png)$/.test(path));
  const groups = new Map(exactDuplicates.flatMap((copies, g) => copies.map((path) => [path, images.length + g])));
  const scratch = await mkdtemp(join(tmpdir(), "xsdd-"));
  try {
    const defects: StripDefect[] = [];
    for (let from = 0; from < images.length; from += 16) {
      const some = images.slice(from, from + 16).map(async (path, k): Promise<StripDefect> => {
        const image = await encodedAlike(join(folder, path), join(scratch, `${from + k}`), sizePx);
        const label = path.slice(0, path.lastIndexOf("/"));
        return { path, label, group: groups.get(path) ?? from + k, isJpeg: path.endsWith(".jpg"), image };
      });
      defects.push(...(await Promise.all(some)));
    }
    return { defects, labels: [...new Set(defects.map(({ label }) => label))].sort() };
  } finally {
    await rm(scratch, { recursive: true });
  }
}

async function encodedAlike(path: string, stem: string, sizePx: number): Promise<Raster<Float32Array>> {
  const { grey } = await readMicrograph(path, { dataBar: "keep" });
  const soft = blurFocus(grey, createRandom(1), { sigmaPx: [BLUR_PX, BLUR_PX] });
  const fitted = fitImage(soft, { widthPx: sizePx, heightPx: sizePx, fit: "resize" });
  await writeMicrographPng(`${stem}.png`, fitted);
  await writeFile(`${stem}.jpg`, await thumbnailJpeg(await readFile(`${stem}.png`), sizePx));
  const { grey: image } = await readMicrograph(`${stem}.jpg`, { dataBar: "keep" });
  return { data: image.data, width: sizePx, height: sizePx, channels: 1 };
}
