import { readFile, writeFile } from "node:fs/promises";
import { loadClassifier, readMicrograph } from "@materiome/microstructure";
import { classifyPixels } from "@materiome/microstructure/pixels";
import { describe, expect, it } from "vitest";
import { runDigitizeCommand } from "../../src/commands/digitize.ts";
import { runExportCommand } from "../../src/commands/export.ts";
import { runSegmentAverageCommand } from "../../src/commands/segmentAverage.ts";
import { runSegmentPredictCommand } from "../../src/commands/segmentPredict.ts";
import { runSegmentTrainCommand } from "../../src/commands/segmentTrain.ts";
import { listen, net } from "./netSession.ts";
import { writeScenes } from "./textureScene.ts";

const readerModule = import.meta.resolve("@materiome/forward");

describe("materiome segment average", () => {
  it("makes one model of trees and a net, which predict and digitize take, and knows what both learned from", async () => {
    const { at, files, labels } = await writeScenes(5);
    const [trees, unet, both] = [at("trees.model.json"), at("net.model.json"), at("both.model.json")];
    const classes = ["matrix", "rough"];
    const shared = { classes, normalise: "none" } as const;
    const forest = {
      ...shared,
      learner: "forest",
      trees: 10,
      samples: 300,
      labels: labels.slice(0, 2),
      out: trees,
    } as const;
    await runSegmentTrainCommand(files.slice(0, 2), forest, listen().session);
    const three = { ...net, epochs: 1, labels: labels.slice(1, 4), out: unet };
    await runSegmentTrainCommand(files.slice(1, 4), three, listen().session);

    const made = listen();
    await runSegmentAverageCommand([trees, unet], { out: both }, made.session);
    expect(made.results).toMatchObject([{ model: both, members: [trees, unet], classes, channels: "grey" }]);
    expect(made.warnings).toEqual([]);
    const { grey } = await readMicrograph(files[4]!);
    const [a, b, mean] = await Promise.all(
      [trees, unet, both].map(async (path) => {
        const model = await loadClassifier({ path, readerModule });
        return (await classifyPixels(grey, model, { threads: 1 })).data;
      }),
    );
    expect(Math.max(...mean!.map((p, i) => Math.abs(p - (a![i]! + b![i]!) / 2)))).toBeLessThan(1e-6);

    const predicted = listen();
    const asked = { model: both, out: at("classes"), labels, views: "flips" } as const;
    await runSegmentPredictCommand(files, asked, predicted.session, () => undefined);
    expect(predicted.results[0]).toMatchObject({
      images: [0, 1, 2, 3, 4].map((k) => ({ isLearnedFrom: k < 4 })),
      nImages: 1,
      learnedFrom: { nImages: 4 },
    });
    const digitized = listen();
    const field = { out: at("out"), method: "auto", model: both, pixelSize: 0.1 } as const;
    await runDigitizeCommand([files[4]!], field, digitized.session, () => undefined);
    expect(digitized.results[0]).toMatchObject({ images: [{ method: "model", kind: "particles" }], skipped: [] });
    await expect(runExportCommand(both, { onnx: at("both.onnx"), precision: "float64" }, made.session)).rejects.toThrow(
      /holds an average of several models/,
    );

    // One that does not say what it learned from: nor does the average, and it is told.
    const { learnedFrom: _, ...earlier } = JSON.parse(await readFile(trees, "utf8"));
    await writeFile(at("earlier.json"), JSON.stringify(earlier));
    await runSegmentAverageCommand([at("earlier.json"), unet], { out: both }, made.session);
    expect(made.warnings.join()).toMatch(/earlier\.json: does not say which images/);
    expect(JSON.parse(await readFile(both, "utf8"))).not.toHaveProperty("learnedFrom");
    // One that knows no pixel size is taken for one of the other's, and it is told.
    const scaled = at("scaled.json");
    await writeFile(scaled, JSON.stringify({ ...earlier, params: { ...earlier.params, pixelSizeUm: 0.1 } }));
    const mixed = listen();
    await runSegmentAverageCommand([scaled, unet], { out: both }, mixed.session);
    expect(mixed.results).toMatchObject([{ pixelSizeUm: 0.1 }]);
    expect(mixed.warnings.join()).toMatch(/net\.model\.json: does not know the pixel size .* pixels of 0\.1 µm/);
    const other = at("other.json");
    await writeFile(
      other,
      JSON.stringify({ ...earlier, params: { ...earlier.params, classes: ["matrix", "pearlite"] } }),
    );
    const again = (models: string[]) => runSegmentAverageCommand(models, { out: at("none.json") }, made.session);
    await expect(again([trees, other])).rejects.toThrow(
      /other\.json has the classes matrix, pearlite, .*trees\.model\.json/,
    );
    await expect(again([trees])).rejects.toThrow(/two models or more/);
    await expect(again([trees, trees])).rejects.toThrow(/given twice/);
    await expect(readFile(at("none.json"))).rejects.toThrow(/ENOENT/);
  });
});
