import { expect, it } from "vitest";
import {
  campaignWindow,
  type NewResult,
  type NumberWindow,
  type ProcessWindow,
  tellCampaign,
} from "../../src/index.ts";
import { exactProcess } from "../exactProcess.ts";
import { AT, newCampaign, settings } from "./campaigns.ts";

const learner = exactProcess({ lengthScale: 1.5, noise: 0.01 });

/** At most 5 % austenite: up to 600 °C, whatever the time and the medium are. */
const tests = [500, 540, 580, 620, 660, 700].flatMap((T, i) =>
  ["oil", "water"].map((medium): NewResult => {
    const outcomes = { HV: 300, austenite: (T - 500) / 20 };
    return { settings: settings(T, [20, 60, 200][i % 3], medium), outcomes };
  }),
);

it("is where the constraints are met: as far as they allow, and all of what hardly matters", async () => {
  const { campaign } = await tellCampaign(await newCampaign(), tests, AT);
  const window = await campaignWindow(campaign.state, { learner, maxEvaluations: 1000 });
  const [T, t, medium] = window?.settings ?? [];
  expect(T).toMatchObject({ kind: "number", name: "T", unit: "degC", min: 500, max: 700 });
  // Uniform on 500 … 600 °C in steps of 5: quantiles 505 and 595, but for what is not known.
  const { lower, median, upper } = T as NumberWindow;
  expect(Math.abs(lower - 505)).toBeLessThanOrEqual(5);
  expect(Math.abs(median - 550)).toBeLessThanOrEqual(10);
  expect(Math.abs(upper - 595)).toBeLessThanOrEqual(10);
  // Log-uniform on 10 … 240 min: 11.7 and 205.
  const { lower: from, upper: to } = t as NumberWindow;
  expect([from < 15, to > 180]).toEqual([true, true]);
  expect(medium).toMatchObject({ kind: "category", credible: expect.arrayContaining(["oil", "water"]) });
  expect(window?.meanProbability).toBeGreaterThan(0.9);
  expect(await campaignWindow(campaign.state, { learner, maxEvaluations: 1000 })).toEqual(window);
});

it("keeps off the limits by what settings are missed by", async () => {
  const disturbance = { deviations: { T: 10 } };
  const { campaign } = await tellCampaign(await newCampaign({ disturbance }), tests, AT);
  const window = await campaignWindow(campaign.state, { learner, maxEvaluations: 1000 });
  expect(window?.isUnderScatter).toBe(true);
  const { campaign: exact } = await tellCampaign(await newCampaign(), tests, AT);
  const met = await campaignWindow(exact.state, { learner, maxEvaluations: 1000 });
  // The worst of 16 draws is one and a half to three deviations off.
  const [before, after] = [met, window].map((one) => (one as ProcessWindow).settings[0] as NumberWindow);
  const moved = (before?.upper ?? 0) - (after?.upper ?? 0);
  expect(moved).toBeGreaterThanOrEqual(15);
  expect(moved).toBeLessThanOrEqual(35);
});

it("is that of what is given, keeps off where experiments failed, and is none without a constraint or enough of it", async () => {
  const other = tests.map((test) => ({ ...test, settings: { ...test.settings, C: 0.5 }, outcomes: { austenite: 9 } }));
  const failed = tests.filter((test) => test.settings?.["medium"] === "water").map(asFailed);
  const mine = tests.filter((test) => test.settings?.["medium"] === "oil");
  const { campaign } = await tellCampaign(await newCampaign(), [...other, ...mine, ...failed], AT);
  const window = await campaignWindow(campaign.state, { learner, maxEvaluations: 1000 });
  const [T, , medium] = window?.settings ?? [];
  expect((T as NumberWindow).upper).toBeLessThanOrEqual(615);
  expect(medium).toMatchObject({ levels: [{ value: "oil" }, { value: "water" }] });
  expect(medium?.kind === "category" && (medium.levels[0]?.probability ?? 0) > 0.6).toBe(true);
  const few = await tellCampaign(await newCampaign(), tests.slice(0, 3), AT);
  expect(await campaignWindow(few.campaign.state, { learner })).toBeUndefined();
  const measured = tests.map((test) => ({ ...test, outcomes: { HV: 300 } }));
  const free = await tellCampaign(await newCampaign({ constraints: [] }), measured, AT);
  expect(await campaignWindow(free.campaign.state, { learner })).toBeUndefined();
});

function asFailed({ settings: made }: NewResult): NewResult {
  return { settings: made, status: "failed" };
}
