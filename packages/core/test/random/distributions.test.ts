import { createMatrix, createRandom, DomainError, type Random, ShapeError } from "@materiome/core";
import {
  chiSquareQuantile,
  chooseIndices,
  createWeightedChoice,
  gammaP,
  normalCdf,
  regularisedBeta,
  sampleBeta,
  sampleBinomial,
  sampleChiSquare,
  sampleDirichlet,
  sampleExponential,
  sampleGamma,
  sampleMultivariateNormal,
  samplePoisson,
  sampleStudent,
  studentCdf,
} from "@materiome/core/numerics";
import { describe, expect, it } from "vitest";

/** Kolmogorov–Smirnov statistic times √n; above 1.95 with probability 1e-3. */
function kolmogorov(values: number[], cdf: (x: number) => number): number {
  values.sort((a, b) => a - b);
  const n = values.length;
  let worst = 0;
  values.forEach((value, i) => {
    const f = cdf(value);
    worst = Math.max(worst, f - i / n, (i + 1) / n - f);
  });
  return worst * Math.sqrt(n);
}

const draw = (seed: number, n: number, sample: (random: Random) => number): number[] => {
  const random = createRandom(seed);
  return Array.from({ length: n }, () => sample(random));
};

describe("continuous distributions (Kolmogorov–Smirnov, n = 20 000, p = 1e-3)", () => {
  const cases: [string, (random: Random) => number, (x: number) => number][] = [
    ["uniform", (r) => r.next(), (x) => x],
    ["normal", (r) => r.normal(), normalCdf],
    ["exponential", (r) => sampleExponential(r, 3), (x) => -Math.expm1(-x / 3)],
    ["gamma 0.1", (r) => sampleGamma(r, 0.1), (x) => gammaP(0.1, x)],
    ["gamma 1", (r) => sampleGamma(r, 1), (x) => gammaP(1, x)],
    ["gamma 2.5 × 4", (r) => sampleGamma(r, 2.5, 4), (x) => gammaP(2.5, x / 4)],
    ["gamma 1000", (r) => sampleGamma(r, 1000), (x) => gammaP(1000, x)],
    ["χ² 3", (r) => sampleChiSquare(r, 3), (x) => gammaP(1.5, x / 2)],
    ["beta 0.3, 0.4", (r) => sampleBeta(r, 0.3, 0.4), (x) => regularisedBeta(x, 0.3, 0.4)],
    ["beta 20, 3", (r) => sampleBeta(r, 20, 3), (x) => regularisedBeta(x, 20, 3)],
    ["t 1.5", (r) => sampleStudent(r, 1.5), (x) => studentCdf(x, 1.5)],
    ["Dirichlet margin", (r) => sampleDirichlet(r, [0.7, 2, 1.3])[0]!, (x) => regularisedBeta(x, 0.7, 3.3)],
  ];
  it.each(cases)("%s", (name, sample, cdf) => {
    expect(kolmogorov(draw(name.length + 3, 20_000, sample), cdf)).toBeLessThan(1.95);
  });

  it("the test sees a wrong shape", () => {
    expect(
      kolmogorov(
        draw(1, 20_000, (r) => sampleGamma(r, 2.6)),
        (x) => gammaP(2.5, x),
      ),
    ).toBeGreaterThan(1.95);
  });

  it("Dirichlet fractions sum to 1, also for parameters that would underflow", () => {
    const random = createRandom(4);
    for (const alpha of [[1, 1, 1], [1e-4, 1e-4], [1e-3, 5, 100], [2]]) {
      for (let i = 0; i < 200; i++) {
        const x = sampleDirichlet(random, alpha);
        expect(x.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
        expect(x.every((v) => v >= 0 && v <= 1)).toBe(true);
      }
    }
  });
});

describe("discrete distributions (χ² of the counts, p = 1e-3)", () => {
  const chiSquareOf = (
    values: number[],
    mass: (k: number) => number,
  ): { readonly statistic: number; readonly limit: number } => {
    const counts = new Map<number, number>();
    for (const v of values) counts.set(v, (counts.get(v) ?? 0) + 1);
    let statistic = 0;
    let cells = 0;
    let rest = values.length;
    let restExpected = values.length;
    for (let k = 0; k <= Math.max(...values); k++) {
      const expected = values.length * mass(k);
      if (expected < 8) continue;
      statistic += ((counts.get(k) ?? 0) - expected) ** 2 / expected;
      rest -= counts.get(k) ?? 0;
      restExpected -= expected;
      cells++;
    }
    if (restExpected > 1) statistic += (rest - restExpected) ** 2 / restExpected;
    return { statistic, limit: chiSquareQuantile(0.999, cells) };
  };

  it.each([0.3, 4.5, 13, 200])("Poisson of mean %s", (mean) => {
    const { statistic, limit } = chiSquareOf(
      draw(21, 20_000, (r) => samplePoisson(r, mean)),
      (k) => (k === 0 ? Math.exp(-mean) : gammaP(k, mean) - gammaP(k + 1, mean)),
    );
    expect(statistic).toBeLessThan(limit);
  });

  it.each([
    [5, 0.3],
    [100, 0.02],
    [1000, 0.5],
  ])("binomial of %s trials, p = %s", (n, p) => {
    const above = (k: number): number => (k <= 0 ? 1 : k > n ? 0 : regularisedBeta(p, k, n - k + 1)); // P(X ≥ k)
    const { statistic, limit } = chiSquareOf(
      draw(22, 20_000, (r) => sampleBinomial(r, n, p)),
      (k) => above(k) - above(k + 1),
    );
    expect(statistic).toBeLessThan(limit);
  });

  it("edges of binomial and Poisson", () => {
    const random = createRandom(1);
    expect(sampleBinomial(random, 100, 0)).toBe(0);
    expect(sampleBinomial(random, 100, 1)).toBe(100);
    expect(samplePoisson(random, 0)).toBe(0);
    expect(Math.abs(sampleBinomial(random, 1e12, 0.25) - 2.5e11)).toBeLessThan(6 * Math.sqrt(1e12 * 0.1875));
    expect(Math.abs(samplePoisson(random, 1e12) - 1e12)).toBeLessThan(6e6);
  });

  it("weighted choice follows its weights and never takes one of 0", () => {
    const weights = [1, 0, 3, 0.1, 10];
    const pick = createWeightedChoice(weights);
    const values = draw(23, 30_000, pick);
    expect(values.includes(1)).toBe(false);
    const { statistic, limit } = chiSquareOf(values, (k) => weights[k]! / 14.1);
    expect(statistic).toBeLessThan(limit);
  });

  it("chooses without replacement, each pair as often", () => {
    const random = createRandom(9);
    const counts = new Map<string, number>();
    for (let i = 0; i < 12_000; i++) {
      const key = chooseIndices(4, 2, random).join("");
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(12);
    expect([...counts.values()].reduce((sum, c) => sum + (c - 1000) ** 2 / 1000, 0)).toBeLessThan(
      chiSquareQuantile(0.999, 11),
    );
    expect(new Set(chooseIndices(1e12, 500, random)).size).toBe(500);
    expect([...chooseIndices(6, 6, random)].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe("sampleMultivariateNormal", () => {
  it("has the mean and covariance of its factor", () => {
    const lower = createMatrix(2, 2, Float64Array.of(2, 99, 0.6, 0.8)); // what stands above the diagonal is not read
    const n = 50_000;
    const { data } = sampleMultivariateNormal([1, -3], lower, n, createRandom(6));
    const sums = [0, 0, 0, 0, 0];
    for (let i = 0; i < n; i++) {
      const a = data[2 * i]! - 1;
      const b = data[2 * i + 1]! + 3;
      [a, b, a * a, a * b, b * b].forEach((value, k) => {
        sums[k]! += value / n;
      });
    }
    [0, 0, 4, 1.2, 1].forEach((expected, k) => {
      expect(Math.abs(sums[k]! - expected)).toBeLessThan((5 * 6) / Math.sqrt(n));
    });
    expect(() => sampleMultivariateNormal([1], lower, 1, createRandom(1))).toThrow(ShapeError);
  });
});

describe("streams", () => {
  it("of different labels and levels share no number among their first 2000", () => {
    const root = createRandom(1);
    const streams = [
      root,
      createRandom(2),
      root.fork("a"),
      root.fork("b"),
      root.fork(0),
      root.fork(1),
      root.fork("a").fork(1),
    ];
    const seen = new Set<number>();
    for (const stream of streams) for (let i = 0; i < 2000; i++) seen.add(stream.next());
    expect(seen.size).toBe(2000 * streams.length);
  });

  it("of neighbouring labels are uncorrelated, and uniform across streams", () => {
    const root = createRandom(3);
    const n = 2000;
    const streams = Array.from({ length: 20 }, (_, k) => draw2(root.fork(k), n));
    for (let a = 0; a < 20; a++) {
      for (let b = 0; b < a; b++) {
        let sum = 0;
        for (let i = 0; i < n; i++) sum += (streams[a]![i]! - 0.5) * (streams[b]![i]! - 0.5);
        expect(Math.abs((12 * sum) / n), `${a}, ${b}`).toBeLessThan(4.5 / Math.sqrt(n));
      }
    }
    const firsts = Array.from({ length: 5000 }, (_, k) => root.fork("row").fork(k).next());
    expect(kolmogorov(firsts, (x) => x)).toBeLessThan(1.95);
  });

  it("every bit of the 53 is fair", () => {
    const random = createRandom(8);
    const n = 20_000;
    const ones = new Float64Array(53);
    for (let i = 0; i < n; i++) {
      let x = random.next();
      for (let b = 0; b < 53; b++) {
        x *= 2;
        if (x >= 1) {
          ones[b]!++;
          x -= 1;
        }
      }
    }
    for (const count of ones) expect(Math.abs(count - n / 2)).toBeLessThan(4.5 * Math.sqrt(n / 4));
  });
});

function draw2(random: Random, n: number): number[] {
  return Array.from({ length: n }, () => random.next());
}

describe("refusals name the argument", () => {
  it.each<[() => unknown, string]>([
    [() => sampleGamma(createRandom(1), 0), "sampleGamma: shape must be above 0 and finite, got 0"],
    [() => sampleDirichlet(createRandom(1), [1, -1]), "sampleDirichlet: alpha[1] must be above 0 and finite, got -1"],
    [() => sampleDirichlet(createRandom(1), []), "at least one alpha"],
    [() => sampleBinomial(createRandom(1), 2.5, 0.5), "got n = 2.5"],
    [() => samplePoisson(createRandom(1), Number.NaN), "got NaN"],
    [() => chooseIndices(3, 4, createRandom(1)), "got k = 4 of n = 3"],
    [() => createWeightedChoice([0, 0]), "got 2 with sum 0"],
    [() => createWeightedChoice([1, Number.NaN]), "weights[1] is NaN"],
  ])("%#", (act, message) => {
    expect(act).toThrow(DomainError);
    expect(act).toThrow(message);
  });
});
