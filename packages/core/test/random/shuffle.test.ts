import { createRandom, shuffle } from "@materiome/core";
import { describe, expect, it } from "vitest";

describe("shuffle", () => {
  it("holds every index once, and none for none", () => {
    expect([...shuffle(50, createRandom(1))].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect([...shuffle(0, createRandom(1))]).toEqual([]);
    expect([...shuffle(50, createRandom(1))]).toEqual([...shuffle(50, createRandom(1))]);
  });

  it("gives each of the six orders of three as often (chi-square, 5 degrees of freedom, p = 1e-4)", () => {
    const random = createRandom(2);
    const counts = new Map<string, number>();
    for (let k = 0; k < 6000; k++) {
      const order = shuffle(3, random).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    expect([...counts.values()].reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0)).toBeLessThan(25.7);
  });
});
