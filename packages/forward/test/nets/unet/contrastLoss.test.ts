import { describe, expect, it } from "vitest";
import { contrastLoss } from "../../../src/nets/unet/contrastLoss.ts";
import { numbers } from "../kernels/gradients.ts";

const lossOf = (n: number, temperature: number, z: Float32Array): number =>
  contrastLoss(n, temperature, z, new Float32Array(z.length));

describe("contrastLoss", () => {
  it("is that of guessing where all are alike, and in closed form where views of a patch are, and patches are at right angles", () => {
    expect(lossOf(3, 0.5, new Float32Array(6 * 4).fill(2))).toBeCloseTo(Math.log(5), 10);
    expect(lossOf(3, 0.5, new Float32Array(6 * 4))).toBeCloseTo(Math.log(5), 10); // no direction, but numbers
    // The other view: cosine 1; two views of the other patch: 0.
    const apart = Float32Array.of(1, 0, 0, 3, 2, 0, 0, 1);
    expect(lossOf(2, 0.5, apart)).toBeCloseTo(-2 + Math.log(Math.exp(2) + 2), 6);
    // The views exchanged between the patches: cosine 0, and one of the others 1.
    const wrong = Float32Array.of(1, 0, 0, 3, 0, 1, 2, 0);
    expect(lossOf(2, 0.5, wrong)).toBeCloseTo(Math.log(Math.exp(2) + 2), 6);
  });

  it("has the gradient of finite differences, which is zero along an embedding", () => {
    const [n, k, temperature] = [3, 5, 0.3];
    const z = Float32Array.from(numbers(2 * n * k, 4));
    const gradient = new Float32Array(z.length);
    contrastLoss(n, temperature, z, gradient);
    for (let i = 0; i < z.length; i++) {
      const at = (step: number): number =>
        lossOf(
          n,
          temperature,
          z.map((value, j) => (j === i ? value + step : value)),
        );
      expect(gradient[i]).toBeCloseTo((at(1 / 1024) - at(-1 / 1024)) / (2 / 1024), 3);
    }
    for (let i = 0; i < 2 * n; i++) {
      let along = 0;
      for (let c = 0; c < k; c++) along += z[i * k + c]! * gradient[i * k + c]!;
      expect(along).toBeCloseTo(0, 6);
    }
  });

  it("does not depend on lengths, nor on the order of the patches", () => {
    const [n, k] = [4, 3];
    const z = Float32Array.from(numbers(2 * n * k, 9));
    expect(
      lossOf(
        n,
        0.2,
        z.map((value, i) => value * (1 + Math.floor(i / k))),
      ),
    ).toBeCloseTo(lossOf(n, 0.2, z), 5);
    const row = (i: number): number => (i < n ? (i + 1) % n : n + ((i + 1) % n));
    const moved = z.map((_, i) => z[row(Math.floor(i / k)) * k + (i % k)]!);
    expect(lossOf(n, 0.2, moved)).toBeCloseTo(lossOf(n, 0.2, z), 10);
  });
});
