import { createRandom } from "@materiome/core";
import { createGaussianProcess, createProcessByEvidence } from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { features, rSquared, targets } from "../data.ts";

const run = { random: createRandom(1), threads: 1 };

describe("createProcessByEvidence", () => {
  it("keeps the candidate of greatest likelihood, bit for bit", async () => {
    const random = createRandom(2);
    const x = features(
      25,
      2,
      Float64Array.from({ length: 50 }, () => random.next()),
    );
    const y = targets(Array.from({ length: 25 }, (_, i) => Math.sign(Math.sin(9 * x.data[2 * i])) + x.data[2 * i + 1]));
    const candidates = [
      createGaussianProcess({ covariance: { kind: "rbf" } }),
      createGaussianProcess({ covariance: { kind: "matern12" } }),
    ];
    const models = await Promise.all(candidates.map((candidate) => candidate.fit(x, y, run)));
    const evidence = models.map((model) => (model.report as { logMarginalLikelihood: number }).logMarginalLikelihood);
    const better = models[evidence[1] > evidence[0] ? 1 : 0];
    for (const order of [candidates, candidates.toReversed()]) {
      const chosen = await createProcessByEvidence(order).fit(x, y, run);
      expect(chosen.predictSync(x).mean).toEqual(better.predictSync(x).mean);
      expect(chosen.toJSON()).toEqual(better.toJSON());
    }
  });

  it("by default finds a second-order surface of which a rough process knows nothing beyond the rows", async () => {
    const random = createRandom(3);
    const draw = (n: number) =>
      features(
        n,
        3,
        Float64Array.from({ length: 3 * n }, () => 2 * random.next() - 1),
      );
    const surface = ({ data, rows }: ReturnType<typeof draw>) =>
      Array.from({ length: rows }, (_, i) => {
        const [a, b, c] = data.subarray(3 * i, 3 * i + 3);
        return 4 * a * b - 3 * c ** 2 + a;
      });
    const [x, fresh] = [draw(16), draw(50)];
    const scoreOf = async (learner: ReturnType<typeof createGaussianProcess>): Promise<number> =>
      rSquared(surface(fresh), (await learner.fit(x, targets(surface(x)), run)).predictSync(fresh).mean.data);
    expect(await scoreOf(createProcessByEvidence())).toBeGreaterThan(0.99);
    expect(await scoreOf(createGaussianProcess())).toBeLessThan(0.97);
  });

  it("refuses no candidates", () => {
    expect(() => createProcessByEvidence([])).toThrow(/expected at least one candidate/);
  });
});
