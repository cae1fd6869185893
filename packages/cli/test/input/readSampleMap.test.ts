import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readSampleMap } from "../../src/input/readSampleMap.ts";
import { workFolder } from "../commands/workFolder.ts";

async function mapOf(lines: readonly string[]): Promise<string> {
  const path = join(await workFolder(), "map.csv");
  await writeFile(path, `file,specimen\n${lines.join("\n")}\n`);
  return path;
}

describe("readSampleMap", () => {
  it("finds files by bare name, and by path from the folder of the map", async () => {
    const folder = await workFolder();
    await mkdir(join(folder, "a"));
    const path = join(folder, "map.csv");
    await writeFile(path, "file,specimen\nx.tif,S1\na/y.tif,S2\n");
    const files = ["elsewhere/x.tif", join(folder, "a/y.tif")];
    expect((await readSampleMap(path, files)).specimens).toEqual(
      new Map([
        [files[0], "S1"],
        [files[1], "S2"],
      ]),
    );
  });

  it("keeps numbers as names of specimens", async () => {
    const { specimens } = await readSampleMap(await mapOf(["x.tif,007", "y.tif,12"]), ["x.tif", "y.tif"]);
    expect([...specimens.values()]).toEqual(["007", "12"]);
  });

  it("lists what the map names and nobody gave", async () => {
    const map = await readSampleMap(await mapOf(["x.tif,A", "later.tif,A"]), ["x.tif"]);
    expect(map).toEqual({ specimens: new Map([["x.tif", "A"]]), notGiven: ["later.tif"] });
  });

  it("takes a label image for the field that it labels", async () => {
    const { specimens } = await readSampleMap(await mapOf(["scans/q0.tif,A"]), [
      "out/q0.labels.tif",
      "out/q1.labels.tif",
    ]);
    expect(specimens).toEqual(new Map([["out/q0.labels.tif", "A"]]));
  });

  it("refuses a bare name that fits two images", async () => {
    const files = ["one/x.tif", "two/x.tif"];
    await expect(readSampleMap(await mapOf(["x.tif,A"]), files)).rejects.toThrow(
      /row 2, column "file": "x\.tif" fits one\/x\.tif and two\/x\.tif/,
    );
  });

  it("refuses two specimens for one image", async () => {
    await expect(readSampleMap(await mapOf(["x.tif,A", "x.tif,B"]), ["x.tif"])).rejects.toThrow(
      /row 3, column "file": "x\.tif" is given to "A" and to "B"/,
    );
  });

  it("refuses a row without a specimen, naming it", async () => {
    await expect(readSampleMap(await mapOf(["x.tif,A", "y.tif,"]), ["x.tif"])).rejects.toThrow(
      /row 3, column "file": a row needs both file and specimen/,
    );
  });
});
