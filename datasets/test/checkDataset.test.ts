import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  cacheFolder,
  checkDataset,
  type DatasetFile,
  dataFolders,
  datasetFileUrl,
  datasetInfo,
  findDatasetFile,
} from "../src/index.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "materiome-datasets-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function place(root: string, path: string, content: string | Uint8Array): string {
  const file = join(root, ...path.split("/"));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

describe("dataFolders", () => {
  it("searches an explicit folder alone", () => {
    expect(dataFolders({ dataDir: "/data", env: { MATERIOME_DATA: "/other" } })).toEqual(["/data"]);
  });

  it("searches the folders of MATERIOME_DATA in order, then the cache", () => {
    const env = { MATERIOME_DATA: ["/a", "/b"].join(delimiter), XDG_CACHE_HOME: "/cache" };
    expect(dataFolders({ env })).toEqual(["/a", "/b", join("/cache", "materiome")]);
    expect(dataFolders({ env: { MATERIOME_DATA: "", XDG_CACHE_HOME: "/cache" } })).toHaveLength(1);
  });

  it.skipIf(process.platform !== "linux")("keeps the cache under ~/.cache on Linux", () => {
    expect(cacheFolder({ HOME: "/home/lab" })).toBe("/home/lab/.cache/materiome");
  });
});

describe("findDatasetFile", () => {
  it("finds a file in the first folder that holds it", async () => {
    const first = join(folder, "first");
    const second = join(folder, "second");
    const file = place(second, "pvlab-autoam/pvlab-autoam.csv", "x");
    const env = { MATERIOME_DATA: [first, second].join(delimiter) };
    expect(await findDatasetFile("pvlab-autoam", "pvlab-autoam.csv", { env })).toBe(file);
    const nearer = place(first, "pvlab-autoam/pvlab-autoam.csv", "y");
    expect(await findDatasetFile("pvlab-autoam", "pvlab-autoam.csv", { env })).toBe(nearer);
  });

  it("finds a packed file unpacked", async () => {
    const file = place(folder, "tbm-grain-boundaries/Results_grain_sizes.csv", "x");
    const options = { dataDir: folder };
    expect(await findDatasetFile("tbm-grain-boundaries", "Results_grain_sizes.csv.gz", options)).toBe(file);
    expect(await findDatasetFile("tbm-grain-boundaries", "Results_grain_sizes.csv", options)).toBe(file);
  });

  it("says where an absent file comes from and where to put it", async () => {
    const failure = findDatasetFile("pvlab-autoam", "pvlab-autoam.csv", { dataDir: folder });
    await expect(failure).rejects.toThrow(
      `download https://raw.githubusercontent.com/PV-Lab/Benchmarking/7585c517ad88e676c42c6bf24a8ad278e01ddb21/datasets/AutoAM_dataset.csv to ${join(folder, "pvlab-autoam", "pvlab-autoam.csv")}`,
    );
    await expect(failure).rejects.toMatchObject({ code: "DATA" });
  });

  it("says how a converted file is made", async () => {
    const options = { dataDir: folder };
    await expect(findDatasetFile("lpbf-relative-density", "lpbf-relative-density.csv", options)).rejects.toThrow(
      /made from .*dataset\.xlsx \(sheet "data"/,
    );
  });

  it("offers the nearest names for a misspelt dataset or file", async () => {
    await expect(findDatasetFile("matbench-steel", "x.csv")).rejects.toThrow("did you mean matbench-steels");
    await expect(findDatasetFile("matbench-steels", "matbench-steel.csv")).rejects.toThrow("matbench-steels.csv");
  });
});

describe("datasetFileUrl", () => {
  it("escapes blanks and # in paths", () => {
    const strip = datasetInfo("xsdd-steel-strip-defects");
    const image = strip.files.find((file) => file.path === "finishing roll printing/6001.png");
    expect(image && datasetFileUrl(strip, image)).toMatch(/X-SDD\/datas\/finishing%20roll%20printing\/6001\.png$/);
    const ebc = datasetInfo("nasa-ebc-oxide-segmentation");
    const tiff = ebc.files.find((file) => file.path.includes("#"));
    expect(tiff && datasetFileUrl(ebc, tiff)).toMatch(/EBC1\/train\/010417%234_S2480009\.tif$/);
  });
});

describe("checkDataset", () => {
  it("tells missing, altered and good files apart", async () => {
    const manifest = datasetInfo("olympus-electrochem");
    const [absent, wrong] = manifest.files as [DatasetFile, DatasetFile];
    place(folder, `olympus-electrochem/${wrong.path}`, "{}");
    const steps: number[] = [];
    const check = await checkDataset("olympus-electrochem", {
      dataDir: folder,
      onProgress: (progress) => steps.push(progress.done),
    });
    expect(check).toMatchObject({ ok: false, nOk: 0, nMissing: 1, nMismatch: 1 });
    const byPath = new Map(check.files.map((file) => [file.path, file]));
    expect(byPath.get(absent.path)?.status).toBe("missing");
    expect(byPath.get(wrong.path)).toMatchObject({
      status: "mismatch",
      expected: { sha256: wrong.sha256 },
      found: { sha256: createHash("sha256").update("{}").digest("hex"), bytes: 2 },
    });
    expect(steps).toEqual([1, 2]);
  });

  it("compares an unpacked copy with the unpacked sum", async () => {
    place(folder, "tbm-grain-boundaries/Results_grain_sizes.csv", gunzipSync(gzipSync("not the data")));
    const { files } = await checkDataset("tbm-grain-boundaries", { dataDir: folder });
    const file = files.find((entry) => entry.path === "Results_grain_sizes.csv.gz");
    expect(file).toMatchObject({ status: "mismatch", expected: { bytes: 1055888 }, found: { bytes: 12 } });
  });

  it("stops when asked", async () => {
    const controller = new AbortController();
    controller.abort(new Error("stop"));
    await expect(checkDataset("matbench-steels", { dataDir: folder, signal: controller.signal })).rejects.toThrow(
      "stop",
    );
  });

  it.skipIf(process.env["MATERIOME_DATA"] === undefined)(
    "accepts the real files (needs MATERIOME_DATA with matbench-steels and tbm-grain-boundaries)",
    async () => {
      for (const name of ["matbench-steels", "tbm-grain-boundaries"]) {
        const check = await checkDataset(name);
        expect(check.files.filter((file) => file.status !== "ok")).toEqual([]);
        expect(check.ok).toBe(true);
      }
    },
  );
});
