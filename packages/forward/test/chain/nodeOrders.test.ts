import { describe, expect, it } from "vitest";
import { nodeOrders } from "../../src/chain/nodeOrders.ts";

describe("nodeOrders", () => {
  it.each([7, 15, 16, 31])("pairs %i nodes of four targets as permutations that are nearly uncorrelated", (n) => {
    const orders = nodeOrders(4, n);
    const mean = (n - 1) / 2;
    for (const [c, order] of orders.entries()) {
      expect(Array.from(order).sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, k) => k));
      expect(order[Math.floor(n / 2)]).toBe(Math.floor(n / 2));
      for (const other of orders.slice(0, c)) {
        const sum = order.reduce((total, value, k) => total + (value - mean) * (other[k]! - mean), 0);
        expect(Math.abs(sum / ((n * (n * n - 1)) / 12))).toBeLessThan(n === 7 ? 0.4 : 0.15);
      }
    }
  });

  it("gives the same orders every time, the first in order", () => {
    expect(nodeOrders(3, 15)).toEqual(nodeOrders(3, 15));
    expect(nodeOrders(1, 3)).toEqual([Int32Array.of(0, 1, 2)]);
  });
});
