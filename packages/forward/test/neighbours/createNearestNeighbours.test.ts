import { createNearestNeighbours } from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { features, smooth, targets } from "../data.ts";
import { expectClose, run } from "../linear/sklearnLinear.ts";
import { fresh, goldens, grouped, single, x } from "./goldens.ts";

describe("createNearestNeighbours against scikit-learn", () => {
  it.each(goldens.neighbours)("k $k, weights $weights", async ({ k, weights, ...expected }) => {
    const learner = createNearestNeighbours({ k, weights });
    const model = await learner.fit(x, single, run);
    expectClose(model.predictSync(fresh).mean.data, expected.predicted, 1e-9);
    expectClose(model.heldOut?.mean, expected.leaveOneOut, 1e-9);
    const { heldOut } = await learner.fit(x, grouped, run);
    expectClose(heldOut?.mean, expected.leaveGroupOut, 1e-9);
  });

  it("chooses k and weights by left-out groups", async () => {
    expect((await createNearestNeighbours().fit(x, grouped, run)).report).toMatchObject(goldens.chosen);
  });
});

describe("createNearestNeighbours", () => {
  it("repeats the target of a row met again, with weights by distance", async () => {
    const model = await createNearestNeighbours({ k: 5, weights: "distance" }).fit(x, single, run);
    expectClose(model.predictSync(x).mean.data, goldens.y, 1e-12);
  });

  it("does not take a row's own group for its neighbours, repeats included", async () => {
    const repeated = features(6, 1, [0, 0, 1, 1, 2, 2]);
    const groups = Int32Array.of(0, 0, 1, 1, 2, 2);
    const model = await createNearestNeighbours({ k: 2 }).fit(repeated, targets([5, 5, 7, 7, 9, 9], { groups }), run);
    expect(model.heldOut?.mean[0]).toBe(7);
    expect(model.heldOut?.mean[5]).toBe(7);
  });

  it("takes constant features and few rows; refuses more neighbours than there are", async () => {
    const { x: inputs, y } = smooth(5, 3, 1);
    const flat = { ...inputs, data: new Float64Array(15).fill(3) };
    expect((await createNearestNeighbours().fit(flat, y, run)).predictSync(flat).mean.data.every(Number.isFinite)).toBe(
      true,
    );
    await expect(createNearestNeighbours({ k: 5 }).fit(inputs, y, run)).rejects.toThrow(/k must be at most 4/);
    expect(() => createNearestNeighbours({ k: 0 })).toThrow(/k must be/);
    expect(() => createNearestNeighbours({ weights: "near" as "uniform" })).toThrow(/weights must be/);
  });
});
