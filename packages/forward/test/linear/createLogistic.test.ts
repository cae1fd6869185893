import { createLogistic, readClassifier, reader } from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { blobs, classes, planesOf, run } from "../classData.ts";
import { expectClose, fresh, goldens, x } from "./sklearnLinear.ts";

describe("createLogistic against scikit-learn", () => {
  it.each(goldens.logistic)(
    "classes $codes, weights $classWeights",
    async ({ codes, c, classWeights, probabilities }) => {
      const learner = createLogistic({ penalty: 1 / c, classWeights: classWeights ?? undefined });
      const model = await learner.fit(x, classes(codes), run());
      expectClose(model.predictSync(fresh).probabilities.data, probabilities, 1e-6);
    },
  );
});

describe("createLogistic", () => {
  it("chooses a penalty, and scores rows that it has not seen", async () => {
    const { x: inputs, y } = blobs(200, 4);
    const model = await createLogistic().fit(inputs, y, run());
    const fixed = await createLogistic({ penalty: 1e6 }).fit(inputs, y, run());
    expect(model.outOfBag?.nRows).toBe(200);
    expect(model.outOfBag!.brier).toBeLessThan(fixed.outOfBag!.brier);
    expect(model.outOfBag!.accuracy).toBeGreaterThan(0.6);
  });

  it("holds whole groups out: what is known of a group does not count", async () => {
    const { x: inputs, y } = blobs(60, 2);
    // A feature that names the group, and a class that the group alone decides.
    const groups = Int32Array.from({ length: 60 }, (_, i) => Math.floor(i / 6));
    const data = inputs.data.map((v, at) => (at % 4 === 3 ? groups[Math.floor(at / 4)] % 2 : 0 * v));
    const byGroup = { ...y, codes: groups.map((g) => (g % 4 < 2 ? 0 : 1)), labels: ["a", "b"], groups };
    const model = await createLogistic().fit({ ...inputs, data }, byGroup, run());
    expect(model.outOfBag!.accuracy).toBeLessThan(0.75);
  });

  it("predicts bit by bit the same from a file, for any thread count, and from planes in single precision", async () => {
    const { x: inputs, y } = blobs(60, 3);
    const model = await createLogistic().fit(inputs, y, run(1, 1));
    const again = (await reader.read(JSON.parse(JSON.stringify(model)), reader)) as unknown as typeof model;
    expect(again.predictSync(inputs)).toEqual(model.predictSync(inputs));
    expect(JSON.stringify(again)).toBe(JSON.stringify(model));
    const other = await createLogistic().fit(inputs, y, run(1, 2));
    expect(JSON.stringify(other)).toBe(JSON.stringify(model));
    const out = new Float32Array(60 * 3);
    model.predictPlanes(planesOf(inputs), 60, out);
    expect(out).toEqual(Float32Array.from(model.predictSync(inputs).probabilities.data));
    expect(() => model.predictPlanes(planesOf(inputs).slice(1), 60, out)).toThrow(/takes 4 planes, got 3/);
  });

  it("comes back from its stored form as the same learner; damaged models are refused", async () => {
    const learner = createLogistic({ classWeights: "balanced", penalty: 2 });
    expect(readClassifier(JSON.parse(JSON.stringify(learner.toJSON()))).toJSON()).toEqual(learner.toJSON());
    const { x: inputs, y } = blobs(30, 3);
    const stored = JSON.parse(JSON.stringify(await learner.fit(inputs, y, run()))) as { state: { linear: object } };
    const damaged = { ...stored, state: { ...stored.state, linear: {} } };
    await expect(reader.read(damaged, reader)).rejects.toMatchObject({ code: "FORMAT" });
  });

  it("gives a class without rows no chance, a class of one row some, and separable classes finite weights", async () => {
    const { x: inputs } = blobs(20, 5);
    const codes = Array.from({ length: 20 }, (_, i) => (i === 0 ? 2 : inputs.data[i * 4] > 0.5 ? 3 : 0));
    const y = { ...classes(codes), labels: ["a", "b", "c", "d"] };
    const { probabilities } = (await createLogistic().fit(inputs, y, run())).predictSync(inputs);
    for (let i = 0; i < 20; i++) {
      const row = probabilities.data.slice(i * 4, i * 4 + 4);
      expect(row[1]).toBe(0);
      expect(row[2]).toBeGreaterThan(0);
      expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
    }
  });

  it("refuses missing values by name, one class, and options outside their range", async () => {
    const { x: inputs, y } = blobs(20, 5);
    const holed = { ...inputs, data: inputs.data.map((v, at) => (at === 5 ? Number.NaN : v)) };
    await expect(createLogistic().fit(holed, y, run())).rejects.toThrow(/feature "x1" is missing in row 1/);
    const one = { ...y, codes: new Int32Array(20) };
    await expect(createLogistic().fit(inputs, one, run())).rejects.toThrow(/at least 2 classes/);
    expect(() => createLogistic({ penalty: 0 })).toThrow(/penalty must be/);
  });
});
