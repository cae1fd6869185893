import { createMatrix, createRandom } from "@materiome/core";
import { logNormalCdf } from "@materiome/core/numerics";
import { describe, expect, it } from "vitest";
import { specProbability } from "../../src/acquisition/specProbability.ts";
import { feasibleUnderScatter } from "../../src/suggest/feasibleUnderScatter.ts";
import { shiftedBy } from "../../src/surrogate/disturber.ts";
import { exactProcess } from "../exactProcess.ts";

/** ln Φ(x + 2 y), known exactly. */
const known = {
  name: "known",
  isLog: true,
  value: ({ rows, data }: { rows: number; data: Float64Array }) =>
    Float64Array.from({ length: rows }, (_, i) => logNormalCdf(data[2 * i]! + 2 * data[2 * i + 1]!)),
};

describe("feasibleUnderScatter", () => {
  const offsets = createMatrix(3, 2, Float64Array.of(-1, 0, 0, 0, 1, 0.5));
  const x = createMatrix(2, 2, Float64Array.of(0.3, 0.1, -2, 1));

  it("is that of the least feasible setting", () => {
    const { value, gradient } = feasibleUnderScatter(known, shiftedBy(offsets));
    const least = value(x);
    for (let i = 0; i < 2; i++) {
      const sum = x.data[2 * i]! + 2 * x.data[2 * i + 1]!;
      expect(least[i]).toBeCloseTo(logNormalCdf(sum - 1), 12);
    }
    expect(gradient).toBeUndefined();
  });

  it("has the gradient of the least", async () => {
    const points = createMatrix(5, 2, Float64Array.of(0.1, 0.2, 0.9, 0.4, 0.5, 0.8, 0.3, 0.6, 0.7, 0.1));
    const features = ["a", "b"].map((name) => ({ name, unit: "1", source: [name], description: "" }));
    const values = createMatrix(5, 1, Float64Array.of(1, 3, 2, 0, 4));
    const y = { kind: "regression", values, units: [""] } as const;
    const model = await exactProcess().fit({ ...points, features }, y, { random: createRandom(1) });
    const small = createMatrix(
      3,
      2,
      offsets.data.map((value) => 0.1 * value),
    );
    const feasible = feasibleUnderScatter(specProbability(model, { low: 2 }), shiftedBy(small));
    const at = createMatrix(1, 2, Float64Array.of(0.55, 0.45));
    const found = feasible.gradient?.(at);
    expect(found?.value[0]).toBeCloseTo(feasible.value(at)[0]!, 12);
    for (let f = 0; f < 2; f++) {
      const [above, below] = [1e-5, -1e-5].map((step) => {
        const moved = at.data.slice();
        moved[f] = moved[f]! + step;
        return feasible.value(createMatrix(1, 2, moved))[0]!;
      });
      expect(found?.gradient.data[f]).toBeCloseTo((above! - below!) / 2e-5, 4);
    }
  });
});
