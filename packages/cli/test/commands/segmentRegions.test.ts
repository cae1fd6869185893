import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createRandom, createRaster } from "@materiome/core";
import { readLabelImage, writeLabelTiff, writeMicrographPng } from "@materiome/microstructure";
import { describe, expect, it } from "vitest";
import { runDigitizeCommand } from "../../src/commands/digitize.ts";
import { runExportCommand } from "../../src/commands/export.ts";
import { runSegmentImportCommand } from "../../src/commands/segmentImport.ts";
import { runSegmentPredictCommand } from "../../src/commands/segmentPredict.ts";
import { runSegmentTrainCommand, type SegmentTrainOptions } from "../../src/commands/segmentTrain.ts";
import type { RegionSummary } from "../../src/segment/heldOutScores.ts";
import { listen, net } from "./netSession.ts";
import { SIZE } from "./textureScene.ts";
import { workFolder } from "./workFolder.ts";

describe("materiome segment train of numbered regions", () => {
  /** Discs that touch, brighter in their middle: a number each. */
  async function discs(n: number): Promise<{ at(name: string): string; files: string[]; labels: string[] }> {
    const folder = await workFolder();
    const at = (name: string): string => join(folder, name);
    const files = Array.from({ length: n }, (_, k) => at(`discs-${k}.png`));
    const labels = files.map((file) => file.replace(".png", ".labels.tif"));
    for (const [k, file] of files.entries()) {
      const random = createRandom(k);
      const numbers = new Uint32Array(SIZE * SIZE);
      const grey = Float32Array.from(numbers, (_, i) => {
        const [x, y] = [i % SIZE, Math.floor(i / SIZE)];
        const r = Math.hypot((x % 16) - 7.5, (y % 24) - 12);
        numbers[i] = r <= 8.3 ? 1 + Math.floor(y / 24) * 6 + Math.floor(x / 16) : 0;
        return Math.min(1, Math.max(0, (r <= 8.3 ? 0.8 - 0.03 * r : 0.25) + 0.02 * random.normal()));
      });
      await writeMicrographPng(file, createRaster(grey, SIZE, SIZE));
      await writeLabelTiff(labels[k]!, createRaster(numbers, SIZE, SIZE));
    }
    return { at, files, labels };
  }

  it("tells touching particles apart, scored beside what needs no training", async () => {
    const { at, files, labels } = await discs(5);
    const [model, report] = [at("discs.model.json"), at("discs.html")];
    const { session, results } = listen();
    const { classes: _, ...learner } = net;
    const asked = {
      ...learner,
      target: "particles",
      epochs: 6,
      labels: labels.slice(0, 4),
      out: model,
      report,
    } as const;
    await runSegmentTrainCommand(files.slice(0, 4), asked, session);
    const [result] = results as [{ regions: RegionSummary; depth: number; depths: unknown[] }];
    expect(result).toMatchObject({ target: "particles", regions: { role: "test", nImages: 1 } });
    const { regions } = result;
    expect(regions.model.nTrue).toBe(24);
    expect(regions.model.quality).toBeGreaterThan(0.6);
    expect(regions.classical?.methods).toEqual(["particles"]);
    expect(result.depths).toHaveLength(5);
    expect(await readFile(report, "utf8")).toMatch(/panoptic quality[\s\S]*without training: particles/);

    const predicted = listen();
    const check = { model, out: at("found"), labels: [labels[4]!] };
    await runSegmentPredictCommand([files[4]!], check, predicted.session, () => undefined);
    const [document] = predicted.results as [{ images: { nRegions: number }[]; regions: { f1: number } }];
    expect(document.regions.f1).toBeGreaterThan(0.6);
    const found = (await readLabelImage(at("found/discs-4.labels.tif"))).labels.data;
    expect(document.images[0]!.nRegions).toBe(new Set(found).size - 1);
    const digitized = listen();
    const measured = { out: at("out"), method: "auto", model } as const;
    await runDigitizeCommand([files[4]!], measured, digitized.session, () => undefined);
    const kind = { method: "model", kind: "particles", nGrains: document.images[0]!.nRegions };
    expect(digitized.results[0]).toMatchObject({ images: [kind] });
    expect((await readLabelImage(at("out/discs-4.labels.tif"))).labels.data).toEqual(found);

    await runExportCommand(model, { onnx: at("discs.onnx"), precision: "float64" }, session);
    const elsewhere = { description: at("discs.json"), out: at("again.model.json") };
    await runSegmentImportCommand(at("discs.onnx"), elsewhere, session);
    const theirs = listen();
    const again = { ...check, model: at("again.model.json"), out: at("again") };
    await runSegmentPredictCommand([files[4]!], again, theirs.session, () => undefined);
    expect(theirs.results[0]).toMatchObject({ regions: { nFound: document.images[0]!.nRegions } });
  });

  it("learns boundaries from numbered grains, by trees too, and refuses what does not go together", async () => {
    const { at, files, labels } = await discs(2);
    const asked = {
      labels,
      target: "boundaries",
      learner: "forest",
      trees: 10,
      samples: 200,
      out: at("a.json"),
    } as const;
    const { session, results, warnings } = listen();
    await runSegmentTrainCommand(files, asked, session);
    expect(results[0]).toMatchObject({ classes: [{ name: "grain" }, { name: "boundary" }], regions: { role: "fold" } });
    expect(warnings.filter((text) => /learned as boundary/.test(text))).toHaveLength(2);
    const refused = (changes: object) =>
      expect(runSegmentTrainCommand(files, { ...asked, ...changes } as SegmentTrainOptions, session)).rejects;
    await refused({ target: "particles" }).toThrow(/needs --learner unet/);
    await refused({ target: "classes" }).toThrow(/--classes: name the classes/);
    await refused({ classes: ["one", "two"] }).toThrow(/boundaries second/);
    await refused({ classes: ["one"] }).toThrow(/has two/);
    const composite = {
      target: "grains",
      learner: "unet",
      augment: ["composite"],
      trees: undefined,
      samples: undefined,
    };
    await refused(composite).toThrow(/cannot follow/);
  });
});
