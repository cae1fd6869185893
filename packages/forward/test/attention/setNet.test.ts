import { createRandom } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { elementTokens, elementVectors } from "../../src/attention/elementTokens.ts";
import { drawSetNet, layoutOf, movesOf, passSetNet, type SetShape } from "../../src/attention/setNet.ts";
import { squaredNetLoss } from "../../src/kernels/index.ts";

const amounts = { columns: [0, 1, 2], elements: ["Fe", "O", "Ti"], whole: 1 };
const shape: SetShape = {
  ...{ vectors: elementVectors(amounts), nScalars: 2, width: 8, heads: 2, layers: 2, hidden: 6, nOutputs: 2 },
};
/** A pure element, two and three elements, a rest, nothing but a rest. */
const rows = [
  [1, 0, 0, 0.3, -1],
  [0.4, 0.6, 0, 0, 1],
  [0.2, 0.3, 0.5, 2, 0.5],
  [0.1, 0.25, 0, -1, 0],
  [0, 0, 0, 0, 0],
];
const inputs = { rows: 5, columns: 5, data: Float64Array.from(rows.flat()) };

function moved(): Float64Array {
  const random = createRandom(5);
  // Offsets and biases begin at 0, where a gradient proves little.
  return drawSetNet(shape, random).map((value) => value + 0.1 * random.normal());
}

describe("net over the elements of a composition", () => {
  it("has the gradient of central differences", () => {
    const parameters = moved();
    const y = Float64Array.from({ length: 10 }, (_, k) => Math.sin(k));
    const weights = Float64Array.of(1, 0.5, 2, 1, 3);
    const byOutputs = new Float64Array(10);
    const loss = (): number =>
      squaredNetLoss(5, 2, 2, passSetNet(shape, parameters, inputs).outputs.data, y, weights, byOutputs);
    const pass = passSetNet(shape, parameters, inputs);
    squaredNetLoss(5, 2, 2, pass.outputs.data, y, weights, byOutputs);
    const gradient = new Float64Array(parameters.length).fill(Number.NaN);
    pass.back(byOutputs.slice(), gradient);
    const size = Math.max(...gradient.map(Math.abs));
    let most = 0;
    for (let k = 0; k < parameters.length; k++) {
      const before = parameters[k];
      parameters[k] = before + 1e-5;
      const up = loss();
      parameters[k] = before - 1e-5;
      const down = loss();
      parameters[k] = before;
      most = Math.max(most, Math.abs((up - down) / 2e-5 - gradient[k]) / size);
    }
    expect(most).toBeLessThan(1e-7);
  });

  it("gives a row the same outputs, bit by bit, whichever rows are beside it and wherever its elements stand", () => {
    const parameters = moved();
    const { outputs } = passSetNet(shape, parameters, inputs);
    for (const [i, row] of rows.entries()) {
      const alone = passSetNet(shape, parameters, { rows: 1, columns: 5, data: Float64Array.from(row) });
      expect(alone.outputs.data).toEqual(outputs.data.slice(2 * i, 2 * i + 2));
    }
    const turned = { ...shape, vectors: elementVectors({ ...amounts, elements: ["O", "Fe", "Ti"] }) };
    const { offsetsAt } = layoutOf(shape);
    const other = parameters.slice();
    other.set(parameters.subarray(offsetsAt + 8, offsetsAt + 16), offsetsAt);
    other.set(parameters.subarray(offsetsAt, offsetsAt + 8), offsetsAt + 8);
    const swapped = { ...inputs, data: Float64Array.from(rows.flatMap(([fe, o, ...rest]) => [o, fe, ...rest])) };
    const again = passSetNet(turned, other, swapped).outputs.data;
    for (const [k, value] of outputs.data.entries()) expect(again[k]).toBeCloseTo(value, 12);
  });

  it("moves every parameter once", () => {
    const seen = new Uint8Array(layoutOf(shape).nParameters);
    for (const { from, to } of movesOf(shape)) for (let k = from; k < to; k++) seen[k]++;
    expect(seen.every((count) => count === 1)).toBe(true);
  });

  it("takes what is left to the whole for one more token, and rounding for none", () => {
    const of = (...row: number[]): number[] =>
      Array.from(elementTokens({ rows: 1, columns: 3, data: Float64Array.from(row) }, 3).places);
    expect(of(0.5, 0, 0.3)).toEqual([0, 2, 3]);
    expect(of(0.5, 0, 0.4999)).toEqual([0, 2]);
    expect(of(0, 0, 0)).toEqual([3]);
  });
});
