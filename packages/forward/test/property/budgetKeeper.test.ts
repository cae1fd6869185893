import { describe, expect, it } from "vitest";
import { createBudgetKeeper } from "../../src/property/budgetKeeper.ts";

/** A clock that work moves on: a search of t trials takes t + 1 seconds, times how much slower the machine is than when it was measured. */
function scene(seconds: number, turns: number, slower: (turn: number) => number) {
  let clock = 0;
  let turn = 0;
  const searchSeconds = Array.from({ length: 9 }, (_, k) => k + 2); // 1 … 9 trials
  const keeper = createBudgetKeeper({ now: () => clock, deadline: 1000 * seconds, searchSeconds, turns, leftOut: [] });
  const work = (stage: string): Promise<number> =>
    keeper.spend(stage, { turns: 1, searches: 2 }, async (trials) => {
      clock += 1000 * (trials + 1) * slower(turn++);
      return trials;
    });
  return { keeper, work, spent: () => clock / 1000, wait: (s: number) => (clock += 1000 * s) };
}

describe("createBudgetKeeper", () => {
  it("makes all trials where the work goes as measured", async () => {
    const { keeper, work, spent } = scene(100, 10, () => 1);
    for (let k = 0; k < 10; k++) expect(await work("folds")).toBe(9);
    expect(spent()).toBe(100);
    expect(keeper.cuts).toEqual([]);
  });

  it("makes fewer where it is slower, and is done in time", async () => {
    for (const slower of [1.2, 2, 3]) {
      const { keeper, work, spent } = scene(100, 10, () => slower);
      const made: number[] = [];
      for (let k = 0; k < 10; k++) made.push(await work("folds"));
      expect(made[0]).toBe(9); // nothing was known yet
      expect(Math.min(...made)).toBeGreaterThanOrEqual(1);
      expect(spent()).toBeLessThanOrEqual(100);
      expect(spent()).toBeGreaterThan(70);
      expect(keeper.cuts.reduce((sum, cut) => sum + cut.searches, 0)).toBe(
        2 * made.filter((trials) => trials < 9).length,
      );
    }
  });

  it("recovers from a delay, and goes on with one trial where there is no time left", async () => {
    const one = scene(100, 10, (turn) => (turn === 0 ? 3 : 1));
    for (let k = 0; k < 10; k++) await one.work("folds");
    expect(one.spent()).toBeLessThanOrEqual(100);
    const late = scene(10, 4, () => 1);
    late.wait(20);
    for (let k = 0; k < 4; k++) expect(await late.work("folds")).toBe(1);
    expect(late.keeper.cuts).toEqual([{ stage: "folds", trials: 1, searches: 8 }]);
  });

  it("leaves a part out only where one trial in each search to come is too much", async () => {
    const { keeper, work, wait } = scene(20, 4, () => 1);
    expect(keeper.skip("learning curve", 2)).toBe(false); // 4 searches of 2 s
    await work("folds");
    wait(30);
    expect(keeper.skip("learning curve", 2)).toBe(true);
    expect(keeper.leftOut).toEqual(["learning curve"]);
    expect(keeper.skip("learning curve", 2)).toBe(true);
    expect(keeper.leftOut).toEqual(["learning curve"]);
  });
});
