import { describe, expect, it } from "vitest";
import { type AskEntryOptions, askCampaign, changeCampaign, decideAsk, openCampaign } from "../../src/index.ts";
import { ASK, AT, DEFINITION, NO_LIMIT, newCampaign, sixTold } from "./campaigns.ts";

describe("settings that are not met exactly", () => {
  const disturbance = { deviations: { T: 5, t: 0.1 }, counts: "worst" } as const;

  it("are kept in the journal, and what counts under them is optimised and said", async () => {
    const campaign = await sixTold({ ...NO_LIMIT, disturbance });
    expect(campaign.state.disturbance).toEqual(disturbance);
    const method = async (options: Partial<AskEntryOptions> = {}) =>
      (await decideAsk(openCampaign(campaign.path).state, { ...ASK, ...options })).suggestions[0]?.method;
    expect(await method()).toBe(
      "log expected improvement of the worst case (worst under scatter: T ± 5 degC, t ± 10 %)",
    );
    expect(await method({ disturbance: { deviations: { T: 8 } } })).toBe(
      "log expected improvement (mean under scatter: T ± 8 degC)",
    );
    expect(await method({ disturbance: null })).toBe("log expected improvement");
    await changeCampaign(campaign, { disturbance: { ...disturbance, counts: "mean" } }, AT);
    expect(await method()).toBe("log expected improvement (mean under scatter: T ± 5 degC, t ± 10 %)");
    const { state } = await changeCampaign(campaign, { disturbance: null }, AT);
    expect(state.disturbance).toBeUndefined();
    expect(await method()).toBe("log expected improvement");
    const { suggestions, campaign: asked } = await askCampaign(campaign, { ...ASK, disturbance });
    expect(suggestions[0]?.underScatter?.[0]?.mean).toBeLessThan(suggestions[0]?.expected[0]?.mean as number);
    expect(asked.state.experiments.at(-1)?.asked?.suggestion).toEqual(suggestions[0]);
  });

  it("are refused where they make no sense, at the start and midway", async () => {
    const objectives = [...DEFINITION.objectives, { name: "cost", unit: "EUR", direction: "minimize" } as const];
    const many = ["a", "b", "c"].map((name) => ({ name, unit: "", direction: "maximize" }) as const);
    const five = [...objectives, ...many];
    await expect(newCampaign({ disturbance, objectives: five })).rejects.toThrow(
      "weighed for up to 4 objectives, got 5",
    );
    await expect(newCampaign({ disturbance: { deviations: { medium: 1 } } })).rejects.toThrow(
      '"medium" is no number and does not scatter',
    );
    await expect(newCampaign({ disturbance: { deviations: { Temp: 1 } } })).rejects.toThrow(
      '"Temp" is no variable that may be turned; there are: T, t, medium',
    );
    const campaign = await newCampaign({ ...NO_LIMIT, disturbance });
    const [T, t, ...others] = DEFINITION.space.variables;
    const linear = { ...DEFINITION.space, variables: [T, { ...t, scale: "linear" } as never, ...others] as never };
    await expect(changeCampaign(campaign, { space: linear }, AT)).rejects.toThrow('"t" scatters, and would no longer');
    const { state } = await changeCampaign(campaign, { space: linear, disturbance: { deviations: { t: 4 } } }, AT);
    expect(state.disturbance).toEqual({ deviations: { t: 4 } });
    const worst = { deviations: { t: 4 }, counts: "worst" } as const;
    await expect(changeCampaign(campaign, { objectives: five, disturbance: worst }, AT)).rejects.toThrow("got 5");
    expect((await changeCampaign(campaign, { objectives }, AT)).state.disturbance).toEqual({ deviations: { t: 4 } });
  });
});
