import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom, createRaster, DataError, FormatError, type LabelMap } from "@materiome/core";
import { loadClassifier } from "@materiome/microstructure";
import { trainPixelClassifier } from "@materiome/microstructure/pixels";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pinModel } from "../../src/pixels/pinModel.ts";
import { centroidLearner } from "./centroidLearner.ts";

let folder: string;
/** Two models of the same picture, with other names for the classes. */
let texts: [string, string];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "load-classifier-"));
  const random = createRandom(1);
  const data = Float32Array.from({ length: 32 * 32 }, (_, i) => (i % 32 < 16 ? 0.2 : 0.8) + 0.01 * random.normal());
  const image = createRaster(data, 32, 32);
  const labels: LabelMap = createRaster(
    Uint32Array.from(data, (_, i) => (i % 32 < 16 ? 1 : 2)),
    32,
    32,
  );
  const train = async (classes: string[]): Promise<string> => {
    const options = {
      classes,
      samplesPerImage: 50,
      nFolds: 2,
      features: { scalesPx: [1], lineShapes: [], surroundingsPx: [] },
    };
    const pair = { image, labels };
    const { classifier } = await trainPixelClassifier([pair, pair], centroidLearner(), options, {
      random: createRandom(2),
      threads: 1,
    });
    return JSON.stringify(classifier.toJSON());
  };
  texts = [await train(["a", "b"]), await train(["c", "d"])];
});
afterAll(() => rm(folder, { recursive: true }));

const readerModule = centroidLearner().module;
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

describe("loadClassifier", () => {
  it("keeps a model, and reads one that was trained again at the same path", async () => {
    const model = { path: join(folder, "again.json"), readerModule };
    await writeFile(model.path, texts[0]);
    const first = await loadClassifier(model);
    expect(first.classes).toEqual(["a", "b"]);
    expect(await loadClassifier(model)).toBe(first);
    await writeFile(model.path, texts[1]);
    expect((await loadClassifier(model)).classes).toEqual(["c", "d"]);
  });

  it("forgets a failure", async () => {
    const model = { path: join(folder, "later.json"), readerModule };
    await expect(loadClassifier(model)).rejects.toThrow(/later\.json: there is no such file; check the path/);
    await writeFile(model.path, "no model");
    await expect(loadClassifier(model)).rejects.toThrow(
      /later\.json: is no model of segment train.*no complete JSON\)/,
    );
    await writeFile(model.path, texts[0]);
    expect((await loadClassifier(model)).classes).toEqual(["a", "b"]);
    const reader = { ...model, readerModule: "file:///none.js" };
    await expect(loadClassifier(reader)).rejects.toThrow(FormatError);
    expect((await loadClassifier(model)).classes).toEqual(["a", "b"]);
  });

  it("says that a model is missing, or a folder, before any image is read", async () => {
    const pin = (path: string) => pinModel({ path, readerModule });
    await expect(pin(join(folder, "none.json"))).rejects.toThrow(/none\.json: there is no such file; check the path/);
    await expect(pin(folder)).rejects.toThrow(/is a folder; give the model in it/);
  });

  it("keeps to the content asked for: the kept model stays, another is refused", async () => {
    const path = join(folder, "pinned.json");
    await writeFile(path, texts[0]);
    const pinned = { path, readerModule, sha256: sha256(texts[0]) };
    const first = await loadClassifier(pinned);
    await writeFile(path, texts[1]);
    expect(await loadClassifier(pinned)).toBe(first);
    const other = await loadClassifier({ ...pinned, sha256: sha256(texts[1]) });
    expect(other.classes).toEqual(["c", "d"]);
    await expect(loadClassifier(pinned)).rejects.toThrow(DataError);
    await expect(loadClassifier(pinned)).rejects.toThrow(/pinned\.json: the model was changed/);
  });
});
