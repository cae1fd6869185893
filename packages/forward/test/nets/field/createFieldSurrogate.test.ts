import { createRandom, createRaster, DataError, IncompatibleError, type Raster, ShapeError } from "@materiome/core";
import { reader } from "@materiome/forward";
import { beforeAll, describe, expect, it } from "vitest";
import {
  createFieldSurrogate,
  type FieldSurrogate,
  readFieldSurrogate,
  type TrainingCheckpoint,
} from "../../../src/nets/index.ts";
import { fields } from "./fields.ts";

const components = [
  { name: "sum", unit: "W/m²" },
  { name: "difference", unit: "" },
];
const run = { random: createRandom(5), threads: 1 };
const mirrors = { x: [1, -1], y: [1, 1] } as const;
const tiny = { components, filters: [4], epochs: 2 };

/** Shifted around by (dx, dy). */
function shifted<T extends Raster>(raster: T, dx: number, dy: number): T {
  const { data, width, height, channels } = raster;
  const out = data.slice();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (((y + dy) % height) * width + ((x + dx) % width)) * channels;
      for (let c = 0; c < channels; c++) out[(y * width + x) * channels + c] = data[from + c]!;
    }
  }
  return { ...raster, data: out };
}

describe("createFieldSurrogate", () => {
  let surrogate: FieldSurrogate;
  const test = fields("test", 6);

  beforeAll(async () => {
    surrogate = await createFieldSurrogate({
      components,
      filters: [8, 8],
      epochs: 16,
      learningRate: 0.02,
      batchSize: 4,
      mirrors,
    }).fit(fields("training", 32), fields("validation", 6), run);
  });

  it("learns fields across the borders, far better than the mean of each phase", async () => {
    const { surrogate: ours, phaseMeans } = await surrogate.score(test);
    for (const c of [0, 1]) {
      expect(ours[c]!.r2).toBeGreaterThan(0.95);
      expect(1 - ours[c]!.r2).toBeLessThan(0.25 * (1 - phaseMeans[c]!.r2));
    }
    expect(ours[0]!.relativeL2).toBeLessThan(0.01);
    expect(ours[0]!.meanRelative).toBeLessThan(0.005);
    expect(surrogate.learningCurve).toHaveLength(16);
    expect(surrogate).toMatchObject({ phases: [0, 1], reachPx: 10, alignment: 2, isPeriodic: true });
  });

  it("shifts its field with the map, by whole coarsest pixels and across the borders", async () => {
    const { phases } = test[0]!;
    const field = await surrogate.predict(phases);
    expect(field).toMatchObject({ width: 16, height: 16, channels: 2, pixelSizeUm: 0.5 });
    const other = await surrogate.predict(shifted(phases, 6, 10));
    const expected = shifted(field, 6, 10).data;
    for (const [i, value] of other.data.entries()) expect(value).toBeCloseTo(expected[i]!, 3);
  });

  it("comes back from JSON bit for bit, by the reader of all models too", async () => {
    const stored = JSON.parse(JSON.stringify(surrogate));
    const again = readFieldSurrogate(stored);
    expect(JSON.stringify(again)).toBe(JSON.stringify(surrogate));
    expect(await again.predict(test[1]!.phases)).toEqual(await surrogate.predict(test[1]!.phases));
    expect(JSON.stringify(await reader.read(stored, reader))).toBe(JSON.stringify(surrogate));
    const damaged = structuredClone(stored);
    damaged.params.filters = [8, 4];
    expect(() => readFieldSurrogate(damaged)).toThrow(/hold \d+ numbers, this network needs/);
    damaged.params.filters = [8, 8];
    damaged.state.phaseMeans.pop();
    expect(() => readFieldSurrogate(damaged)).toThrow(/phaseMeans do not fit/);
    expect(() => readFieldSurrogate({ ...stored, version: 2 })).toThrow(IncompatibleError);
  });

  it("gives the same for any number of threads; taken up from a checkpoint it ends where it would have", async () => {
    const [train, validation] = [fields("a", 6), fields("b", 2)];
    const checkpoints: TrainingCheckpoint[] = [];
    const onCheckpoint = (checkpoint: TrainingCheckpoint) => checkpoints.push(checkpoint);
    const fit = (options: object, threads = 1) =>
      createFieldSurrogate({ ...tiny, mirrors, ...options }).fit(train, validation, { ...run, threads });
    const whole = JSON.stringify(await fit({ onCheckpoint }));
    expect(JSON.stringify(await fit({}, 2))).toBe(whole);
    const resume = JSON.parse(JSON.stringify(checkpoints[0]));
    expect(JSON.stringify(await fit({ resume }))).toBe(whole);
  });

  it("learns maps that do not repeat themselves, in cut-outs of any place", async () => {
    const open = await createFieldSurrogate({ ...tiny, isPeriodic: false }).fit(fields("a", 4), fields("b", 2), run);
    expect(open.isPeriodic).toBe(false);
    expect((await open.predict(test[0]!.phases)).data.every(Number.isFinite)).toBe(true);
    expect(JSON.stringify(readFieldSurrogate(JSON.parse(JSON.stringify(open))))).toBe(JSON.stringify(open));
  });

  it("stops by the signal", async () => {
    const controller = new AbortController();
    const onProgress = () => controller.abort(new Error("enough"));
    const stopped = createFieldSurrogate(tiny).fit(fields("a", 9), fields("b", 1), {
      ...run,
      signal: controller.signal,
      onProgress,
    });
    await expect(stopped).rejects.toThrow("enough");
  });

  it("refuses what it cannot learn or tell, with the reason", async () => {
    const learner = createFieldSurrogate(tiny);
    const [train, validation] = [fields("a", 2), fields("b", 1)];
    const broken = (change: (data: Float64Array) => void) =>
      train.map(({ phases, field }) => {
        const data = field.data.slice() as Float64Array;
        change(data);
        return { phases, field: createRaster(data, 16, 16, { channels: 2 }) };
      });
    await expect(learner.fit([], validation, run)).rejects.toThrow(/there are no maps|nothing/);
    await expect(learner.fit(train, [], run)).rejects.toThrow(/validation: there are no maps/);
    await expect(learner.fit([...train, ...fields("c", 1, 18)], validation, run)).rejects.toThrow(
      /map 2 is 18 × 18 px, the first 16 × 16/,
    );
    await expect(
      learner.fit(
        broken((data) => data.fill(Number.NaN, 35, 36)),
        validation,
        run,
      ),
    ).rejects.toThrow(/difference of field 0 is NaN at pixel \(1, 1\)/);
    const constant = broken((data) => {
      for (let i = 0; i < data.length; i += 2) data[i] = 3;
    });
    await expect(learner.fit(constant, validation, run)).rejects.toThrow(/"sum" is 3 in all training fields/);
    const third = { ...validation[0]!, phases: createRaster(new Uint8Array(256).fill(7), 16, 16) };
    await expect(learner.fit(train, [third], run)).rejects.toThrow(
      /phase 7, which no training map has; known are 0, 1/,
    );
    const deep = createFieldSurrogate({ components, filters: [4, 4, 4, 4] });
    await expect(deep.fit(train, validation, run)).rejects.toThrow(/looks \d+ px around each pixel; use larger maps/);
    await expect(createFieldSurrogate({ components: [components[0]!] }).fit(train, validation, run)).rejects.toThrow(
      ShapeError,
    );
    await expect(surrogate.predict(third.phases)).rejects.toThrow(DataError);
    await expect(surrogate.predict(createRaster(new Uint8Array(15 * 16), 15, 16))).rejects.toThrow(/multiples of 2/);
    await expect(surrogate.predict(createRaster(new Uint8Array(64), 8, 8))).rejects.toThrow(/looks 10 px around/);
    await expect(surrogate.predict(createRaster(new Float32Array(256), 16, 16))).rejects.toThrow(/whole numbers/);
    expect(() => createFieldSurrogate({ components: [] })).toThrow(/components must be named/);
    expect(() => createFieldSurrogate({ ...tiny, batchSize: 0 })).toThrow(/batchSize/);
    expect(() => createFieldSurrogate({ ...tiny, mirrors: { x: [1], y: [1, 1] } })).toThrow(
      /mirrors.x must be 1 or −1/,
    );
    expect(() => createFieldSurrogate({ ...tiny, epochs: 0 })).toThrow(/epochs/);
  });
});
