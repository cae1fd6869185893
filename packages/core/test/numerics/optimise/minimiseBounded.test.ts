import { readFileSync } from "node:fs";
import { createRandom, DomainError } from "@materiome/core";
import { checkGradient, minimiseBounded, type Objective } from "@materiome/core/numerics";
import { describe, expect, it } from "vitest";

interface Golden {
  readonly source: string;
  readonly expected: Readonly<
    Record<string, { readonly x: readonly number[]; readonly value: number; readonly evaluations: number }>
  >;
}

const golden = JSON.parse(readFileSync(new URL("./fixtures/lbfgsb.json", import.meta.url), "utf8")) as Golden;

const rosenbrock: Objective = (x, g) => {
  g.fill(0);
  let sum = 0;
  for (let i = 0; i + 1 < x.length; i++) {
    const a = x[i + 1]! - x[i]! ** 2;
    const b = 1 - x[i]!;
    sum += 100 * a * a + b * b;
    g[i]! += -400 * x[i]! * a - 2 * b;
    g[i + 1]! += 200 * a;
  }
  return sum;
};

const branin: Objective = (x, g) => {
  const [a, b] = [x[0]!, x[1]!];
  const u = b - (5.1 / (4 * Math.PI ** 2)) * a * a + (5 / Math.PI) * a - 6;
  const c = 10 * (1 - 1 / (8 * Math.PI));
  g[0] = 2 * u * ((-10.2 / (4 * Math.PI ** 2)) * a + 5 / Math.PI) - c * Math.sin(a);
  g[1] = 2 * u;
  return u * u + c * Math.cos(a) + 10;
};

const quadratic: Objective = (x, g) => {
  const d = x.map((v, i) => v - 2 * Math.sin(i));
  const s = d.reduce((a, b) => a + b, 0);
  d.forEach((v, i) => {
    g[i] = (i + 1) * v + s;
  });
  return 0.5 * d.reduce((sum, v, i) => sum + (i + 1) * v * v, 0) + 0.5 * s * s;
};

const startOf = (n: number, odd = 1): number[] => Array.from({ length: n }, (_, i) => (i % 2 === 0 ? -1.2 : odd));
const all = (n: number, value: number): number[] => new Array<number>(n).fill(value);
const cases: [string, Objective, number[], number[]?, number[]?][] = [
  ["rosenbrock 2", rosenbrock, startOf(2)],
  ["rosenbrock 10", rosenbrock, startOf(10)],
  ["rosenbrock 50", rosenbrock, startOf(50)],
  ["rosenbrock 10 bounded", rosenbrock, startOf(10, 0.5), all(10, -1.5), all(10, 0.8)],
  ["quadratic 30 bounded", quadratic, all(30, 0), all(30, -1), all(30, 1)],
  ["branin 0", branin, [-3, 12], [-5, 0], [10, 15]],
  ["branin 1", branin, [3, 2], [-5, 0], [10, 15]],
  ["branin 2", branin, [9, 3], [-5, 0], [10, 15]],
  ["branin 3", branin, [0, 15], [-5, 0], [10, 15]],
];

describe(`minimiseBounded against ${golden.source}`, () => {
  it.each(cases)("%s", (name, objective, start, lower, upper) => {
    const expected = golden.expected[name]!;
    const found = minimiseBounded(objective, start, { lower, upper, valueTolerance: 1e-14, gradientTolerance: 1e-8 });
    expect(found.converged, found.reason).toBe(true);
    expect(found.projectedGradient).toBeLessThan(1e-4);
    expect(found.evaluations).toBeLessThanOrEqual(2 * expected.evaluations + 5);
    expect(found.value - expected.value).toBeLessThan(1e-8 * Math.max(1, Math.abs(expected.value)));
    if (!name.startsWith("branin")) {
      expected.x.forEach((x, i) => {
        expect(Math.abs(found.x[i]! - x), `x[${i}]`).toBeLessThan(1e-4);
      });
    } else {
      expect(found.value).toBeCloseTo(expected.value, 7);
    }
  });

  it("satisfies the first-order conditions on random bounded quadratics, never leaving the box", () => {
    const random = createRandom(3);
    for (let trial = 0; trial < 40; trial++) {
      const n = 1 + random.int(12);
      const a = Float64Array.from({ length: n * n }, () => random.normal());
      const centre = Array.from({ length: n }, () => 2 * random.normal());
      const lower = centre.map(() => -1 - random.next());
      const upper = lower.map((l) => l + random.next() * 2);
      const objective: Objective = (x, g) => {
        x.forEach((v, i) => {
          expect(v >= lower[i]! && v <= upper[i]!).toBe(true);
        });
        g.fill(0);
        let value = 0;
        for (let r = 0; r < n; r++) {
          let sum = 0;
          for (let i = 0; i < n; i++) sum += a[r * n + i]! * (x[i]! - centre[i]!);
          value += 0.5 * sum * sum;
          for (let i = 0; i < n; i++) g[i]! += a[r * n + i]! * sum;
        }
        return value;
      };
      const found = minimiseBounded(objective, lower, { lower, upper, gradientTolerance: 1e-7, valueTolerance: 0 });
      expect(found.projectedGradient, `${trial}: ${found.reason}`).toBeLessThan(1e-6);
    }
  });

  it("steps back from where the objective is not a number, and counts it", () => {
    // 10 x − ln x is least at 0.1; the first step from 0.001 has length 1.
    const objective: Objective = (x, g) => {
      g[0] = 10 - 1 / x[0]!;
      return 10 * x[0]! - Math.log(x[0]!);
    };
    const steep: Objective = (x, g) => {
      const value = objective(x, g);
      return x[0]! > 0.5 ? Number.NaN : value;
    };
    const found = minimiseBounded(steep, [1e-3]);
    expect(found.x[0]).toBeCloseTo(0.1, 4);
    expect(found.nonFinite).toBeGreaterThan(0);
    expect(() => minimiseBounded(objective, [-1])).toThrow(/not finite at the start \(value NaN/);
  });

  it("says why it stopped", () => {
    expect(minimiseBounded(rosenbrock, startOf(10), { maxIterations: 3 })).toMatchObject({
      converged: false,
      reason: "iterations",
      iterations: 3,
    });
    for (const maxEvaluations of [1, 2, 7, 20]) {
      const ended = minimiseBounded(rosenbrock, startOf(10), { maxEvaluations });
      expect(ended).toMatchObject({ converged: false, reason: "evaluations", evaluations: maxEvaluations });
    }
    expect(minimiseBounded(rosenbrock, [1, 1])).toMatchObject({ reason: "gradient", iterations: 0, evaluations: 1 });
    const controller = new AbortController();
    controller.abort(new Error("enough"));
    expect(() => minimiseBounded(rosenbrock, startOf(4), { signal: controller.signal })).toThrow("enough");
    // A gradient of the wrong sign has no descent: not converged, and no pretence.
    const wrong: Objective = (x, g) => {
      g[0] = -2 * x[0]!;
      return x[0]! ** 2;
    };
    expect(minimiseBounded(wrong, [3])).toMatchObject({ converged: false, reason: "line search" });
  });

  it("refuses a start outside the bounds and crossed bounds", () => {
    expect(() => minimiseBounded(rosenbrock, [2, 0], { upper: [1, 1] })).toThrow(
      "start value 0 must lie within -Infinity … 1, got 2",
    );
    expect(() => minimiseBounded(rosenbrock, [0, 0], { lower: [1, 1], upper: [0, 0] })).toThrow(DomainError);
    expect(() => minimiseBounded(rosenbrock, [0, 0], { maxIterations: Number.NaN })).toThrow(
      "maxIterations must be at least 0, got NaN",
    );
    expect(() => minimiseBounded(rosenbrock, [0, 0], { lower: [1] })).toThrow(
      /2 start values need 2 lower bounds, got 1/,
    );
  });
});

describe("checkGradient", () => {
  it("passes right gradients and names the wrong component", () => {
    for (const [, objective, start] of cases) expect(checkGradient(objective, start).largestError).toBeLessThan(1e-7);
    const wrong: Objective = (x, g) => {
      const value = rosenbrock(x, g);
      g[3]! *= 1.01;
      return value;
    };
    expect(checkGradient(wrong, startOf(6)).worst).toBe(3);
  });
});
