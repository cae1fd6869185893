import { readFile, writeFile } from "node:fs/promises";
import { loadClassifier } from "@materiome/microstructure";
import { describe, expect, it } from "vitest";
import { runSegmentPretrainCommand } from "../../src/commands/segmentPretrain.ts";
import { runSegmentTrainCommand, type SegmentTrainOptions } from "../../src/commands/segmentTrain.ts";
import { listen, net } from "./netSession.ts";
import { rgb16Tiff } from "./rgb16Tiff.ts";
import { SIZE, writeScenes } from "./textureScene.ts";
import { filesIn } from "./workFolder.ts";

describe("materiome segment pretrain", () => {
  it("restores images without labels, and training starts from there", async () => {
    const { at, files, labels } = await writeScenes(2);
    const small = { filters: [4, 8], patch: 16, epochs: 1 };
    const seen = listen();
    await runSegmentPretrainCommand(files, { ...small, out: at("seen.json") }, seen.session);
    const [found] = seen.results as [{ squaredError: number }];
    expect(found).toMatchObject({ nImages: 2, epochs: 1, normalise: "image" });
    expect(found.squaredError).toBeGreaterThan(0);
    expect(await filesIn(at(""))).not.toContain("seen.json.checkpoint.json");
    const train = { classes: net.classes, learner: "unet", patch: 16, epochs: 1, labels: [labels[0]!] } as const;
    const heard = listen();
    const next = { ...train, out: at("m.json"), pretrained: at("seen.json") };
    await runSegmentTrainCommand([files[0]!], next, heard.session);
    expect(heard.results[0]).toMatchObject({ filters: [4, 8] });
    const refused = runSegmentTrainCommand([files[0]!], { ...next, normalise: "none" }, listen().session);
    await expect(refused).rejects.toThrow(/was trained with image; leave --normalise out/);
    const none = runSegmentPretrainCommand(files, { ...small, patch: 17, out: at("n.json") }, listen().session);
    await expect(none).rejects.toThrow(/must be a multiple of 2, for example 18/);
  });

  it("tells patches apart without labels, and training starts from there", async () => {
    const { at, files, labels } = await writeScenes(2);
    const asked = { filters: [4, 8], patch: 16, epochs: 1, task: "contrast", out: at("seen.json") } as const;
    const seen = listen();
    await runSegmentPretrainCommand(files, asked, seen.session);
    const [found] = seen.results as [{ contrastLoss: number; guessing: number }];
    expect(found.guessing).toBeCloseTo(Math.log(31), 12);
    expect(found.contrastLoss).toBeLessThan(found.guessing);
    const heard = listen();
    const train = { classes: net.classes, learner: "unet", patch: 16, epochs: 1, labels: [labels[0]!] } as const;
    const next = { ...train, out: at("m.json"), pretrained: at("seen.json") };
    await runSegmentTrainCommand([files[0]!], next, heard.session);
    expect(heard.results[0]).toMatchObject({ filters: [4, 8] });
    const drawn = runSegmentPretrainCommand([], { ...asked, synthetic: 5 }, listen().session);
    await expect(drawn).rejects.toThrow(/--task is for images/);
  });

  it("finds grains in drawn pictures, which training starts from and digitize takes too", async () => {
    const { at, files, labels } = await writeScenes(1);
    const small = { filters: [4, 8], patch: 16, epochs: 1, synthetic: 5, grainPx: [20, 40] } as const;
    const heard = listen();
    const asked = { ...small, out: at("grains.json"), report: at("grains.html") };
    await runSegmentPretrainCommand([], asked, heard.session);
    const [found] = heard.results as [{ classes: { name: string; heldOutIou: number }[] }];
    expect(found).toMatchObject({ synthetic: true, nImages: 5, nHeldOut: 1, epochs: 1, normalise: "image" });
    expect(found.classes.map(({ name }) => name)).toEqual(["grain", "boundary"]);
    expect(found.classes[0]!.heldOutIou).toBeGreaterThan(0.5);
    expect(await readFile(at("grains.html"), "utf8")).toContain("drawn ");
    const next = { ...net, filters: undefined, normalise: undefined, patch: 16, epochs: 1, labels } as const;
    const trained = listen();
    const options = { ...next, out: at("m.json"), pretrained: at("grains.json"), augment: ["default"] };
    await runSegmentTrainCommand(files, options as unknown as SegmentTrainOptions, trained.session);
    const composed = { ...options, augment: ["default", "composite"] } as unknown as SegmentTrainOptions;
    await expect(runSegmentTrainCommand(files, composed, trained.session)).rejects.toThrow(/leave composite out/);
    expect(trained.results[0]).toMatchObject({ filters: [4, 8] });
    const red = Uint16Array.from({ length: 3 * SIZE * SIZE }, (_, j) => (j % 3 === 0 ? 60_000 : 9000 + (j % 7)));
    await writeFile(at("red.tif"), rgb16Tiff(red, SIZE, SIZE));
    const coloured = { ...options, augment: undefined } as unknown as SegmentTrainOptions;
    await expect(runSegmentTrainCommand([at("red.tif")], coloured, trained.session)).rejects.toThrow(
      /was trained on grey images, these are coloured/,
    );
    const classifier = await loadClassifier({
      path: at("grains.json"),
      readerModule: import.meta.resolve("@materiome/forward"),
    });
    expect(classifier.classes).toEqual(["grain", "boundary"]);
    const refuse = (names: readonly string[], options: object) =>
      runSegmentPretrainCommand(names, { out: at("n.json"), ...options }, listen().session);
    await expect(refuse(files, { synthetic: 5 })).rejects.toThrow(/draws its images; leave .*field-0.png out/);
    await expect(refuse([], {})).rejects.toThrow(/give images to learn from, or --synthetic N/);
    await expect(refuse(files, { grainPx: [5, 9] })).rejects.toThrow(/--grain-px is for --synthetic/);
    await expect(refuse([], { synthetic: 5, grainPx: [5, 91] })).rejects.toThrow(/expected 5 … 90/);
  });
});
