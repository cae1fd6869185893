import { createRandom } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { pairBlocks } from "../../src/gaussianProcess/pairBlocks.ts";
import type { ProgramNode } from "../../src/gaussianProcess/program.ts";

/** Ten columns; those of odd number share one length-scale, the others another. */
const node = (kind: ProgramNode["kind"]): ProgramNode => ({
  kind,
  columns: Array.from({ length: 10 }, (_, c) => c),
  lengths: Array.from({ length: 10 }, (_, c) => 3 + (c % 2)),
  periods: [],
  terms: [],
  variance: 0,
  shape: -1,
});

describe("pairBlocks", () => {
  const n = 11;
  const random = createRandom(1);
  const base = Float64Array.from({ length: 10 * n }, () => random.normal());

  it.each(["rbf", "linear"] as const)("sums pairs of %s over the columns that share a length-scale", (kind) => {
    const blocks = pairBlocks(node(kind), n, base);
    expect(blocks?.map(({ column }) => column)).toEqual([0, 1]);
    for (const { column, pairs } of blocks ?? []) {
      const expected: number[] = [];
      for (let i = 0; i < n; i++) {
        for (let j = 0; j <= i; j++) {
          let sum = 0;
          for (let c = column; c < 10; c += 2) {
            const [a, b] = [base[c * n + i]!, base[c * n + j]!];
            sum += kind === "linear" ? a * b : (a - b) ** 2;
          }
          expected.push(sum);
        }
      }
      expect(Array.from(pairs)).toEqual(expected);
    }
  });

  it("is for shared length-scales alone", () => {
    const own = { ...node("rbf"), lengths: Array.from({ length: 10 }, (_, c) => c) };
    expect(pairBlocks(own, n, base)).toBeUndefined();
    expect(pairBlocks(node("periodic"), n, base)).toBeUndefined();
  });
});
