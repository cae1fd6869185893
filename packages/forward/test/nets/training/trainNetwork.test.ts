import { createRandom } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { decodeParameters, encodeParameters, type Parameters } from "../../../src/nets/training/parameters.ts";
import {
  DivergenceError,
  type NetworkTask,
  type TrainingCheckpoint,
  trainNetwork,
} from "../../../src/nets/training/trainNetwork.ts";

/** Least squares towards 3 and -2, with noise that depends on epoch and step alone. */
function bowl(failAt = Number.POSITIVE_INFINITY): NetworkTask {
  let calls = 0;
  return {
    name: "bowl",
    parameters: { a: Float32Array.of(0), b: Float32Array.of(0) },
    stepsPerEpoch: 4,
    isDecayed: () => false,
    async step(parameters, epoch, i) {
      const noise = 0.01 * createRandom(3).fork(epoch).fork(i).normal();
      const [da, db] = [parameters["a"]![0]! - 3 + noise, parameters["b"]![0]! + 2];
      const loss = ++calls >= failAt ? Number.NaN : (da * da + db * db) / 2;
      return { loss, gradients: { a: Float32Array.of(da), b: Float32Array.of(db) } };
    },
    validate: async (p) => ((p["a"]![0]! - 3) ** 2 + (p["b"]![0]! + 2) ** 2) / 2,
  };
}

const options = { epochs: 60, learningRate: 0.1, patience: 60 };

describe("trainNetwork", () => {
  it("finds the minimum, keeps the best epoch and records the curve", async () => {
    const { parameters, curve, bestEpoch } = await trainNetwork(bowl(), options, {});
    expect(parameters["a"]![0]).toBeCloseTo(3, 1);
    expect(parameters["b"]![0]).toBeCloseTo(-2, 1);
    expect(curve.map(({ epoch }) => epoch)).toEqual(curve.map((_, i) => i + 1));
    const losses = curve.map(({ validationLoss }) => validationLoss);
    expect(curve[bestEpoch - 1]!.validationLoss).toBe(Math.min(...losses));
    expect(curve.at(-1)!.learningRate).toBeCloseTo(0.001, 6);
  });

  it("stops when the validation loss no longer improves", async () => {
    const task = { ...bowl(), validate: async () => 1 };
    const { curve, bestEpoch } = await trainNetwork(task, { ...options, patience: 3 }, {});
    expect([curve.length, bestEpoch]).toEqual([4, 1]);
  });

  it("validates and keeps the running mean of the weights, not the last ones", async () => {
    // Every step moves b by the rate: Adam's first steps against gradients of one sign.
    const task = {
      ...bowl(),
      step: async () => ({ loss: 1, gradients: { a: Float32Array.of(0), b: Float32Array.of(-1) } }),
    };
    const seen: number[] = [];
    const validate = async (p: Parameters): Promise<number> => {
      seen.push(p["b"]![0]!);
      return 1 / seen.length;
    };
    const settings = { epochs: 2, learningRate: 0.1, weightDecay: 0, schedule: "constant" } as const;
    const start = task.parameters["b"]![0]!;
    const steps = 2 * task.stepsPerEpoch;
    const last = await trainNetwork({ ...task, validate }, { ...settings, averaging: 0 }, {});
    expect(last.parameters["b"]![0]).toBeCloseTo(start + 0.1 * steps, 4);
    const mean = await trainNetwork({ ...task, validate }, { ...settings, averaging: 0.5 }, {});
    let expected = start;
    for (let step = 1; step <= steps; step++) {
      const keep = Math.min(0.5, step / (9 + step));
      expected = keep * expected + (1 - keep) * (start + 0.1 * step);
    }
    expect(mean.parameters["b"]![0]).toBeCloseTo(expected, 4);
    expect(seen.at(-1)).toBeCloseTo(expected, 4);
  });

  it("halves the rate on a plateau", async () => {
    const task = { ...bowl(), validate: async () => 1 };
    const { curve } = await trainNetwork(task, { ...options, patience: 6, schedule: "plateau" }, {});
    expect(curve.map(({ learningRate }) => learningRate)).toEqual([0.1, 0.1, 0.1, 0.05, 0.05, 0.025, 0.025]);
  });

  it("taken up from any checkpoint it ends where it would have, bit for bit", async () => {
    for (const schedule of ["cosine", "plateau"] as const) {
      const checkpoints: TrainingCheckpoint[] = [];
      const settings = { ...options, epochs: 9, schedule };
      const whole = await trainNetwork(bowl(), { ...settings, onCheckpoint: (c) => checkpoints.push(c) }, {});
      const resume = JSON.parse(JSON.stringify(checkpoints[3])) as TrainingCheckpoint;
      const later = await trainNetwork(bowl(), { ...settings, resume }, {});
      expect(later).toEqual(whole);
    }
  });

  it("names the step where the loss is no number and keeps the best weights", async () => {
    const error = await trainNetwork(bowl(11), options, {}).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(DivergenceError);
    const { message, iterations, checkpoint } = error as DivergenceError;
    expect(message).toMatch(
      /loss is not finite at step 11 \(epoch 3, batch 3\); the best weights are those of epoch 2. The learning rate was 0.1: use a smaller/,
    );
    expect([iterations, checkpoint?.bestEpoch]).toEqual([11, 2]);
    const early = (await trainNetwork(bowl(1), options, {}).catch((e: unknown) => e)) as DivergenceError;
    expect(early.checkpoint).toBeUndefined();
    const blind = trainNetwork({ ...bowl(), validate: async () => Number.NaN }, { ...options, patience: 2 }, {});
    await expect(blind).rejects.toThrow(/validation loss is not a number after any of 2 epochs/);
  });

  it("ends by the signal and reports progress", async () => {
    const controller = new AbortController();
    const seen: number[] = [];
    const onProgress = ({ done }: { done: number }): void => {
      seen.push(done);
      if (done === 6) controller.abort(new Error("enough"));
    };
    await expect(trainNetwork(bowl(), options, { signal: controller.signal, onProgress })).rejects.toThrow("enough");
    expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it.each([
    { epochs: 0 },
    { learningRate: 0 },
    { weightDecay: -1 },
    { patience: 1.5 },
    { clipNorm: 0 },
    { averaging: 1 },
  ])("refuses %o", async (bad) => {
    await expect(trainNetwork(bowl(), bad, {})).rejects.toThrow(
      /bowl: (epochs|learningRate|weightDecay|patience|clipNorm|averaging)/,
    );
  });
});

describe("parameters", () => {
  it("come back bit for bit, and only into the network they belong to", () => {
    const stored = encodeParameters({ w: Float32Array.of(Math.fround(0.1), -0, 1e-40) });
    expect([...decodeParameters("test", stored, { w: 3 })["w"]!]).toEqual([Math.fround(0.1), -0, Math.fround(1e-40)]);
    expect(() => decodeParameters("test", stored, { w: 4 })).toThrow(/"w" hold 3 numbers, this network needs 4/);
    expect(() => decodeParameters("test", stored, {})).toThrow(/"w" do not belong/);
    expect(() => decodeParameters("test", encodeParameters({ w: Float32Array.of(Number.NaN) }), { w: 1 })).toThrow(
      /not finite/,
    );
  });
});
