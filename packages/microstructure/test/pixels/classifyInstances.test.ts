import { createRandom, createRaster, DomainError, IncompatibleError, type LabelMap } from "@materiome/core";
import { digitizeByModel } from "@materiome/microstructure";
import { panopticQuality } from "@materiome/microstructure/compare";
import { bandSpace, classifyBands, memoryStore } from "@materiome/microstructure/mosaic";
import {
  classifyInstances,
  classifyPixels,
  createTrainedSegmenter,
  readMicrographSegmenter,
} from "@materiome/microstructure/pixels";
import { voronoiGrains } from "@materiome/microstructure/synthesis";
import { describe, expect, it } from "vitest";
import { pictureOf, touchingDiscs } from "../patches/touchingDiscs.ts";
import { blockSegmenter } from "./blockSegmenter.ts";
import { distanceSegmenter, reader } from "./distanceSegmenter.ts";

const truth = touchingDiscs(90, 72);
const image = pictureOf(truth, 0.02);
const particles = createTrainedSegmenter(distanceSegmenter(), { instances: { kind: "particles", depth: 0.2 } });
const largest = (labels: LabelMap): number => labels.data.reduce((most, label) => Math.max(most, label), 0);

describe("classifyInstances", () => {
  it("finds particles that touch, which classes alone join", async () => {
    const { regions, probabilities, distance } = await classifyInstances(image, particles, { threads: 1 });
    expect(largest(regions)).toBe(18);
    expect(panopticQuality(regions, truth).quality).toBeGreaterThan(0.9);
    expect(probabilities.channels).toBe(2);
    expect(probabilities.data).toEqual((await classifyPixels(image, particles, { threads: 1 })).data);
    expect(Math.max(...distance.data)).toBeGreaterThan(0.9);
  });

  it("finds grains that fill the image, and digitizing measures them as such", async () => {
    const grains = voronoiGrains({ width: 90, height: 72, nGrains: 15, relaxations: 2 }, createRandom(5));
    const net = createTrainedSegmenter(distanceSegmenter("dark"), { instances: { kind: "grains", depth: 0.2 } });
    const grey = pictureOf(grains);
    const { regions } = await classifyInstances(grey, net, { threads: 1 });
    expect(regions.data.includes(0)).toBe(false);
    expect(panopticQuality(regions, grains).recognition).toBeGreaterThan(0.9);
    const source = { bitDepth: 8, sourceChannels: 1, page: 0, pages: 1 } as const;
    const micrograph = { grey, ...source, colour: undefined, calibration: undefined, dataBar: undefined, warnings: [] };
    const found = await digitizeByModel(micrograph, net);
    expect(found.measurement.kind).toBe("grains");
    expect(found.labels.data).toEqual(regions.data);
    const bodies = await digitizeByModel({ ...micrograph, grey: image }, particles);
    expect(bodies.measurement).toMatchObject({ kind: "particles", nGrains: 18 });
    expect(bodies.methodReason).toMatch(/tells regions apart/);
  });

  it("gives the same regions in bands and tiles, and when it was stored", async () => {
    const again = await readMicrographSegmenter(JSON.parse(JSON.stringify(particles)), reader);
    expect(JSON.parse(JSON.stringify(again))).toMatchObject({ version: 2, params: { instances: { depth: 0.2 } } });
    expect(again.classes).toEqual(["first", "second"]);
    const { regions } = await classifyInstances(image, again, { threads: 1, tilePx: 16 });
    const grey = memoryStore("float32", image.width, image.height, image.data);
    for (const bandRows of [13, 72]) {
      const space = bandSpace(image.width, image.height, { bandRows });
      const found = await classifyBands(space, grey, again, { tilePx: 29 });
      expect(found.labels.read(0, image.height)).toEqual(regions.data);
      expect(found).toMatchObject({ nRegions: 18, kind: "particles" });
    }
    const grains = createTrainedSegmenter(distanceSegmenter("dark"), {
      normalise: "image",
      ranges: [{ low: -2, high: 3, isLimited: false }],
      instances: { kind: "grains", depth: 0.1 },
    });
    const whole = await classifyInstances(image, grains, { threads: 1 });
    const banded = await classifyBands(bandSpace(90, 72, { bandRows: 11 }), grey, grains, { tilePx: 31 });
    expect(banded.labels.read(0, 72)).toEqual(whole.regions.data);
  });

  it("refuses a model of classes alone, a distance alone, and depths out of range", async () => {
    await expect(classifyInstances(image, createTrainedSegmenter(blockSegmenter()))).rejects.toThrow(IncompatibleError);
    const instances = { kind: "particles", depth: 0.2 } as const;
    expect(() => createTrainedSegmenter(blockSegmenter(), { instances })).toThrow(/1 class beside the distance/);
    expect(() => createTrainedSegmenter(distanceSegmenter(), { instances: { ...instances, depth: 0 } })).toThrow(
      DomainError,
    );
    const damaged = JSON.parse(JSON.stringify(particles));
    damaged.params.instances.depth = 3;
    await expect(readMicrographSegmenter(damaged, reader)).rejects.toThrow(/damaged/);
    const none = createRaster(new Float32Array(32 * 32), 32, 32);
    expect(largest((await classifyInstances(none, particles, { threads: 1 })).regions)).toBe(0);
  });
});
