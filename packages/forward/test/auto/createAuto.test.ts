import { createRandom } from "@materiome/core";
import { type AutoOptions, createAuto } from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { features, smooth, targets } from "../data.ts";

interface Report {
  readonly chosen: string;
  readonly tried: readonly { readonly name: string; readonly rmse: number }[];
  readonly notTried: readonly { readonly name: string; readonly reason: string }[];
}

async function reportOf(
  x: ReturnType<typeof features>,
  y: ReturnType<typeof targets>,
  options: AutoOptions = {},
): Promise<Report> {
  const model = await createAuto({ nTrees: 30, ...options }).fit(x, y, { random: createRandom(1), threads: 1 });
  return model.report as unknown as Report;
}

describe("createAuto", () => {
  it("takes the quadratic ridge for a smooth quadratic law, the forests for steps", async () => {
    const { x, y } = smooth(120, 3, 1, 0.01);
    expect((await reportOf(x, y)).chosen).toBe("ridge-degree-2");
    const steps = targets(
      Array.from({ length: 120 }, (_, i) => (x.data[i * 3] > 0.4 ? 5 : 0) + (x.data[i * 3 + 1] > 0.7 ? 3 : 0)),
    );
    expect((await reportOf(x, steps)).chosen).toMatch(/^(forest|extra-trees)( \+ (forest|extra-trees))?$/);
  });

  it("lists what it tried with its inner error, best single first", async () => {
    const { x, y } = smooth(80, 3, 1);
    const { tried, chosen } = await reportOf(x, y);
    expect(tried.filter((trial) => !trial.name.includes("+"))).toHaveLength(4);
    const least = Math.min(...tried.map((trial) => trial.rmse));
    const own = tried.find((trial) => trial.name === chosen)?.rmse ?? Number.NaN;
    expect(own).toBeLessThanOrEqual(least * Math.sqrt(1 / 0.99));
  });

  it("leaves out candidates that cannot take the rows, and says why", async () => {
    const { x, y } = smooth(60, 3, 1);
    const data = x.data.slice();
    data[4] = Number.NaN;
    const { notTried } = await reportOf({ ...x, data }, y);
    expect(notTried).toEqual([
      { name: "ridge", reason: "some inputs are missing" },
      { name: "ridge-degree-2", reason: "some inputs are missing" },
    ]);
    await expect(reportOf({ ...x, data }, y, { candidates: ["ridge"] })).rejects.toThrow(
      /no candidate takes these rows/,
    );
  });

  it("leaves out the quadratic ridge of very many features", async () => {
    const { x, y } = smooth(40, 120, 1);
    const { notTried } = await reportOf(x, y, { candidates: ["ridge", "ridge-degree-2"] });
    expect(notTried).toEqual([{ name: "ridge-degree-2", reason: "7380 terms for 40 rows would take too long" }]);
  });

  it("chooses by whole groups: a group's own level is not knowledge about others", async () => {
    const random = createRandom(4);
    const groups = Int32Array.from({ length: 300 }, (_, i) => Math.floor(i / 10));
    const level = Array.from({ length: 30 }, () => 4 * random.normal());
    const x = features(
      300,
      2,
      Array.from(groups).flatMap((g) => [g, random.next()]),
    );
    const values = Array.from(groups, (g, i) => level[g] + 3 * x.data[2 * i + 1] + 0.2 * random.normal());
    const rmse = async (y: ReturnType<typeof targets>): Promise<number> =>
      Math.min(...(await reportOf(x, y)).tried.map((trial) => trial.rmse));
    expect(await rmse(targets(values, { groups }))).toBeGreaterThan(1.4 * (await rmse(targets(values))));
  });

  it("refuses unknown candidates", () => {
    expect(() => createAuto({ candidates: ["boosting" as "forest"] })).toThrow(/candidates must be some of/);
  });
});
