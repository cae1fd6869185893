import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { expandImages } from "../../src/input/expandImages.ts";
import { workFolder } from "../commands/workFolder.ts";

async function folder(...names: string[]): Promise<(path: string) => string> {
  const at = await workFolder();
  await mkdir(join(at, "sub"));
  for (const name of names) await writeFile(join(at, name), "");
  return (path) => join(at, path).replaceAll("\\", "/");
}

describe("expandImages", () => {
  it("a folder stands for the images in it, in natural order, without results and without other files", async () => {
    const at = await folder(
      "f10.tif",
      "f2.tif",
      "F1.PNG",
      "f2.labels.tif",
      "f2.overlay.png",
      "notes.txt",
      "raw.tif.gz",
      "sub/a.png",
    );
    expect(await expandImages([at("")], "micrographs")).toEqual(["F1.PNG", "f2.tif", "f10.tif", "raw.tif.gz"].map(at));
  });

  it("a pattern stands for what it matches, in sub-folders too", async () => {
    const at = await folder("a1.tif", "a2.tif", "b1.jpg", "sub/a3.webp", "sub/a3.overlay.png");
    expect(await expandImages([at("a?.tif")], "micrographs")).toEqual(["a1.tif", "a2.tif"].map(at));
    expect(await expandImages([at("**/a*")], "micrographs")).toEqual(["a1.tif", "a2.tif", "sub/a3.webp"].map(at));
    expect(await expandImages([at("{b1,a2}.*"), at("a1.tif")], "micrographs")).toEqual(
      ["a2.tif", "b1.jpg", "a1.tif"].map(at),
    );
  });

  it("a file that is there stands for itself, whatever its name; a missing one is left to the reader", async () => {
    const at = await folder("[1]*.png".replace("*", ""), "picture");
    const names = [at("[1].png"), at("picture"), at("missing.png")];
    expect(await expandImages(names, "micrographs")).toEqual(names);
  });

  it("of labels takes the label images of a folder, or all images where none is named so", async () => {
    const at = await folder("f2.labels.tif", "f10.labels.tif", "f2.tif", "sub/mask.png");
    expect(await expandImages([at("")], "labels")).toEqual(["f2.labels.tif", "f10.labels.tif"].map(at));
    expect(await expandImages([at("sub")], "labels")).toEqual([at("sub/mask.png")]);
  });

  it("refuses a folder or pattern without images", async () => {
    const at = await folder("notes.txt");
    await expect(expandImages([at("")], "micrographs")).rejects.toThrow(DataError);
    await expect(expandImages([at("*.bmp")], "micrographs")).rejects.toThrow(/matches no image/);
  });
});
