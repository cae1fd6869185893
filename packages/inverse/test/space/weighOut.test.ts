import { expect, it } from "vitest";
import { weighOut, weighOutGradient } from "../../src/space/weighOut.ts";

it("amounts are shares of what is on the balance, and add up as before", () => {
  expect(weighOut([60, 40], [1, 0], 0).amounts).toEqual(Float64Array.of(61 / 1.01, 40 / 1.01));
  // 2 is given; an amount of 0 is not weighed, and no weight is below 0.
  const { amounts, asked, weighed } = weighOut([50, 0, 1, 47], [3, 5, -2, -1], 2);
  expect([asked, weighed]).toEqual([100, 101]);
  expect(Array.from(amounts, (a) => Number(a.toFixed(10)))).toEqual(
    [53, 0, 0, 46].map((w) => Number((w / 1.01).toFixed(10))),
  );
  expect(amounts.reduce((a, b) => a + b, 0) + (2 * 100) / 101).toBeCloseTo(100, 12);
});

it("has the derivatives of finite differences", () => {
  const amounts = [50, 0.5, 12, 37];
  const gradient = [0.3, -2, 1.1, 0.7];
  const errorsAt = (a: readonly number[]) => [1.5, -2, 0.1 * (a[2] as number), -0.4];
  const value = (a: readonly number[]): number =>
    weighOut(a, errorsAt(a), 0.5).amounts.reduce((sum, x, i) => sum + x * (gradient[i] as number), 0);
  const found = weighOutGradient(weighOut(amounts, errorsAt(amounts), 0.5), [1, 1, 1.1, 1], gradient);
  for (const k of amounts.keys()) {
    const moved = (by: number): number => value(amounts.map((a, i) => (i === k ? a + by : a)));
    expect(found[k]).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 6);
  }
});

it("refuses errors that leave nothing of the mixture, and weighs nothing where nothing is asked for", () => {
  expect(() => weighOut([60, 40], [-61, -41], 0)).toThrow("missed by more than its whole, 100");
  expect(weighOut([0, 0], [1, 1], 0).amounts).toEqual(Float64Array.of(0, 0));
});
