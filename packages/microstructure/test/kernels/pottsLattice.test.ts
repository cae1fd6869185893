import { createRandom, type Random } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { advancePotts, createPottsLattice, type PottsLattice } from "../../src/kernels/pottsLattice.ts";

/** The eight nearest sites. */
const OFFSETS = Int8Array.from([-1, -1, 0, -1, 1, -1, -1, 0, 1, 0, -1, 1, 0, 1, 1, 1]);

function lattice(width: number, height: number, spins: Int32Array, random: Random): PottsLattice {
  const stream = Int32Array.from({ length: 4 }, () => random.int(4294967296) | 0);
  return createPottsLattice(width, height, spins, OFFSETS, stream);
}

/** The neighbours of a site on the torus. */
function neighbours(width: number, height: number, site: number): number[] {
  const [x, y] = [site % width, Math.floor(site / width)];
  return Array.from({ length: 8 }, (_, k) => {
    const [u, v] = [x + OFFSETS[2 * k] + width, y + OFFSETS[2 * k + 1] + height];
    return (v % height) * width + (u % width);
  });
}

/** The definition, attempt by attempt, interior sites included. Returns the steps until `isOver`. */
function naive(
  width: number,
  height: number,
  spins: Int32Array,
  kT: number,
  random: Random,
  isOver: () => boolean,
): number {
  const n = width * height;
  for (let attempts = 1; ; attempts++) {
    const site = random.int(n);
    const around = neighbours(width, height, site);
    const unlike = around.filter((j) => spins[j] !== spins[site]);
    if (unlike.length > 0) {
      const candidate = spins[unlike[random.int(unlike.length)]];
      const after = around.filter((j) => spins[j] !== candidate).length;
      if (random.next() < Math.exp(-(after - unlike.length) / kT)) {
        spins[site] = candidate;
        if (isOver()) return attempts / n;
      }
    }
  }
}

describe("advancePotts", () => {
  it("keeps its counts and its list of active sites", () => {
    const [width, height] = [23, 17];
    const random = createRandom(1);
    const spins = Int32Array.from({ length: width * height }, (_, i) => i);
    const potts = lattice(width, height, spins, random);
    for (const kT of [0, 0.7, 2]) {
      expect(advancePotts(potts, 3, kT)).toBeGreaterThanOrEqual(3);
      const active = new Set(potts.active.subarray(0, potts.nActive));
      expect(active.size).toBe(potts.nActive);
      for (let site = 0; site < spins.length; site++) {
        const unlike = neighbours(width, height, site).filter((j) => spins[j] !== spins[site]).length;
        expect(potts.unlike[site]).toBe(unlike);
        expect(active.has(site)).toBe(unlike > 0);
      }
    }
  });

  it.each([0.5, 1.5])("lets an island shrink as fast as attempts on every site do, kT = %s", (kT) => {
    // The clock of the short cut against the definition: mean time until a square of nine sites is gone, or has won.
    const [width, height, rounds] = [9, 9, 600];
    const island = (): Int32Array => Int32Array.from({ length: 81 }, (_, i) => (i % 9 < 3 && i < 27 ? 2 : 1));
    const random = createRandom(7);
    const fast: number[] = [];
    const slow: number[] = [];
    for (let k = 0; k < rounds; k++) {
      const spins = island();
      const potts = lattice(width, height, spins, random);
      let time = 0;
      while (potts.nActive > 0) time += advancePotts(potts, 1e-9, kT);
      fast.push(time);
      const other = island();
      slow.push(naive(width, height, other, kT, random, () => other.every((spin) => spin === other[0])));
    }
    const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / rounds;
    const variance = (values: number[]): number =>
      values.reduce((s, v) => s + (v - mean(values)) ** 2, 0) / rounds / (rounds - 1);
    const difference = Math.abs(mean(fast) - mean(slow));
    expect(difference).toBeLessThan(4 * Math.sqrt(variance(fast) + variance(slow)));
    expect(difference / mean(slow)).toBeLessThan(0.15); // the comparison is that sharp at least
  });

  it("stands still where one grain is left", () => {
    const potts = lattice(16, 16, new Int32Array(256).fill(3), createRandom(1));
    expect(advancePotts(potts, 10, 1)).toBe(0);
  });

  it("repeats for a seed", () => {
    const run = (): Int32Array => {
      const spins = Int32Array.from({ length: 400 }, (_, i) => i);
      advancePotts(lattice(20, 20, spins, createRandom(5)), 10, 1);
      return spins;
    };
    expect(run()).toEqual(run());
  });
});
