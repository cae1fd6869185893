import { describe, expect, it } from "vitest";
import { adamStep } from "../../src/kernels/index.ts";

describe("adamStep", () => {
  it("moves by the rate against the sign of the first gradient, after shrinking the weight", () => {
    const parameters = Float64Array.of(2, -3, 7);
    const state = [new Float64Array(3), new Float64Array(3)] as const;
    adamStep(0, 2, 0.1, 0.5, 0.9, 0.99, 0.1, 0.01, Float64Array.of(4, -1e-3, 9), ...state, parameters);
    expect(parameters[0]).toBeCloseTo(2 * 0.95 - 0.1, 6);
    expect(parameters[1]).toBeCloseTo(-3 * 0.95 + 0.1, 5);
    expect(parameters[2]).toBe(7);
  });

  it("moves by the rate in single precision too, and decays weights apart from the gradient", () => {
    const values = Float32Array.of(1, 1, 1);
    const state = (n: number) => [new Float32Array(n), new Float32Array(n)] as const;
    adamStep(0, 2, 0.1, 0, 0.9, 0.999, 0.1, 0.001, Float32Array.of(4, -0.5, 0), ...state(3), values);
    expect(values[0]).toBeCloseTo(0.9, 6);
    expect(values[1]).toBeCloseTo(1.1, 6);
    const decayed = Float32Array.of(2);
    adamStep(0, 1, 0.1, 0.5, 0.9, 0.999, 0.1, 0.001, Float32Array.of(0), ...state(1), decayed);
    expect(decayed[0]).toBeCloseTo(1.9, 6);
  });
});
