import { readFile, writeFile } from "node:fs/promises";
import { exportUNetOnnx, readUNetSegmenter } from "@materiome/forward/nets";
import { describe, expect, it } from "vitest";
import { runExportCommand } from "../../src/commands/export.ts";
import { runSegmentImportCommand } from "../../src/commands/segmentImport.ts";
import { runSegmentPredictCommand } from "../../src/commands/segmentPredict.ts";
import { runSegmentTrainCommand } from "../../src/commands/segmentTrain.ts";
import { DESCRIPTION_EXAMPLE } from "../../src/segment/descriptionExample.ts";
import { listen, net } from "./netSession.ts";
import { writeScenes } from "./textureScene.ts";

describe("materiome segment import", () => {
  it("takes a network from elsewhere: as an ONNX file it predicts what the net does", async () => {
    const { at, files, labels } = await writeScenes(1);
    const trained = { ...net, patch: 16, epochs: 1, labels, out: at("net.json") };
    await runSegmentTrainCommand(files, trained, listen().session);
    const { state } = JSON.parse(await readFile(at("net.json"), "utf8"));
    const { model, description } = exportUNetOnnx(readUNetSegmenter(state.segmenter));
    await writeFile(at("net.onnx"), model);
    await writeFile(at("net.onnx.json"), JSON.stringify(description));
    const { session, results, warnings } = listen();
    const asked = { description: at("net.onnx.json"), out: at("again.json"), pixelSize: 0.2 };
    await runSegmentImportCommand(at("net.onnx"), asked, session);
    expect(results[0]).toMatchObject({
      classes: ["matrix", "rough"],
      channels: "grey",
      pixelSizeUm: 0.2,
      alignment: 2,
      tried: { inputRange: [expect.any(Number), expect.any(Number)] },
    });
    const { tried } = results[0] as { tried: { tilePx: number; borderPx: number } };
    expect(tried.borderPx).toBeGreaterThan(0);
    expect(tried.borderPx).toBeLessThanOrEqual(description.tiling.halo);
    expect(tried.tilePx).toBeGreaterThan(2 * description.tiling.halo);
    expect(warnings).toEqual([]);
    for (const name of ["net", "again"]) {
      const predict = { model: at(`${name}.json`), out: at(name), probabilities: true, pixelSize: 0.2 };
      await runSegmentPredictCommand(files, predict, session, (code) => expect(code).toBe(0));
    }
    const [mine, theirs] = results.slice(1) as { images: { meanUncertainty: number }[] }[];
    expect(theirs!.images[0]!.meanUncertainty).toBeCloseTo(mine!.images[0]!.meanUncertainty, 4);
    // What export writes says how images were prepared, too.
    const prepared = { ...trained, normalise: "image", out: at("prepared.json") } as const;
    await runSegmentTrainCommand(files, prepared, listen().session);
    const write = (onnx: string) =>
      runExportCommand(at("prepared.json"), { onnx: at(onnx), precision: "float64" }, listen().session);
    await expect(write("prepared.onnx")).rejects.toThrow(/prepared.json, which describes it, would replace the model/);
    await write("file.onnx");
    const ofFile = { description: at("file.json"), out: at("round.json") };
    const { params, ...stored } = JSON.parse(await readFile(at("prepared.json"), "utf8"));
    expect([stored.type, params.normalise]).toEqual(["materiome/trained-segmenter", "image"]);
    await runSegmentImportCommand(at("file.onnx"), ofFile, listen().session);
    expect(JSON.parse(await readFile(at("round.json"), "utf8")).params).toEqual(params);
    // As one writes it by hand, from the example that the command shows.
    const example = JSON.parse(DESCRIPTION_EXAMPLE);
    const own = { ...example, output: description.output, tiling: description.tiling };
    await writeFile(at("own.json"), JSON.stringify(own));
    const byHand = { description: at("own.json"), out: at("own.model.json") };
    await runSegmentImportCommand(at("net.onnx"), byHand, session);
    expect(results.at(-1)).toMatchObject({ classes: ["matrix", "carbide"], channels: "grey", pixelSizeUm: null });
    await writeFile(at("own.json"), "{}");
    const empty = runSegmentImportCommand(at("net.onnx"), byHand, session);
    await expect(empty).rejects.toThrow(/own.json: describes no network; .*such as/);
    await writeFile(at("bad.onnx"), "no network");
    await expect(runSegmentImportCommand(at("bad.onnx"), asked, session)).rejects.toThrow(/bad.onnx/);
    await expect(runSegmentImportCommand(at("prepared.json"), asked, session)).rejects.toThrow(/^\S*prepared.json: /);
    // What is wrong in the description is told of it, by its key, also where only a tile can show it.
    const { input, output, tiling } = description;
    const described = async (changes: object) => {
      await writeFile(at("net.onnx.json"), JSON.stringify({ ...description, ...changes }));
      const heard = listen();
      await runSegmentImportCommand(at("net.onnx"), asked, heard.session);
      return heard;
    };
    const values = [{ name: "height", kind: "values", labels: ["a", "b"] }];
    for (const [changes, says] of [
      [{ targets: values }, "targets: describes targets of values"],
      [
        { input: { ...input, channels: 3, mean: undefined, deviation: undefined } },
        "input.channels: .* takes 1 channels",
      ],
      [{ input: { ...input, scale: "1" } }, "segment import: input.scale must be a number"],
      [{ input: { ...input, mean: [127] } }, "input.mean: no image has the mean 127"],
      [{ input: { ...input, scale: 1 / 255, mean: [0] } }, "input.scale: to the network all images would be alike"],
      [{ input: { ...input, name: "pixels" } }, "input.name: "],
      [{ targets: undefined, classes: ["a", "b", "c"] }, "classes: .* has 2 channels"],
      [{ targets: undefined, classes: "a" }, "segment import: classes must be a list of texts"],
      [{ output: { ...output, values: "logits" } }, 'output.values: is "logits", but .* are probabilities already'],
    ] as const) {
      await expect(described(changes)).rejects.toThrow(new RegExp(`^\\S*net\\.onnx\\.json[:,] ${says}`));
    }
    const near = await described({ tiling: { ...tiling, halo: 0 } });
    expect(near.warnings.join()).toMatch(
      /net.onnx.json, tiling.halo: is 0, but results change \d+ px from where a tile ends/,
    );
    const odd = await described({ tiling: { ...tiling, multiple: 1 } });
    expect(odd.warnings.join()).toMatch(/net.onnx.json, tiling: .* throughout: tiling.multiple must be larger than 1/);
    expect((await described({})).warnings).toEqual([]);
  });
});
