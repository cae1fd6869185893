import { basename, extname, join, resolve } from "node:path";
import type { DigitizedFiles } from "./imageSummary.ts";

/**
 * Names of the result files of each input, so that no two inputs share one and no input is overwritten.
 *
 * The stem is the file name without extension (and without `.labels`, so that a corrected `steel.labels.tif` is again
 * `steel`). Where two inputs have the same stem, letter case apart, the later ones become `stem-2`, `stem-3`, ….
 * Where `<stem>.labels.tif` is itself an input, the labels measured go to `<stem>.measured.labels.tif`.
 */
export function outputNames(files: readonly string[], outDir: string): DigitizedFiles[] {
  const inputs = new Set(files.map((file) => resolve(file)));
  const taken = new Set<string>();
  return files.map((file) => {
    const plain = file.replace(/\.gz$/i, "");
    const base = basename(plain, extname(plain)).replace(/(\.measured)?\.labels$/i, "");
    let stem = base;
    for (let k = 2; taken.has(stem.toLowerCase()); k++) stem = `${base}-${k}`;
    taken.add(stem.toLowerCase());
    const isFree = (name: string): boolean => !inputs.has(resolve(join(outDir, name)));
    const choose = (ending: string): string => {
      let name = `${stem}.${ending}`;
      while (!isFree(name)) name = `${name.slice(0, -ending.length)}measured.${ending}`;
      return name;
    };
    return { labels: choose("labels.tif"), overlay: choose("overlay.png"), grains: choose("grains.csv") };
  });
}
