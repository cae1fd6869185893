import { createRandom, createRaster, DomainError, FormatError, IncompatibleError } from "@materiome/core";
import { bandSpace, classifyBands } from "@materiome/microstructure/mosaic";
import {
  averageSegmenters,
  classifyPixels,
  createTrainedSegmenter,
  type MicrographSegmenter,
  readMicrographSegmenter,
  uncertaintyMap,
} from "@materiome/microstructure/pixels";
import { describe, expect, it } from "vitest";
import { memoryStore } from "../../src/bands/rowStore.ts";
import { blockSegmenter, reader } from "./blockSegmenter.ts";

const [WIDTH, HEIGHT] = [75, 50];
const random = createRandom(3);
const image = createRaster(
  Float32Array.from({ length: WIDTH * HEIGHT }, () => random.next()),
  WIDTH,
  HEIGHT,
);
const ranges = [{ low: -2, high: 2, isLimited: true }];
const [plain, even] = [
  createTrainedSegmenter(blockSegmenter(0.4)),
  createTrainedSegmenter(blockSegmenter(0.6), { normalise: "image", ranges, pixelSizeUm: 0.5 }),
];

describe("averageSegmenters", () => {
  it("takes the mean of the probabilities, of members that prepare images differently, for any tiles and threads", async () => {
    const both = averageSegmenters([plain, even]);
    expect(both).toMatchObject({ normalise: "image", pixelSizeUm: 0.5, halo: 8, alignment: 4, channels: "grey" });
    const [a, b, mean] = await Promise.all(
      [plain, even, both].map(async (one) => (await classifyPixels(image, one, { threads: 1 })).data),
    );
    for (const [i, p] of mean!.entries()) expect(p).toBeCloseTo((a![i]! + b![i]!) / 2, 6);
    expect((await classifyPixels(image, both, { tilePx: 64, threads: 2 })).data).toEqual(mean);
    const steps: string[] = [];
    const onProgress = ({ done, total }: { done: number; total: number }) => steps.push(`${done}/${total}`);
    await classifyPixels(image, both, { threads: 1, onProgress });
    expect(steps).toEqual(["1/2", "2/2"]);
  });

  it("is undecided where members contradict each other", async () => {
    const says = (p: number): MicrographSegmenter =>
      createTrainedSegmenter({
        ...blockSegmenter(),
        segmentTile: async ({ width, height }) =>
          createRaster(
            Float32Array.from({ length: 2 * width * height }, (_, i) => (i % 2 === 0 ? p : 1 - p)),
            width,
            height,
            { channels: 2 },
          ),
      });
    const found = await classifyPixels(image, averageSegmenters([says(1), says(0)]), { threads: 1 });
    expect(uncertaintyMap(found).data.every((u) => Math.abs(u - 1) < 1e-6)).toBe(true);
  });

  it("segments a mosaic in bands as the image in memory", async () => {
    const both = averageSegmenters([plain, even]);
    const space = bandSpace(WIDTH, HEIGHT, { bandRows: 16 });
    const grey = memoryStore("float32", WIDTH, HEIGHT, image.data);
    const { uncertainty } = await classifyBands(space, grey, both, { pixelSizeUm: 0.5, tilePx: 37 });
    const whole = uncertaintyMap(await classifyPixels(image, both, { threads: 1 }));
    const inBands = uncertainty.read(0, HEIGHT);
    for (const [i, u] of whole.data.entries()) expect(inBands[i]).toBeCloseTo(u, 2);
  });

  it("comes back from JSON, an average in an average too", async () => {
    const nested = averageSegmenters([averageSegmenters([plain, even]), plain]);
    const again = await readMicrographSegmenter(JSON.parse(JSON.stringify(nested)), reader);
    expect((await classifyPixels(image, again, { threads: 1 })).data).toEqual(
      (await classifyPixels(image, nested, { threads: 1 })).data,
    );
    const stored = JSON.parse(JSON.stringify(averageSegmenters([plain, even])));
    const read = (state: object) => readMicrographSegmenter({ ...stored, state }, reader);
    await expect(read({ members: [stored.state.members[0]] })).rejects.toThrow(FormatError);
    await expect(read({ members: [{ type: "materiome/other" }] })).rejects.toThrow(IncompatibleError);
    await expect(readMicrographSegmenter({ ...stored, version: 9 }, reader)).rejects.toThrow(IncompatibleError);
  });

  it("refuses what has no mean, by name", () => {
    expect(() => averageSegmenters([plain])).toThrow(DomainError);
    const other = createTrainedSegmenter({ ...blockSegmenter(), classes: ["bright", "dark"] });
    expect(() => averageSegmenters([plain, other], { names: ["a.json", "b.json"] })).toThrow(
      /b\.json has the classes bright, dark, a\.json has the classes dark, bright; train them with/,
    );
    const lab = [ranges[0]!, ranges[0]!, ranges[0]!];
    const colour = createTrainedSegmenter(blockSegmenter(), { channels: "colour", ranges: lab });
    expect(() => averageSegmenters([plain, colour])).toThrow(
      /member 2 takes colour images, member 1 takes grey images; train them on the same images/,
    );
    const coarse = createTrainedSegmenter(blockSegmenter(), { pixelSizeUm: 1 });
    expect(() => averageSegmenters([plain, even, coarse])).toThrow(
      /member 3 learned from pixels of 1 µm, member 2 learned from pixels of 0\.5 µm/,
    );
    // As everywhere, pixel sizes within 5 % are one; each with each, not only with the first.
    const sized = (pixelSizeUm: number) => createTrainedSegmenter(blockSegmenter(), { pixelSizeUm });
    expect(averageSegmenters([sized(0.52), plain, even]).pixelSizeUm).toBe(0.52);
    expect(() => averageSegmenters([even, sized(0.52), sized(0.48)])).toThrow(
      /member 3 learned from pixels of 0\.48 µm, member 2 learned from pixels of 0\.52 µm/,
    );
    const distances = createTrainedSegmenter(
      { ...blockSegmenter(), classes: ["dark", "bright", "distance"] },
      { instances: { kind: "grains", depth: 0.2 } },
    );
    expect(() => averageSegmenters([plain, distances])).toThrow(/member 2 tells regions apart by a distance/);
  });
});
