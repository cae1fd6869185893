import { stat } from "node:fs/promises";
import { isAbsolute, sep } from "node:path";
import { DataError } from "@materiome/core";
import { glob, isDynamicPattern } from "tinyglobby";

/** Endings of the image files that a folder is searched for. */
const IMAGES = /\.(png|jpe?g|webp|tiff?)(\.gz)?$/i;
const LABELS = /\.labels\.tif$/i;
/** What `digitize` itself writes is no input, unless it is named. */
const RESULTS = /\.(labels\.tif|overlay\.png|probability\.tif|probabilities\.tif|uncertainty\.tif)$/i;

/**
 * Files that arguments name: a file stands for itself; a folder for the images in it (not in its sub-folders); a pattern
 * with `*`, `?`, `[…]`, `{…}` or `**` for the images that it matches, also where the shell does not expand patterns. Files
 * of a folder or pattern come in natural order (`f2` before `f10`); files that `digitize` wrote are left out. Of label
 * images those named `….labels.tif` are taken where there are such, else all images.
 *
 * @throws DataError for a folder without images and for a pattern that matches none
 */
export async function expandImages(names: readonly string[], wanted: "micrographs" | "labels"): Promise<string[]> {
  const files: string[] = [];
  for (const name of names) files.push(...(await expand(name, wanted)));
  return files;
}

async function expand(name: string, wanted: "micrographs" | "labels"): Promise<readonly string[]> {
  const found = await stat(name).catch(() => undefined);
  const isFolder = found?.isDirectory() ?? false;
  // A file that is there is meant, whatever its name; a missing plain name is reported where it is read.
  if ((found !== undefined && !isFolder) || (found === undefined && !isDynamicPattern(name))) return [name];
  const pattern = name.split(sep).join("/");
  const matches = isFolder
    ? (await glob("*", { cwd: name, onlyFiles: true })).map((file) => `${name.replace(/[\\/]+$/, "")}/${file}`)
    : await glob(pattern, { onlyFiles: true, absolute: isAbsolute(name) });
  const labels = wanted === "labels" ? matches.filter((file) => LABELS.test(file)) : [];
  const images = labels.length > 0 ? labels : matches.filter((file) => IMAGES.test(file) && !RESULTS.test(file));
  if (images.length === 0) {
    throw new DataError(
      isFolder
        ? "holds no image (.png, .jpg, .webp, .tif, also .gz); check the folder, or name a pattern such as folder/**/*.tif"
        : `matches no image (.png, .jpg, .webp, .tif, also .gz); check the pattern`,
      { location: { file: name } },
    );
  }
  return images.sort(new Intl.Collator("en", { numeric: true }).compare);
}
