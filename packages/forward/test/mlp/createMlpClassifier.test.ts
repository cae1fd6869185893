import { createMlpClassifier, readClassifier, reader } from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { blobs, classes, planesOf, readChanged, run } from "../classData.ts";
import { features } from "../data.ts";

const small = { hidden: [16], epochs: 40, folds: 3, nMembers: 3 } as const;

describe("createMlpClassifier", () => {
  it("separates a ring from its inside, which no line can, and scores rows that it has not seen", async () => {
    const { x: inputs } = blobs(150, 7);
    const x = features(
      150,
      2,
      Float32Array.from({ length: 300 }, (_, at) => inputs.data[4 * Math.floor(at / 2) + 2 + (at % 2)]),
    );
    const codes = Int32Array.from({ length: 150 }, (_, i) =>
      Math.hypot(x.data[2 * i], x.data[2 * i + 1]) > 1.2 ? 1 : 0,
    );
    const model = await createMlpClassifier({ ...small, epochs: 100 }).fit(x, classes(codes), run());
    expect(model.outOfBag!.nRows).toBe(150);
    expect(model.outOfBag!.accuracy).toBeGreaterThan(0.9);
  });

  it("predicts bit by bit the same from a file, for any thread count, and from planes in single precision", async () => {
    const { x, y } = blobs(60, 3);
    const model = await createMlpClassifier(small).fit(x, y, run(1, 1));
    const again = (await reader.read(JSON.parse(JSON.stringify(model)), reader)) as unknown as typeof model;
    expect(again.predictSync(x)).toEqual(model.predictSync(x));
    expect(JSON.stringify(again)).toBe(JSON.stringify(model));
    const out = new Float32Array(60 * 3);
    model.predictPlanes(planesOf(x), 60, out);
    expect(out).toEqual(Float32Array.from(model.predictSync(x).probabilities.data));
    const learner = createMlpClassifier({ ...small, classWeights: "balanced" });
    expect(readClassifier(JSON.parse(JSON.stringify(learner.toJSON()))).toJSON()).toEqual(learner.toJSON());
  });

  it("gives a class without rows no chance, balances classes, and refuses damaged files and missing values", async () => {
    const { x } = blobs(60, 5);
    const codes = Int32Array.from({ length: 60 }, (_, i) => (i % 10 === 0 ? 2 : 0));
    const y = { ...classes(codes), labels: ["a", "b", "c"] };
    const model = await createMlpClassifier(small).fit(x, y, run());
    const balanced = await createMlpClassifier({ ...small, classWeights: "balanced" }).fit(x, y, run());
    const rare = (m: typeof model): number =>
      m.predictSync(x).probabilities.data.reduce((sum, p, at) => (at % 3 === 2 ? sum + p : sum), 0);
    expect(rare(balanced)).toBeGreaterThan(rare(model));
    const { data } = model.predictSync(x).probabilities;
    for (let i = 0; i < 60; i++) {
      expect(data[3 * i + 1]).toBe(0);
      expect(data[3 * i] + data[3 * i + 2]).toBeCloseTo(1, 12);
    }
    await expect(readChanged(model, ({ state }) => (state["mlp"]["nets"] = []))).rejects.toMatchObject({
      code: "FORMAT",
    });
    const holed = { ...x, data: x.data.map((v, at) => (at === 5 ? Number.NaN : v)) };
    await expect(createMlpClassifier(small).fit(holed, y, run())).rejects.toThrow(/feature "x1" is missing in row 1/);
  });
});
