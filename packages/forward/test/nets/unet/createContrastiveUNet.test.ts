import { type BatchSource, createRandom, DataError, DomainError, type ImageBatch, ShapeError } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { createContrastiveUNet, createUNetSegmenter, readUNetSegmenter } from "../../../src/nets/index.ts";
import { contrastStep, contrastValue, EMBEDDING } from "../../../src/nets/unet/contrastStep.ts";
import { encoderOf } from "../../../src/nets/unet/contrastTask.ts";
import { partsOf } from "../../../src/nets/unet/unetSegmenter.ts";
import { initialParameters } from "../../../src/nets/unet/unetSpec.ts";

const EDGE = 8;

/** Stripes of four periods, one a patch, across or down, in noise; both views of a patch alike but for phase and noise. */
function stripes(length: number, patches = 4, edge = EDGE): BatchSource {
  return {
    length,
    imageShape: [edge, edge, 1],
    targets: [],
    targetsPer: "image",
    batch(i, random): ImageBatch {
      const draw = random.fork(i);
      const x: number[] = [];
      for (let v = 0; v < 2 * patches; v++) {
        const [kind, phase] = [v % patches, draw.int(4)];
        for (let p = 0; p < edge * edge; p++) {
          const at = kind % 2 === 0 ? p % edge : Math.floor(p / edge);
          x.push(((at + phase) % (kind < 2 ? 2 : 4) < (kind < 2 ? 1 : 2) ? 0.8 : 0.2) + 0.05 * draw.normal());
        }
      }
      const n = 2 * patches;
      const weights = new Float32Array(n).fill(1);
      return { shape: [n, edge, edge, 1], x: Float32Array.from(x), yShape: [n, 0], y: new Float32Array(0), weights };
    },
  };
}

const options = { filters: [4, 8], epochs: 4, learningRate: 0.02, averaging: 0.8 };
const run = () => ({ random: createRandom(1), threads: 1 });

describe("createContrastiveUNet", () => {
  it("learns to tell patches apart, the same for the same seed, as a net to start from", async () => {
    const net = await createContrastiveUNet(options).fit(stripes(6), stripes(1), run());
    const guessing = Math.log(7);
    expect(net.learningCurve[net.bestEpoch - 1]!.validationLoss).toBeLessThan(0.5 * guessing);
    const again = await createContrastiveUNet(options).fit(stripes(6), stripes(1), run());
    expect(JSON.stringify(again)).toBe(JSON.stringify(net));
    expect([net.filters, net.channels]).toEqual([[4, 8], 1]);

    const labelled: BatchSource = {
      ...stripes(2),
      targets: [{ name: "phase", kind: "classes", labels: ["dark", "bright"] }],
      targetsPer: "pixel",
      async batch(i, random) {
        const { shape, x } = await stripes(2).batch(i, random);
        const y = Float32Array.from({ length: 2 * x.length }, (_, j) => (x[j >> 1]! > 0.5 === (j % 2 === 1) ? 1 : 0));
        return { shape, x, yShape: [...shape.slice(0, 3), 2], y, weights: new Float32Array(x.length).fill(1) };
      },
    };
    const pretrained = readUNetSegmenter(JSON.parse(JSON.stringify(net)));
    const learner = createUNetSegmenter({ pretrained, epochs: 1, averaging: 0, learningRate: 1e-9 });
    const started = await learner.fit(labelled, labelled, run());
    // Hardly trained, its way down is still that of the net that it starts from.
    const [first, second] = [net, started].map((one) => partsOf("test", one).parameters["down1.1.filter"]!);
    expect(Math.max(...first!.map((value, k) => Math.abs(value - second![k]!)))).toBeLessThan(1e-5);
  });

  it("goes on from a checkpoint to the same net", async () => {
    const whole = await createContrastiveUNet({ ...options, epochs: 2 }).fit(stripes(3), stripes(1), run());
    const kept: unknown[] = [];
    const stop = new AbortController();
    const onCheckpoint = (checkpoint: unknown): void => {
      kept.push(checkpoint);
      stop.abort(new Error("enough"));
    };
    const stopped = createContrastiveUNet({ ...options, epochs: 2, onCheckpoint });
    await expect(stopped.fit(stripes(3), stripes(1), { ...run(), signal: stop.signal })).rejects.toThrow("enough");
    const resume = JSON.parse(JSON.stringify(kept[0]));
    const resumed = await createContrastiveUNet({ ...options, epochs: 2, resume }).fit(stripes(3), stripes(1), run());
    expect(JSON.stringify(resumed)).toBe(JSON.stringify(whole));
  });

  it("refuses options and batches that it cannot learn from", async () => {
    expect(() => createContrastiveUNet({ temperature: 0 })).toThrow(DomainError);
    expect(() => createContrastiveUNet({ filters: [] })).toThrow(DomainError);
    const fit = (source: BatchSource) => createContrastiveUNet(options).fit(source, source, run());
    await expect(fit(stripes(1, 1))).rejects.toThrow(DataError);
    await expect(fit({ ...stripes(1), targetsPer: "pixel" })).rejects.toThrow(/batches have targets/);
    await expect(fit(stripes(1, 2, 7))).rejects.toThrow(ShapeError);
    const large = { ...stripes(1), imageShape: [4096, 4096, 1] as const };
    await expect(fit(large)).rejects.toThrow(/patches of \d+ px fit/);
  });
});

describe("contrastStep", () => {
  it("has the gradients of finite differences, through normalisation, pooling and projection", async () => {
    const spec = { channels: 1, filters: [2, 3], outputs: 1 };
    const { shape, x } = await stripes(1, 2).batch(0, createRandom(2));
    const draw = createRandom(5);
    const weights = (n: number) => Float32Array.from({ length: n }, () => 0.6 * draw.normal());
    const parameters = {
      ...encoderOf(initialParameters(spec, createRandom(3))),
      "projection0.filter": weights(9),
      "projection0.shift": weights(3),
      "projection1.filter": weights(3 * EMBEDDING),
    };
    const input = { spec, backend: "wasm", parameters, temperature: 0.5, shape, x } as const;
    const { loss, gradients, statistics } = await contrastStep(input);
    expect(loss).toBeCloseTo(await contrastValue(input), 6);
    expect(Object.keys(statistics)).toEqual(["down0.0", "down0.1", "down1.0", "down1.1"]);
    for (const name of Object.keys(gradients)) {
      const at = async (step: number): Promise<number> => {
        const changed = parameters[name as keyof typeof parameters]!.slice();
        changed[1]! += step;
        return contrastValue({ ...input, parameters: { ...parameters, [name]: changed } });
      };
      const slope = ((await at(4e-3)) - (await at(-4e-3))) / 8e-3;
      expect(Math.abs(gradients[name]![1]! - slope), name).toBeLessThan(0.02 * Math.abs(slope) + 5e-5);
    }
  });
});
