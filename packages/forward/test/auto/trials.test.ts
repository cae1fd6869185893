import { createMatrix, createRandom, type FeatureMatrix, type Targets } from "@materiome/core";
import { countTrials, createAuto } from "@materiome/forward";
import { describe, expect, it } from "vitest";

function rows(): { readonly x: FeatureMatrix; readonly y: Targets } {
  const random = createRandom(1);
  const x = createMatrix(
    50,
    3,
    Float64Array.from({ length: 150 }, () => random.next()),
  );
  const values = Float64Array.from({ length: 50 }, (_, i) => 2 * (x.data[3 * i] ?? 0) + (x.data[3 * i + 1] ?? 0) ** 2);
  const features = ["a", "b", "c"].map((name) => ({ name, unit: "", source: [name] }));
  return { x: { ...x, features }, y: { kind: "regression", values: createMatrix(50, 1, values), units: [""] } };
}

interface Report {
  readonly tried: readonly { readonly name: string }[];
  readonly notTried: readonly { readonly name: string; readonly reason: string }[];
}

const run = { random: createRandom(2), threads: 1 };
const small = { nTrees: 10, candidates: ["extra-trees", "forest", "ridge"] } as const;

async function search(trials: number | undefined): Promise<Report> {
  const { x, y } = rows();
  const { report } = await createAuto({ ...small, trials }).fit(x, y, run);
  return report as unknown as Report;
}

describe("a search with a budget of trials", () => {
  it("makes so many, in order, and says what was cut", async () => {
    const { tried, notTried } = await search(2);
    expect(tried.map(({ name }) => name).sort()).toEqual(["extra-trees", "forest"]);
    expect(notTried).toEqual([{ name: "ridge", reason: "beyond the budget of 2 trials" }]);
  });

  it("draws settings where it is more than there are learners", async () => {
    const { tried, notTried } = await search(7); // 3 learners, 4 draws of which the better half goes on
    expect(tried).toHaveLength(5);
    expect(notTried).toHaveLength(2);
    expect(new Set([...tried, ...notTried].map(({ name }) => name)).size).toBe(7);
  });

  it("is stored with the learner, and refuses less than one trial or a second limit", () => {
    expect(createAuto({ trials: 3 }).toJSON().params).toMatchObject({ trials: 3 });
    expect(() => createAuto({ trials: 0 })).toThrow(/trials must be a whole number of at least 1/);
    expect(() => createAuto({ trials: 3, draws: 2 })).toThrow(/give one of them/);
  });
});

describe("countTrials", () => {
  /** A clock on which each fit takes a second, whatever it does. */
  const counted = (
    seconds: number,
    nSearches = 1,
  ): Promise<{ readonly trials: number; readonly expectedSeconds: number }> => {
    const { x, y } = rows();
    let reads = 0;
    const now = (): number => 500 * reads++; // read at the start, then twice in each trial and once more to compare
    return countTrials(x, y, small, { seconds, nSearches, now, run });
  };

  it("grows with the time and falls with the number of searches; at least one", async () => {
    const [short, long, many] = [await counted(20), await counted(60), await counted(60, 4)];
    expect(short.trials).toBeGreaterThan(1);
    expect(long.trials).toBeGreaterThan(short.trials);
    expect(many.trials).toBeLessThan(long.trials);
    for (const { expectedSeconds } of [short]) expect(expectedSeconds).toBeLessThan(22);
    const none = await counted(0.001);
    expect(none.trials).toBe(1);
    expect(none.expectedSeconds).toBeGreaterThan(0.001);
  });

  it("refuses a time or a number of searches that is not above 0", async () => {
    await expect(counted(0)).rejects.toThrow(/above 0/);
  });
});
