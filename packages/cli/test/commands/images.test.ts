import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createRandom, createRaster } from "@materiome/core";
import { writeMicrographPng } from "@materiome/microstructure";
import { describe, expect, it } from "vitest";
import { runExportCommand } from "../../src/commands/export.ts";
import { runImagesPredictCommand } from "../../src/commands/imagesPredict.ts";
import { runImagesTrainCommand } from "../../src/commands/imagesTrain.ts";
import { loadModel } from "../../src/input/loadModel.ts";
import type { Session } from "../../src/terminal/session.ts";
import { filesIn, workFolder } from "./workFolder.ts";

function listen(signal = new AbortController().signal, onProgress: (stage: string) => void = () => undefined) {
  const [notes, warnings, results] = [[] as string[], [] as string[], [] as Record<string, unknown>[]];
  const ignore = (): void => undefined;
  const session = {
    ...{ seed: 1, threads: 1, signal, output: ignore, say: ignore },
    onProgress: ({ stage }: { readonly stage: string }) => onProgress(stage),
    note: (text: string) => notes.push(text),
    warn: (text: string) => warnings.push(text),
    result: (document: Record<string, unknown>) => results.push(document),
  };
  return { session: session as unknown as Session, notes, warnings, results };
}

const SIZE = 16;

/** Stripes across or down, of the brightness given, in noise. */
async function stripes(file: string, isDown: boolean, brightness: number, seed: number): Promise<void> {
  const random = createRandom(seed);
  const phase = random.int(4);
  const grey = Float32Array.from({ length: SIZE * SIZE }, (_, i) => {
    const at = isDown ? i % SIZE : Math.floor(i / SIZE);
    return Math.min(1, Math.max(0, brightness + ((at + phase) % 4 < 2 ? 0.15 : -0.15) + 0.02 * random.normal()));
  });
  await mkdir(dirname(file), { recursive: true });
  await writeMicrographPng(file, createRaster(grey, SIZE, SIZE));
}

/** Folder `defects` with two classes, and `samples.csv` with their brightness. */
async function scene() {
  const folder = await workFolder();
  const at = (name: string): string => join(folder, name);
  const rows = ["file,Direction,Brightness (%),Coil"];
  for (let k = 0; k < 30; k++) {
    const [isDown, brightness] = [k % 2 === 0, 0.3 + 0.4 * createRandom(k).next()];
    const name = `defects/${isDown ? "down" : "across"}/${k}.png`;
    await stripes(at(name), isDown, brightness, k);
    rows.push(`${name},${isDown ? "down" : "across"},${(100 * brightness).toFixed(2)},coil ${Math.floor(k / 2)}`);
  }
  await writeFile(at("samples.csv"), rows.join("\n"));
  return { at };
}

const small = { filters: [4, 8], views: "none" as const, augment: ["contrast"] };

describe("materiome images", () => {
  it("learns classes from a folder, scores images held out beside simpler ways, shows them, and predicts", async () => {
    const { at } = await scene();
    const { session, results, warnings } = listen();
    const asked = { ...small, epochs: 40, out: at("m.json"), report: at("r.html") };
    await runImagesTrainCommand(at("defects"), asked, session);
    expect(warnings).toEqual([]);
    const [result] = results as [{ heldOut: { accuracy: number; confusion: number[][] }; split: { test: number } }];
    expect(result).toMatchObject({ kind: "classes", nImages: 30, calibration: { n: expect.any(Number) } });
    expect(result.heldOut.accuracy).toBeGreaterThan(0.8);
    expect(result.heldOut.confusion.flat().reduce((a, b) => a + b)).toBe(result.split.test);
    expect(result).toHaveProperty("baselines.1.name", "shares of the classes");
    const page = await readFile(at("r.html"), "utf8");
    for (const text of ["What is taken for what", "Do the probabilities hold?", "data:image/jpeg", "Learning curve"]) {
      expect(page).toContain(text);
    }
    expect(await filesIn(at(""))).not.toContain("m.json.checkpoint.json");

    const exported = listen();
    const onnx = { onnx: at("net.onnx"), precision: "float64" } as const;
    await runExportCommand(at("m.json"), onnx, exported.session);
    expect(exported.results[0]).toMatchObject({ labels: ["across", "down"], output: "probabilities" });
    expect(JSON.parse(await readFile(at("net.json"), "utf8"))).toMatchObject({
      input: { width: SIZE, height: SIZE },
      network: { preparation: { channels: "grey" } },
    });
    const replacing = runExportCommand(at("m.json"), { ...onnx, onnx: at("m.onnx") }, exported.session);
    await expect(replacing).rejects.toThrow(/would replace the model/);
    const checked = runExportCommand(at("m.json"), { ...onnx, check: "rows.csv" }, exported.session);
    await expect(checked).rejects.toThrow(/tells classes or values of images/);

    await stripes(at("new/1.png"), true, 0.5, 99);
    await writeFile(at("new/bad.png"), "no image");
    await writeMicrographPng(at("new/wide.png"), createRaster(new Float32Array(20 * 16).fill(0.4), 20, 16));
    const [heard, codes] = [listen(), [] as number[]];
    const predict = { model: at("m.json"), out: at("p.csv") };
    await runImagesPredictCommand([at("new")], predict, heard.session, (code) => codes.push(code));
    expect(heard.results[0]).toMatchObject({ images: [{ file: at("new/1.png"), prediction: "down" }] });
    expect(heard.warnings.join("\n")).toMatch(/bad\.png/);
    expect(heard.warnings.join("\n")).toMatch(/wide\.png: has 20 × 16 px, others 16 × 16/);
    expect(codes).toEqual([4]);
    const [head, row] = (await readFile(at("p.csv"), "utf8")).split("\n");
    expect(head).toBe("file,prediction,probability,probability across,probability down,in_domain,domain_score");
    expect(row).toContain("new/1.png,down,");

    const scored = listen();
    await runImagesPredictCommand(
      [at("defects")],
      { model: at("m.json"), score: true },
      scored.session,
      () => undefined,
    );
    const nKnown = 30 - result.split.test;
    expect(scored.warnings.join()).toContain(`${nKnown} of 30 images are among those that the model has learned from`);
    const [apart] = scored.results as [{ images: { learned_from: string }[] }];
    // Those held out in training are new to the model: the same score.
    expect(apart).toMatchObject({ scores: { n: result.split.test, accuracy: result.heldOut.accuracy } });
    expect(apart).toMatchObject({ learnedFrom: { nImages: nKnown, scores: { n: nKnown } } });
    expect(apart.images.filter(({ learned_from }) => learned_from === "yes")).toHaveLength(nKnown);
    await expect(loadModel(at("m.json"))).rejects.toThrow(/network of whole images; use materiome images predict/);
    const other = runImagesPredictCommand([at("new")], { model: at("samples.csv") }, listen().session, () => undefined);
    await expect(other).rejects.toThrow(/samples.csv/);
  });

  it("learns values from a table, with intervals; stopped, it goes on with --resume to the same model", async () => {
    const { at } = await scene();
    const options = {
      ...{ ...small, augment: ["none"], epochs: 4, learningRate: 0.002 },
      ...{ target: ["Brightness"], group: ["Coil"], level: 0.5 },
    };
    const whole = listen();
    await runImagesTrainCommand(
      at("samples.csv"),
      { ...options, out: at("whole.json"), report: at("r.html") },
      whole.session,
    );
    expect(whole.results[0]).toMatchObject({
      kind: "values",
      learningRate: 0.002,
      nGroups: 15,
      targets: [{ name: "Brightness", unit: "%" }],
    });
    const [{ heldOutValues }] = whole.results as [{ heldOutValues: { n: number; mae: number; coverage: number }[] }];
    expect(heldOutValues[0]).toMatchObject({ level: 0.5, coverage: expect.any(Number) });
    const page = await readFile(at("r.html"), "utf8");
    for (const text of ["Largest errors", "Learning rate: at most 0.002."]) expect(page).toContain(text);

    const controller = new AbortController();
    let steps = 0;
    const stopped = listen(controller.signal, (stage) => {
      if (stage === "image regressor" && ++steps === 4) controller.abort(new Error("enough"));
    });
    const part = { ...options, out: at("part.json") };
    await expect(runImagesTrainCommand(at("samples.csv"), part, stopped.session)).rejects.toThrow("enough");
    expect(stopped.notes.join()).toMatch(/of 4 epochs are kept/);
    const changed = runImagesTrainCommand(at("samples.csv"), { ...part, resume: true, epochs: 5 }, listen().session);
    await expect(changed).rejects.toThrow(/was stopped with other epochs/);
    const slower = { ...part, resume: true, learningRate: 0.001 };
    await expect(runImagesTrainCommand(at("samples.csv"), slower, listen().session)).rejects.toThrow(
      /was stopped with other learningRate/,
    );
    await runImagesTrainCommand(at("samples.csv"), { ...part, resume: true }, listen().session);
    expect(await readFile(at("part.json"), "utf8")).toBe(await readFile(at("whole.json"), "utf8"));

    const scored = listen();
    const score = { model: at("part.json"), score: true };
    await runImagesPredictCommand([at("samples.csv")], score, scored.session, () => undefined);
    const { test } = (whole.results[0] as { split: { test: number } }).split;
    expect(scored.results[0]).toMatchObject({
      scores: [{ name: "Brightness", n: test, level: expect.any(Number) }],
      learnedFrom: { nImages: 30 - test, scores: [{ n: 30 - test }] },
    });
  });

  it("scores every image in one of several folds, whole groups together, and goes on in the fold where it was stopped", async () => {
    const { at } = await scene();
    const asked = { ...small, epochs: 2, target: ["Direction"], group: ["Coil"], folds: 3, report: at("r.html") };
    const whole = listen();
    await runImagesTrainCommand(at("samples.csv"), { ...asked, out: at("whole.json") }, whole.session);
    const [result] = whole.results as [{ heldOut: { n: number }; folds: { n: number; accuracy: number }[] }];
    expect(result).toMatchObject({ nGroups: 15, split: { test: 0 }, heldOut: { n: 30 } });
    expect(result.folds.map(({ n }) => n).reduce((a, b) => a + b)).toBe(30);
    expect(whole.notes.filter((text) => /^fold \d of 3, 10 images held out/.test(text))).toHaveLength(3);
    expect(await readFile(at("r.html"), "utf8")).toContain("all scored in 3 folds");
    expect((await filesIn(at(""))).filter((name) => name.includes("checkpoint"))).toEqual([]);

    const controller = new AbortController();
    let steps = 0;
    const stopped = listen(controller.signal, (stage) => {
      if (stage === "image classifier" && ++steps === 4) controller.abort(new Error("enough"));
    });
    const part = { ...asked, out: at("part.json") };
    await expect(runImagesTrainCommand(at("samples.csv"), part, stopped.session)).rejects.toThrow("enough");
    await runImagesTrainCommand(at("samples.csv"), { ...part, resume: true }, listen().session);
    expect(await readFile(at("part.json"), "utf8")).toBe(await readFile(at("whole.json"), "utf8"));
    const many = runImagesTrainCommand(at("samples.csv"), { ...asked, out: at("m.json"), folds: 16 }, listen().session);
    await expect(many).rejects.toThrow(/16 folds of 15 groups/);
  });

  it("says which images are unlike those that it learned from", async () => {
    const { at } = await scene();
    const { session, results } = listen();
    await runImagesTrainCommand(at("defects"), { ...small, epochs: 40, out: at("m.json") }, session);
    expect(results[0]).toMatchObject({ domain: { k: 5, limit: expect.any(Number) } });
    for (let k = 0; k < 8; k++) await stripes(at(`new/like-${k}.png`), k % 2 === 0, 0.35 + 0.04 * k, 90 + k);
    const random = createRandom(5);
    const speckle = Float32Array.from({ length: SIZE * SIZE }, () => random.next());
    await writeMicrographPng(at("new/unlike.png"), createRaster(speckle, SIZE, SIZE));
    const heard = listen();
    await runImagesPredictCommand([at("new")], { model: at("m.json") }, heard.session, () => undefined);
    const [found] = heard.results as [{ images: { in_domain: string; domain_score: number }[] }];
    const [unlike, ...like] = [...found.images].reverse();
    expect(unlike?.in_domain).toBe("no");
    expect(like.filter(({ in_domain }) => in_domain === "yes").length).toBeGreaterThanOrEqual(5);
    expect(heard.warnings.join()).toMatch(/of 9 images are unlike/);
  });

  it("refuses what it cannot learn from, and says what to do", async () => {
    const { at } = await scene();
    const refuse = (path: string, options: object) =>
      expect(runImagesTrainCommand(at(path), { out: at("m.json"), ...options }, listen().session)).rejects;
    await refuse("defects", { target: ["x"] }).toThrow(/--target is for a table of images/);
    await refuse("defects/down", {}).toThrow(/has 0 sub-folders; expected one for each/);
    await refuse("samples.csv", {}).toThrow(/name what the images show with --target/);
    await refuse("samples.csv", { target: ["Direction", "Brightness"] }).toThrow(
      /classes are learned one column at a time/,
    );
    await refuse("defects", { fit: "crop" }).toThrow(/say with --size what is cut out/);
    await refuse("defects", { augment: ["none", "flip"] }).toThrow(/contradict each other/);
    await writeFile(at("missing.csv"), "picture,y\na.png,1\nb.png,2");
    await refuse("missing.csv", { target: ["y"] }).toThrow(
      /say with --image-column which of its columns \(picture, y\)/,
    );
    const named = { target: ["y"], imageColumn: "picture" };
    await refuse("missing.csv", named).toThrow(/missing.csv, row 2: 2 of 2 images are not there, first .*a.png/);
    await mkdir(at("lone/a"), { recursive: true });
    await mkdir(at("lone/b"), { recursive: true });
    for (let k = 0; k < 4; k++) await stripes(at(`lone/a/${k}.png`), true, 0.5, k);
    await stripes(at("lone/b/0.png"), false, 0.5, 9);
    await refuse("lone", {}).toThrow(/too few images of b \(1\)/);
    await writeMicrographPng(at("lone/b/1.png"), createRaster(new Float32Array(400).fill(0.5), 20, 20));
    await refuse("lone", {}).toThrow(/1.png: has 20 × 20 px, others 16 × 16; .*--fit resize/);
  });
});
