import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRandom, createRaster } from "@materiome/core";
import { readLabelImage, writeLabelTiff, writeMicrographPng } from "@materiome/microstructure";
import { annotateRegions, labelMeJson } from "@materiome/microstructure/annotations";
import { describe, expect, it } from "vitest";
import { runSegmentTrainCommand } from "../../src/commands/segmentTrain.ts";
import type { Session } from "../../src/terminal/session.ts";
import { runCli } from "./runCli.ts";
import { SIZE, writeScene } from "./textureScene.ts";
import { filesIn, workFolder } from "./workFolder.ts";

describe("materiome segment train", () => {
  it("learns from label images and polygons, scores on the image held out, and digitize finds the phase", async () => {
    const cwd = await workFolder();
    const at = (name: string): string => join(cwd, name);
    const one = await writeScene(at("one.png"), 1);
    await writeLabelTiff(at("one.labels.tif"), createRaster(one, SIZE, SIZE));
    const two = createRaster(await writeScene(at("two.png"), 2), SIZE, SIZE);
    const outlines = annotateRegions(two, { classOf: (label) => (label === 1 ? "matrix" : "rough") });
    await writeFile(at("two.json"), JSON.stringify(labelMeJson(outlines)));
    const truth = await writeScene(at("new.png"), 3);

    const train = await runCli(
      [
        "segment",
        "train",
        "one.png",
        "two.png",
        "--labels",
        "one.labels.tif",
        "two.json",
        "--classes",
        "matrix",
        "rough",
      ].concat(["--samples", "600", "--trees", "20", "--normalise", "none", "--out", "rough.model.json", "--json"]),
      { cwd },
    );
    expect(train.code, train.stderr).toBe(0);
    const { classes } = JSON.parse(train.stdout);
    expect(classes.map(({ name }: { name: string }) => name)).toEqual(["matrix", "rough"]);
    for (const { heldOutIou } of classes) expect(heldOutIou).toBeGreaterThan(0.75);

    const args = [
      "digitize",
      "new.png",
      "--pixel-size",
      "0.1",
      "--model",
      "rough.model.json",
      "--out",
      "out",
      "--json",
    ];
    const { code, stdout, stderr } = await runCli(args, { cwd });
    expect(code, stderr).toBe(0);
    const [image] = JSON.parse(stdout).images;
    expect(image).toMatchObject({ method: "model", kind: "particles", grainSizeNumber: null });
    const fraction = truth.filter((value) => value === 2).length / truth.length;
    const { phaseFractions } = image;
    expect(phaseFractions[1]).toMatchObject({ phase: "rough" });
    expect(Math.abs(phaseFractions[1].fraction - fraction)).toBeLessThan(0.05);
    const report = await readFile(join(cwd, "out/report.html"), "utf8");
    // The share of the phase, not that of the matrix, which stands first.
    expect(report).toContain(`<td>rough ${(100 * phaseFractions[1].fraction).toFixed(2)} %</td>`);
    expect(report).toContain("1 field, 0 skipped");
    expect(await filesIn(join(cwd, "out"))).toContain("new.uncertainty.tif");
    const { labels } = await readLabelImage(join(cwd, "out/new.labels.tif"));
    const isSame = labels.data.filter((value, i) => value > 0 === (truth[i] === 2)).length / truth.length;
    expect(isSame).toBeGreaterThan(0.93);
    expect((await readFile(join(cwd, "out/new.grains.csv"), "utf8")).split("\n")[0]).toMatch(/,phase$/);
  });

  it("learns by boosting as well: the model is stored, read, and segments", async () => {
    const cwd = await workFolder();
    const at = (name: string): string => join(cwd, name);
    await writeLabelTiff(at("one.labels.tif"), createRaster(await writeScene(at("one.png"), 1), SIZE, SIZE));
    const truth = await writeScene(at("new.png"), 3);
    const train = await runCli(
      ["segment", "train", "one.png", "--labels", "one.labels.tif"]
        .concat(["--classes", "matrix", "rough", "--samples", "600", "--learner", "boosting", "--trees", "20"])
        .concat(["--normalise", "none", "--out", "rough.model.json", "--json"]),
      { cwd },
    );
    expect(train.code, train.stderr).toBe(0);
    expect(JSON.parse(train.stdout).learner).toBe("boosting");
    const model = JSON.parse(await readFile(at("rough.model.json"), "utf8"));
    expect(JSON.stringify(model)).toContain('"boosting":{"edges"');
    const { code, stderr } = await runCli(
      ["digitize", "new.png", "--pixel-size", "0.1", "--model", "rough.model.json", "--out", "out"],
      { cwd },
    );
    expect(code, stderr).toBe(0);
    const { labels } = await readLabelImage(at("out/new.labels.tif"));
    const isSame = labels.data.filter((value, i) => value > 0 === (truth[i] === 2)).length / truth.length;
    expect(isSame).toBeGreaterThan(0.9);
  });

  it("boosting learns from two short strokes, in few rounds, and digitize finds the particles", async () => {
    const cwd = await workFolder();
    const size = 64;
    const random = createRandom(5);
    const disks = [16, 48].flatMap((y) => [16, 48].map((x) => [x, y] as const));
    const inDisk = (i: number): boolean =>
      disks.some(([x, y]) => Math.hypot((i % size) - x, Math.floor(i / size) - y) < 8);
    const grey = Float32Array.from({ length: size * size }, (_, i) => (inDisk(i) ? 0.7 : 0.3) + 0.03 * random.normal());
    await writeMicrographPng(join(cwd, "one.png"), createRaster(grey, size, size));
    const strokes = new Uint32Array(size * size);
    strokes.fill(1, 32 * size + 17, 32 * size + 47); // 30 pixels between the disks
    for (const y of [15, 17]) strokes.fill(2, y * size + 12, y * size + 21); // 18 in one
    await writeLabelTiff(join(cwd, "strokes.tif"), createRaster(strokes, size, size));
    const train = ["segment", "train", "one.png", "--labels", "strokes.tif", "--classes", "matrix", "particle"];
    const trained = await runCli(train.concat(["--learner", "boosting", "--trees", "5", "--out", "m.json", "--json"]), {
      cwd,
    });
    expect(trained.code, trained.stderr).toBe(0);
    expect(JSON.parse(trained.stdout).classes).toMatchObject([{ nSampled: 30 }, { nSampled: 18 }]);
    const args = ["digitize", "one.png", "--pixel-size", "0.1", "--model", "m.json", "--out", "out", "--json"];
    const { code, stdout, stderr } = await runCli(args, { cwd });
    expect(code, stderr).toBe(0);
    const [image] = JSON.parse(stdout).images;
    const truth = grey.filter((_, i) => inDisk(i)).length / grey.length;
    expect(Math.abs(image.phaseFractions[1].fraction - truth)).toBeLessThan(0.05);
  });

  it("refuses more trees than the learner takes before it looks for the images", async () => {
    const options = { labels: ["none.tif"], classes: ["a", "b"], out: "m.json" };
    for (const [learner, trees, most] of [
      ["boosting", 20_000, 10_000],
      ["forest", 32_001, 32_000],
    ] as const) {
      const refused = runSegmentTrainCommand(["none.png"], { ...options, learner, trees }, {} as Session);
      await expect(refused).rejects.toMatchObject({
        code: "USAGE",
        message: `--trees must be at most ${most} with --learner ${learner}, got ${trees}`,
      });
    }
  });

  it("refuses labels of another size and a file that is no model, naming them", async () => {
    const cwd = await workFolder();
    await writeScene(join(cwd, "one.png"), 1);
    await writeLabelTiff(join(cwd, "small.labels.tif"), createRaster(new Uint32Array(100).fill(1), 10, 10));
    const args = ["--labels", "small.labels.tif", "--classes", "a", "b", "--out", "m.json"];
    const train = await runCli(["segment", "train", "one.png", ...args], { cwd });
    expect(train.code).toBe(3);
    expect(train.stderr).toContain("small.labels.tif: has 10 × 10 px, its micrograph one.png 96 × 96");
    await writeFile(join(cwd, "m.json"), "{}");
    const digitize = await runCli(["digitize", "one.png", "--model", "m.json", "--out", "out"], { cwd });
    expect(digitize.code).toBe(3);
    expect(digitize.stderr).toContain("m.json: readMicrographSegmenter: the file holds no type");
  });
});
