import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRaster } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { contentsOf, readLearnedFrom, withLearnedFrom } from "../../src/segment/learnedFrom.ts";
import { workFolder } from "../commands/workFolder.ts";

describe("contentsOf", () => {
  it("knows a file under another name, and pixels that were written anew, and nothing else", async () => {
    const folder = await workFolder();
    const file = async (name: string, text: string, grey: number[]) => {
      await writeFile(join(folder, name), text);
      return { file: join(folder, name), image: createRaster(Float32Array.from(grey), 2, 1) };
    };
    const known = new Set(await contentsOf([await file("a.png", "bytes", [0.2, 0.4])]));
    const isKnown = async (name: string, text: string, grey: number[]) =>
      (await contentsOf([await file(name, text, grey)])).some((content) => known.has(content));
    expect(await isKnown("moved.png", "bytes", [0, 0])).toBe(true);
    expect(await isKnown("a.tif", "other bytes", [0.2, 0.4])).toBe(true);
    expect(await isKnown("b.png", "other", [0.2, 0.5])).toBe(false);
  });
});

describe("readLearnedFrom", () => {
  it("reads what was written beside the model, each once; nothing of a model that does not say", async () => {
    const path = join(await workFolder(), "m.json");
    const model = { toJSON: () => ({ type: "materiome/x", version: 1, params: {}, state: {} }) };
    await writeFile(path, JSON.stringify(withLearnedFrom(model, ["a", "b", "a"])));
    expect(await readLearnedFrom(path)).toEqual(new Set(["a", "b"]));
    await writeFile(path, JSON.stringify(model));
    expect(await readLearnedFrom(path)).toBeUndefined();
  });
});
