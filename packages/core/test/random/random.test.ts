import { createRandom, DomainError } from "@materiome/core";
import { describe, expect, it } from "vitest";

describe("createRandom", () => {
  it("repeats for a seed and for the key of a stream", () => {
    const a = createRandom(5);
    const b = createRandom(5);
    expect([a.next(), a.normal(), a.int(10)]).toEqual([b.next(), b.normal(), b.int(10)]);
    expect(createRandom(a.fork("x").key).next()).toBe(a.fork("x").next());
  });

  it("forks by label, whatever was drawn before", () => {
    const a = createRandom(5);
    const before = a.fork("tree").next();
    a.next();
    expect(a.fork("tree").next()).toBe(before);
    expect(a.fork("tree").next()).not.toBe(a.fork("leaf").next());
    expect(createRandom(1).fork("1/1:2").key).not.toBe(createRandom(1).fork(1).fork(2).key);
  });

  it("has uniform and normal moments", () => {
    const random = createRandom(11);
    const n = 200_000;
    let sum = 0;
    let sumNormal = 0;
    let squares = 0;
    let fourth = 0;
    const counts = new Int32Array(7);
    for (let i = 0; i < n; i++) {
      sum += random.next();
      const z = random.normal();
      sumNormal += z;
      squares += z * z;
      fourth += z ** 4;
      counts[random.int(7)]!++; // 0 … 6
    }
    // Five standard errors of each moment.
    expect(Math.abs(sum / n - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / n));
    expect(Math.abs(sumNormal / n)).toBeLessThan(5 / Math.sqrt(n));
    expect(Math.abs(squares / n - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(Math.abs(fourth / n - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
    for (const count of counts) expect(Math.abs(count - n / 7)).toBeLessThan(5 * Math.sqrt(n / 7));
  });

  it("does not correlate neighbouring seeds", () => {
    const first = Array.from({ length: 5000 }, (_, seed) => createRandom(seed).next());
    const mean = first.reduce((a, b) => a + b, 0) / first.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / first.length));
    let lag = 0;
    for (let i = 1; i < first.length; i++) lag += (first[i]! - 0.5) * (first[i - 1]! - 0.5);
    expect(Math.abs((12 * lag) / first.length)).toBeLessThan(5 / Math.sqrt(first.length));
  });

  it.each([-1, 0.5, Number.NaN])("refuses the seed %s", (seed) => {
    expect(() => createRandom(seed)).toThrow(DomainError);
  });
});
