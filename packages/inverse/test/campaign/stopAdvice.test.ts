import { describe, expect, it } from "vitest";
import {
  askCampaign,
  type CampaignState,
  campaignState,
  changeCampaign,
  changedSinceAsk,
  type JournalEntry,
  readJournal,
  type StopAdvice,
  stopAdvice,
} from "../../src/index.ts";
import { ASK, AT, DEFINITION, NO_LIMIT, newCampaign, settings, sixTold } from "./campaigns.ts";

describe("stopAdvice", () => {
  const cost = { name: "cost", unit: "EUR", direction: "minimize" } as const;
  const ask = (n: number, expectedGain: number): JournalEntry => ({
    ...{ n, ...AT, kind: "ask", suggestions: [], notes: [], expectedGain, noiseStd: 3 },
  });
  const stateWith = (nTold: number, gain: number, replicates: readonly number[] = []): CampaignState => {
    const outcomes = [...Array.from({ length: nTold }, (_, i) => [500 + i, i]), ...replicates.map((HV) => [700, HV])];
    const results = outcomes.map(([T = 0, HV = 0], i) => ({
      ...{ id: `T${i}`, status: "ok" as const, settings: settings(T), outcomes: { HV } },
    }));
    const [start] = readJournal(journalOf).entries;
    return campaignState([start as JournalEntry, { n: 2, ...AT, kind: "tell", results }, ask(3, gain)]);
  };
  let journalOf = "";

  it("stops where the gain is below the noise: of replicates where there are enough, else the surrogate's, and not too early", async () => {
    journalOf = (await newCampaign(NO_LIMIT)).path;
    expect(stopAdvice(stateWith(12, 2))).toMatchObject({ stop: true, noiseFrom: "surrogate", noise: 3, of: "value" });
    expect(stopAdvice(stateWith(12, 4))).toMatchObject({ stop: false });
    expect(stopAdvice(stateWith(6, 2))).toMatchObject({ stop: false, nKnown: 6, nNeeded: 10 });
    const replicated = stopAdvice(stateWith(12, 2, [10, 11, 12, 13, 14]));
    expect(replicated).toMatchObject({ stop: false, noiseFrom: "replicates" });
    // Gains of two objectives are volumes, and compared with what noise would gain.
    journalOf = (await newCampaign({ ...NO_LIMIT, objectives: [...DEFINITION.objectives, cost] })).path;
    const ofTwo = (gain: number, noiseGain: number | undefined): StopAdvice | undefined => {
      const state = stateWith(12, gain);
      const [last] = state.asks;
      const runs = state.experiments.map((one) => ({
        ...one,
        runs: one.runs.map((run) => ({ ...run, outcomes: { HV: 300, cost: 1 } })),
      }));
      return stopAdvice({
        ...state,
        experiments: runs,
        asks: [{ ...(last as CampaignState["asks"][number]), noiseGain }],
      });
    };
    expect(ofTwo(4, 5)).toMatchObject({ stop: true, of: "hypervolume", noise: 5, nKnown: 12 });
    expect(ofTwo(6, 5)).toMatchObject({ stop: false, noiseFrom: "surrogate" });
    expect(ofTwo(6, undefined)).toBeUndefined();
    expect(replicated?.noise).toBeCloseTo(Math.sqrt(2.5), 12);
  });

  it("says nothing from a change of the campaign until the next ask", async () => {
    const asked = await askCampaign(await sixTold(), ASK);
    expect(asked.advice).toBeDefined();
    const fixed = DEFINITION.space.fixed.map((input) => ({ ...input, value: 0.5 }));
    const changed = await changeCampaign(asked.campaign, { space: { ...DEFINITION.space, fixed } }, AT);
    expect(stopAdvice(changed.state)).toBeUndefined();
    expect(changedSinceAsk(changed.state)?.n).toBe(4);
    const next = await askCampaign(changed, ASK);
    expect([stopAdvice(next.campaign.state), changedSinceAsk(next.campaign.state)]).toEqual([next.advice, undefined]);
    expect(next.advice).toBeDefined();
  });
});
