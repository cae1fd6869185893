import { copyFile, readFile, rename, writeFile } from "node:fs/promises";
import { createRandom, createRaster } from "@materiome/core";
import { readOnnxSegmenter } from "@materiome/forward/nets";
import { loadClassifier, readLabelImage, writeLabelTiff } from "@materiome/microstructure";
import { describe, expect, it } from "vitest";
import { runDigitizeCommand } from "../../src/commands/digitize.ts";
import { runExportCommand } from "../../src/commands/export.ts";
import { runSegmentPredictCommand } from "../../src/commands/segmentPredict.ts";
import { runSegmentTrainCommand, type SegmentTrainOptions } from "../../src/commands/segmentTrain.ts";
import { listen, net } from "./netSession.ts";
import { rgb16Tiff } from "./rgb16Tiff.ts";
import { SIZE, writeScene, writeScenes } from "./textureScene.ts";
import { filesIn } from "./workFolder.ts";

describe("materiome segment train --learner unet", () => {
  it("learns, scores images held out, shows them, and digitize finds the phase", async () => {
    const { at, files, labels } = await writeScenes(4);
    const [model, report] = [at("net.model.json"), at("report.html")];
    const { session, results, warnings } = listen();
    const three = { ...net, epochs: 2, learningRate: 0.004, labels: labels.slice(0, 3), out: model, report };
    await runSegmentTrainCommand(files.slice(0, 3), three, session);
    expect(warnings).toEqual([]);
    const [result] = results as [
      { classes: { heldOutIou: number }[]; heldOut: { role: string }[]; split: Record<string, string[]> },
    ];
    const asItWas = { learner: "unet", nImages: 3, filters: [4, 8], learningRate: 0.004 };
    expect(result).toMatchObject({ ...asItWas, split: { heldOut: "images" } });
    expect(result.heldOut.map(({ role }) => role)).toEqual(["validation", "test"]);
    expect(result.classes[0]?.heldOutIou).toBeGreaterThan(0.85);
    expect(result.classes[1]?.heldOutIou).toBeGreaterThan(0.6);
    expect(result).toHaveProperty("learningCurve.1.epoch", 2);
    const page = await readFile(report, "utf8");
    for (const text of ["Learning curve", "Learning rate: at most 0.004.", "Found, and wrong", "data:image/jpeg"]) {
      expect(page).toContain(text);
    }
    expect(await filesIn(at(""))).not.toContain("net.model.json.checkpoint.json");

    const heard = listen();
    const asked = { out: at("out"), method: "auto", model, pixelSize: 0.1 } as const;
    await runDigitizeCommand([files[3]!], asked, heard.session, () => undefined);
    expect(heard.results[0]).toMatchObject({ images: [{ method: "model", kind: "particles" }], skipped: [] });
    const found = (await readLabelImage(at("out/field-3.labels.tif"))).labels.data;
    const truth = (await readLabelImage(labels[3]!)).labels.data;
    const right = found.filter((label, i) => label > 0 === (truth[i] === 2)).length / found.length;
    expect(right).toBeGreaterThan(0.9);

    // Elsewhere: what the net gives for grey of 0 … 1, which this one takes in its ranges.
    const exported = listen();
    await runExportCommand(model, { onnx: at("net.onnx"), precision: "float64" }, exported.session);
    expect(exported.results[0]).toMatchObject({ classes: ["matrix", "rough"], description: at("net.json") });
    const told = JSON.parse(await readFile(at("net.json"), "utf8"));
    expect(told).toMatchObject({
      input: { channels: 1 },
      tiling: { multiple: 2 },
      targets: [{ labels: ["matrix", "rough"] }],
    });
    const classifier = await loadClassifier({ path: model, readerModule: import.meta.resolve("@materiome/forward") });
    const grey = createRaster(
      Float32Array.from({ length: 15 * 11 }, (_, i) => ((i * 37) % 101) / 100),
      15,
      11,
    );
    const [{ low, high }] = told.network.preparation.ranges;
    const inRange = { ...grey, data: grey.data.map((v) => (v - low) / (high - low)) };
    const elsewhere = await readOnnxSegmenter(await readFile(at("net.onnx")), told);
    const [theirs, ours] = [await elsewhere.segmentTile(inRange), await classifier.segmentTile(grey)];
    expect(Math.max(...theirs.data.map((p, i) => Math.abs(p - ours.data[i]!)))).toBeLessThan(1e-4);
    await elsewhere.close();
    const checked = { onnx: at("net.onnx"), precision: "float64", check: "rows.csv" } as const;
    await expect(runExportCommand(model, checked, exported.session)).rejects.toThrow(/the model segments images/);

    const predicted = listen();
    const codes: number[] = [];
    const check = { model, out: at("classes"), labels: [labels[3]!, labels[2]!], probabilities: true };
    const bad = at("bad.png");
    await writeFile(bad, "no image");
    await runSegmentPredictCommand([files[3]!, bad], check, predicted.session, (code) => codes.push(code));
    const [document] = predicted.results as [{ images: { microIou: number; classes: { fraction: number }[] }[] }];
    expect(document).toMatchObject({ classes: ["matrix", "rough"], skipped: [{ file: bad }] });
    expect(document.images[0]!.microIou).toBeGreaterThan(0.85);
    const share = truth.filter((label) => label === 2).length / truth.length;
    expect(Math.abs(document.images[0]!.classes[1]!.fraction - share)).toBeLessThan(0.05);
    expect(codes).toEqual([4]);
    const names = ["labels.tif", "overlay.png", "probabilities.tif", "uncertainty.tif"].map((end) => `field-3.${end}`);
    expect((await filesIn(at("classes"))).sort()).toEqual([...names, "summary.json"].sort());
    const classes = (await readLabelImage(at("classes/field-3.labels.tif"))).labels;
    expect(new Set(classes.data)).toEqual(new Set([1, 2]));
    // What was predicted is labels to train on.
    const wrong = { ...check, labels: [at("classes/field-3.labels.tif")], model, out: at("again") };
    await runSegmentPredictCommand([files[3]!], wrong, predicted.session, () => undefined);
    expect(predicted.results[1]).toMatchObject({ microIou: 1, iou: [1, 1] });
    await writeLabelTiff(at("third.labels.tif"), createRaster(new Uint32Array(SIZE * SIZE).fill(3), SIZE, SIZE));
    // One of three was learned from, one chose the epoch: their scores are kept apart, under another name too.
    const [train, validation] = ["train", "validation"].map((role) => result.split[role]![0]!);
    await copyFile(train!, at("copy.png"));
    const own = listen();
    const some = [at("copy.png"), validation!, files[3]!];
    const ownLabels = some.map((file) => labels[files.indexOf(file === some[0] ? train! : file)]!);
    await rename(ownLabels[0]!, at("copy.labels.tif"));
    ownLabels[0] = at("copy.labels.tif");
    const askedOwn = { model, out: at("own"), labels: ownLabels };
    await runSegmentPredictCommand(some, askedOwn, own.session, () => undefined);
    const both = own.results[0] as typeof document & { microIou: number; learnedFrom: { microIou: number } };
    expect(both.images).toMatchObject([true, true, false].map((isLearnedFrom) => ({ isLearnedFrom })));
    expect(both).toMatchObject({ nImages: 1, microIou: both.images[2]!.microIou, learnedFrom: { nImages: 2 } });
    expect(both.learnedFrom.microIou).toBeCloseTo((both.images[0]!.microIou + both.images[1]!.microIou) / 2, 12);
    expect(own.warnings.join()).toMatch(/2 of 3 images are among those that the model has learned from/);
    const { learnedFrom: _, ...earlier } = JSON.parse(await readFile(model, "utf8"));
    await writeFile(at("earlier.json"), JSON.stringify(earlier));
    const unsaid = listen();
    await runSegmentPredictCommand(some, { ...askedOwn, model: at("earlier.json") }, unsaid.session, () => undefined);
    expect(unsaid.results[0]).toMatchObject({
      nImages: 3,
      learnedFrom: null,
      images: [{ isLearnedFrom: null }, {}, {}],
    });
    expect(unsaid.warnings.join()).toMatch(/earlier.json does not say which images it has learned from/);
    const strange = { ...check, labels: [at("third.labels.tif")], out: at("untouched") };
    const refused = runSegmentPredictCommand([files[3]!], strange, predicted.session, () => undefined);
    await expect(refused).rejects.toThrow(/holds label 3, but there are 2 classes/);
    expect(await filesIn(at("untouched"))).toEqual([]); // before anything is segmented
  });

  it("learns from coloured pictures too, of different sizes and 16 bits", async () => {
    const { at } = await writeScenes(0);
    const random = createRandom(9);
    const files: string[] = [];
    const labels: string[] = [];
    for (const [k, [width, height]] of [
      [64, 48],
      [40, 56],
      [24, 20],
    ].entries() as Iterable<[number, [number, number]]>) {
      const isRed = (i: number): boolean => ((i % width) + 2 * Math.floor(i / width)) % 40 < 20;
      const pixels = Uint16Array.from({ length: 3 * width * height }, (_, j) => {
        const value = (j % 3 === 0) === isRed(Math.floor(j / 3)) ? 0.6 : 0.4;
        return Math.round(65_535 * Math.min(1, Math.max(0, value + 0.05 * random.normal())));
      });
      files.push(at(`colour-${k}.tif`));
      labels.push(at(`colour-${k}.labels.tif`));
      await writeFile(files[k]!, rgb16Tiff(pixels, width, height));
      const truth = Uint32Array.from({ length: width * height }, (_, i) => (isRed(i) ? 2 : 1));
      await writeLabelTiff(labels[k]!, createRaster(truth, width, height));
    }
    const { session, results, warnings } = listen();
    const asked = { ...net, classes: ["green", "red"], normalise: "image", epochs: 2, patch: 24 } as const;
    await runSegmentTrainCommand(files, { ...asked, labels, out: at("m.json"), test: [files[2]!] }, session);
    expect(warnings.join()).toMatch(/colour-2.tif is smaller than a patch of 24 px/);
    expect(results[0]).toMatchObject({ split: { heldOut: "bands", test: [files[2]] } });
    const { heldOutMicroIou } = results[0] as { heldOutMicroIou: number };
    expect(heldOutMicroIou).toBeGreaterThan(0.8);
    await writeScene(at("grey.png"), 1);
    const grey = listen();
    const predict = { model: at("m.json"), out: at("out") };
    await runSegmentPredictCommand([at("grey.png")], predict, grey.session, (code) => expect(code).toBe(3));
    expect(grey.warnings.join()).toMatch(
      /the image is grey, those the model was trained on were coloured; .* --other-colour convert/,
    );
  });

  it("starts from a net of related images, with how they are prepared", async () => {
    const { at, files, labels } = await writeScenes(1);
    const first = { ...net, patch: 16, normalise: "image", epochs: 1, labels, out: at("first.json") } as const;
    await runSegmentTrainCommand(files, first, listen().session);
    const { filters: _, normalise: __, ...rest } = first;
    const next = { ...rest, out: at("next.json"), pretrained: at("first.json") };
    const heard = listen();
    await runSegmentTrainCommand(files, next, heard.session);
    const read = async (name: string) => JSON.parse(await readFile(at(name), "utf8"));
    expect((await read("next.json")).params).toEqual((await read("first.json")).params);
    expect((await read("first.json")).learnedFrom).toHaveLength(2); // a file, and its pixels
    const { learnedFrom, ...silent } = await read("first.json");
    await writeFile(at("first.json"), JSON.stringify({ ...silent, learnedFrom: ["of another image"] }));
    await runSegmentTrainCommand(files, next, heard.session);
    expect((await read("next.json")).learnedFrom).toEqual(["of another image", ...learnedFrom]);
    await writeFile(at("first.json"), JSON.stringify(silent));
    await runSegmentTrainCommand(files, next, heard.session);
    expect(heard.warnings.join()).toMatch(/first.json does not say which images it has learned from/);
    const losses = heard.results[0] as { learningCurve: { trainingLoss: number }[] };
    const fresh = listen();
    await runSegmentTrainCommand(files, { ...first, out: at("fresh.json") }, fresh.session);
    const others = fresh.results[0] as typeof losses;
    expect(losses.learningCurve[0]!.trainingLoss).toBeLessThan(others.learningCurve[0]!.trainingLoss);
    const refuse = (options: object) => runSegmentTrainCommand(files, { ...next, ...options }, listen().session);
    await expect(refuse({ filters: [8, 8] })).rejects.toThrow(/first.json has 4,8; leave --filters out/);
    await expect(refuse({ normalise: "none" })).rejects.toThrow(/was trained with image; leave --normalise out/);
    await expect(refuse({ pretrained: at("none.json") })).rejects.toThrow(/none.json/);
  });

  it("stopped, it keeps what is learned; with --resume it ends with the same model as in one go", async () => {
    const { at, files, labels } = await writeScenes(1);
    const options = { ...net, patch: 16, epochs: 2, labels };
    const whole = listen();
    await runSegmentTrainCommand(files, { ...options, out: at("whole.json") }, whole.session);
    expect(whole.warnings.join()).toContain("nothing tells how well it segments another image");
    expect(whole.results[0]).toMatchObject({ split: { heldOut: "bands" }, classes: [{ heldOutIou: null }, {}] });

    const controller = new AbortController();
    let steps = 0;
    const stopped = listen(controller.signal, () => {
      if (++steps === 50) controller.abort(new Error("enough"));
    });
    const part = { ...options, out: at("part.json") };
    await expect(runSegmentTrainCommand(files, part, stopped.session)).rejects.toThrow("enough");
    expect(stopped.notes.join()).toContain("1 of 2 epochs are kept");
    const resume = { ...part, resume: true };
    const other = runSegmentTrainCommand(files, { ...resume, epochs: 3 }, listen().session);
    await expect(other).rejects.toThrow(/was stopped with other epochs/);
    const slower = runSegmentTrainCommand(files, { ...resume, learningRate: 0.001 }, listen().session);
    await expect(slower).rejects.toThrow(/was stopped with other learningRate/);
    const resumed = listen();
    await runSegmentTrainCommand(files, resume, resumed.session);
    expect(resumed.notes.join()).toContain("goes on after epoch 1 of 2");
    expect(await readFile(at("part.json"), "utf8")).toBe(await readFile(at("whole.json"), "utf8"));
    await expect(runSegmentTrainCommand(files, resume, listen().session)).rejects.toThrow(/checkpoint/);
  });

  it("refuses options of other learners, patches that do not fit, images that are not there, damaged nets", async () => {
    const { at, files, labels } = await writeScenes(1);
    const refuse = (options: Partial<SegmentTrainOptions>) =>
      runSegmentTrainCommand(files, { ...net, labels, out: at("m.json"), ...options }, listen().session);
    await expect(refuse({ trees: 5 })).rejects.toThrow("--trees is for --learner forest or boosting, not for unet");
    const rate = { learner: "forest", filters: undefined, learningRate: 0.001 } as never;
    await expect(refuse(rate)).rejects.toThrow("--learning-rate is for --learner unet, not for forest");
    await expect(refuse({ classes: ["matrix,rough"] })).rejects.toThrow(
      "--classes matrix,rough: is one name; put spaces between names: --classes matrix rough",
    );
    await expect(refuse({ learner: "forest" })).rejects.toThrow("--filters is for --learner unet, not for forest");
    await expect(refuse({ filters: [8, 8, 8, 8], patch: 60 })).rejects.toThrow(
      /must be a multiple of 8, for example 64/,
    );
    await expect(refuse({ augment: ["none", "flip"] })).rejects.toThrow(/--augment none flip: none and further steps/);
    await expect(refuse({ validation: ["other.png"] })).rejects.toThrow(/other.png: is none of the micrographs/);
    await expect(refuse({ resume: true })).rejects.toThrow(/no training that was stopped is kept there/);
    const swapped = { ...net, labels: ["b.labels.tif", "a.labels.tif"], out: at("m.json") };
    const inOrder = runSegmentTrainCommand(["a.png", "b.png"], swapped, listen().session);
    await expect(inOrder).rejects.toThrow(/b.labels.tif: comes with the micrograph a.png, but is named after b.png/);
    const nothing = at("field-0-empty.tif");
    await writeLabelTiff(nothing, createRaster(new Uint32Array(SIZE * SIZE), SIZE, SIZE));
    const heard = listen();
    const empty = runSegmentTrainCommand(files, { ...net, labels: [nothing], out: at("m.json") }, heard.session);
    await expect(empty).rejects.toThrow(/too few labelled pixels/);
    expect(heard.warnings.join()).toMatch(/field-0-empty.tif: labels no pixel; nothing is learned from .*field-0.png/);
    for (const [type, says] of [
      ["pixel-classifier", /holds trees on features of pixels/],
      ["pretrained-net", /holds a net to start from/],
    ] as const) {
      await writeFile(at("m.json"), JSON.stringify({ type: `materiome/${type}`, version: 1 }));
      const exported = runExportCommand(at("m.json"), { onnx: at("m.onnx"), precision: "float64" }, listen().session);
      await expect(exported).rejects.toThrow(says);
    }
    await writeFile(at("m.json"), JSON.stringify({ type: "materiome/trained-segmenter", version: 1, params: {} }));
    const digitize = runDigitizeCommand(
      files,
      { out: at("out"), method: "auto", model: at("m.json") },
      listen().session,
      () => undefined,
    );
    await expect(digitize).rejects.toThrow(/m\.json: is no model of segment train that can be read/);
  });
});
