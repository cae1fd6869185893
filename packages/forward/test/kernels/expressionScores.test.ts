import { createRandom } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { bestSubset, columnScores, productScores } from "../../src/kernels/index.ts";
import { rSquared } from "../data.ts";

const random = createRandom(4);
const N = 12;
const draw = (n: number): Float64Array => Float64Array.from({ length: n }, () => random.normal());

function centred(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return values.map((v) => v - mean);
}

function correlation(a: Float64Array, b: Float64Array): number {
  const [p, q] = [centred(a), centred(b)];
  const dot = (u: Float64Array, v: Float64Array): number => u.reduce((sum, value, i) => sum + value * v[i]!, 0);
  return dot(p, q) / Math.sqrt(dot(p, p) * dot(q, q));
}

describe("scores of expressions", () => {
  it("are squared correlations of columns and of their products, 0 for constants", () => {
    const columns = draw(4 * N);
    columns.fill(3, 2 * N, 3 * N);
    const target = centred(draw(N));
    const column = (c: number): Float64Array => columns.subarray(c * N, (c + 1) * N);
    const single = new Float64Array(4);
    columnScores(N, 4, columns, target, single);
    const product = new Float64Array(10);
    productScores(N, 4, columns, target, product);
    for (let b = 0; b < 4; b++) {
      if (b !== 2) expect(single[b]).toBeCloseTo(correlation(column(b), target) ** 2, 12);
      for (let a = 0; a <= b; a++) {
        const together = column(a).map((v, i) => v * column(b)[i]!);
        if (a === 2 && b === 2) continue;
        expect(product[(b * (b + 1)) / 2 + a]).toBeCloseTo(correlation(together, target) ** 2, 12);
      }
    }
    expect(single[2]).toBe(0);
    expect(product[5]).toBe(0);
    columnScores(N, 4, columns, new Float64Array(N), single);
    expect([...single]).toEqual([0, 0, 0, 0]);
  });

  it("lead to the subset with the largest R², and to the first of equal ones", () => {
    const count = 7;
    const columns = Array.from({ length: count }, () => draw(N));
    columns[6] = columns[0]!.map((v) => 2 * v + 1);
    const target = columns[1]!.map((v, i) => v + 2 * columns[4]![i]! + 0.3 * random.normal());
    const gram = Float64Array.from({ length: count ** 2 }, (_, at) =>
      correlation(columns[Math.floor(at / count)]!, columns[at % count]!),
    );
    const right = Float64Array.from(columns, (values) => correlation(values, target));
    const none = new Int32Array(count);
    for (const size of [1, 2, 3]) {
      const best = new Float64Array(size + 1);
      bestSubset(count, size, gram, right, none, best);
      const subsets = (from: number, left: number): number[][] =>
        left === 0
          ? [[]]
          : Array.from({ length: count - from }, (_, k) => from + k).flatMap((a) =>
              subsets(a + 1, left - 1).map((rest) => [a, ...rest]),
            );
      const all = subsets(0, size).filter((set) => !(set.includes(0) && set.includes(6)));
      const shares = all.map((set) =>
        shareOf(
          set.map((at) => columns[at]!),
          target,
        ),
      );
      const top = Math.max(...shares);
      expect([...best.subarray(0, size)]).toEqual(all[shares.findIndex((s) => s > top - 1e-12)]);
      expect(best[size]).toBeCloseTo(top, 10);
    }
    const best = new Float64Array(3);
    bestSubset(count, 2, gram, right, Int32Array.of(0, 1, 0, 0, 2, 0, 0), best);
    expect([...best.subarray(0, 2)]).not.toEqual([1, 4]);
    bestSubset(0, 1, new Float64Array(0), new Float64Array(0), new Int32Array(0), best.subarray(0, 2));
    expect(best[0]).toBe(-1);
  });
});

/** R² of least squares with a constant, by Gram and Schmidt. */
function shareOf(columns: readonly Float64Array[], target: Float64Array): number {
  const directions: Float64Array[] = [];
  let fitted = new Float64Array(N);
  const y = centred(target);
  const dot = (u: Float64Array, v: Float64Array): number => u.reduce((sum, value, i) => sum + value * v[i]!, 0);
  for (const column of columns) {
    let own = centred(column);
    for (const other of directions) own = own.map((v, i) => v - dot(column, other) * other[i]!);
    const length = Math.sqrt(dot(own, own));
    const direction = own.map((v) => v / length);
    directions.push(direction);
    fitted = fitted.map((v, i) => v + dot(y, direction) * direction[i]!);
  }
  return rSquared(y, fitted);
}
