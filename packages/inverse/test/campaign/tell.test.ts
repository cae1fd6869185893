import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  askCampaign,
  campaignState,
  changeCampaign,
  createCampaign,
  decideTell,
  experimentsTable,
  type FixedInput,
  type NewResult,
  observationsOf,
  openCampaign,
  openOutside,
  progressOf,
  readJournal,
  replicateNoise,
  settingsMeans,
  tellCampaign,
} from "../../src/index.ts";
import { exactProcess } from "../exactProcess.ts";
import { AT, DEFINITION, journalPath, newCampaign, settings } from "./campaigns.ts";

const ok = (T: number, HV: number): NewResult => ({ settings: settings(T), outcomes: { HV, austenite: 1 } });

describe("createCampaign", () => {
  it("starts from nothing", async () => {
    const { state } = await newCampaign();
    expect(state).toMatchObject({
      seed: 7,
      experiments: [],
      outcomes: [{ name: "HV" }, { name: "austenite", unit: "%" }],
    });
    expect(observationsOf(state).observations).toMatchObject({
      points: [],
      pending: [],
      values: { rows: 0, columns: 2 },
    });
  });

  it.each([
    ["no objective", { objectives: [] }, "without an objective"],
    ["a missing direction", { objectives: [{ name: "HV", unit: "" } as never] }, "maximize or minimize, got nothing"],
    ["an objective twice", { objectives: [...DEFINITION.objectives, ...DEFINITION.objectives] }, "given twice"],
    [
      "an outcome that is a setting",
      { objectives: [{ name: "T", unit: "degC", direction: "maximize" }] },
      "both a setting and",
    ],
    ["two units of one outcome", { constraints: [{ target: "HV", unit: "GPa", relation: ">=", low: 1 }] }, "use one"],
    ["a seed below 0", { seed: -1 }, "whole number"],
    [
      "a space with reversed bounds",
      { space: { ...DEFINITION.space, variables: [{ ...DEFINITION.space.variables[0], min: 900 } as never] } },
      "reversed",
    ],
    [
      "a sum out of reach",
      { space: { ...DEFINITION.space, sums: [{ columns: ["T", "t"], total: 2000, tolerance: 1 }] } },
      "these cannot hold together: T <= 700 degC; t <= 240 min; T + t = 2000",
    ],
    [
      "constraints that exclude each other",
      {
        space: {
          ...DEFINITION.space,
          constraints: [{ kind: "linear", terms: [{ name: "T", coefficient: 1 }], min: 800 }],
        },
      },
      "cannot hold together",
    ],
  ] as const)("refuses %s, and leaves no journal", async (_, part, says) => {
    const path = journalPath();
    await expect(createCampaign(path, { ...DEFINITION, ...part } as never, AT)).rejects.toThrow(says);
    expect(existsSync(path)).toBe(false);
  });
});

describe("tellCampaign", () => {
  it.each<readonly [string, NewResult, string]>([
    ["NaN", { settings: settings(600), outcomes: { HV: Number.NaN } }, "leave out what was not measured"],
    ["an infinite value", { settings: settings(600), outcomes: { HV: 1 / 0 } }, '"HV" is Infinity'],
    ["neither outcome nor status", { settings: settings(600) }, "neither outcomes nor a status"],
    ["ok without outcome", { settings: settings(600), status: "ok" }, "without any outcome"],
    ["failed with outcome", { settings: settings(600), status: "failed", outcomes: { HV: 1 } }, "drop the outcomes"],
    ["a missing setting", { settings: { T: 600, t: 60 }, outcomes: { HV: 1 } }, 'no value of "medium"'],
    [
      "a setting that is no number",
      { settings: { ...settings(600), t: "long" }, outcomes: { HV: 1 } },
      '"t" must be a number',
    ],
    [
      "an unknown setting",
      { settings: { ...settings(600), Temp: 1 }, outcomes: { HV: 1 } },
      "no setting of this campaign",
    ],
    ["an unknown outcome", { settings: settings(600), outcomes: { hv: 1 } }, 'did you mean "HV"?'],
    ["a suggestion never made", { id: "S4", outcomes: { HV: 1 } }, "none is open"],
    ["noise of 0", { settings: settings(600), outcomes: { HV: 1 }, noiseStd: { HV: 0 } }, "must be above 0"],
    ["withdrawing the unknown", { id: "x", status: "withdrawn", settings: settings(600) }, "can be withdrawn"],
  ])("refuses %s, and then writes nothing of the others either", async (_, bad, says) => {
    const campaign = await newCampaign();
    await expect(tellCampaign(campaign, [ok(550, 300), bad], AT)).rejects.toThrow(says);
    expect(openCampaign(campaign.path).state.nEntries).toBe(1);
  });

  it("says nothing of a number between two steps: it was run where the campaign may go", async () => {
    const { notes } = await tellCampaign(await newCampaign(), [ok(603, 300)], AT);
    expect(notes).toEqual([]);
  });

  it("takes a point outside the space with a note, learns from it, and one whose level nobody knows is left out", async () => {
    const { campaign, notes } = await tellCampaign(
      await newCampaign(),
      [ok(950, 200), { settings: settings(600, 60, "brine"), outcomes: { HV: 400 } }],
      AT,
    );
    expect(notes).toEqual([
      "result of T1: outside the space (T = 950 degC lies outside 500 … 700 degC); learned from, never proposed",
      'result of T2: has "brine" for "medium"; known are oil, water; kept, but not learned from',
    ]);
    const { observations, leftOut } = observationsOf(campaign.state);
    expect(observations.points).toEqual([Float64Array.of(950, 60, 0)]);
    expect(leftOut).toEqual([{ id: "T2", why: 'has "brine" for "medium"; known are oil, water' }]);
  });

  it("a result of another heat teaches: the fixed input becomes a variable that is held", async () => {
    const { campaign } = await tellCampaign(
      await newCampaign(),
      [ok(550, 300), { settings: { ...settings(560), C: 0.3 }, outcomes: { HV: 250 } }],
      AT,
    );
    const { space, fixed, observations } = observationsOf(campaign.state);
    expect(space.variables.at(-1)).toMatchObject({ name: "C", kind: "continuous", min: 0.3, max: 0.4, unit: "wt%" });
    expect(fixed).toEqual([{ name: "C", value: 0.4, unit: "wt%" }]);
    expect(observations.points).toEqual([Float64Array.of(550, 60, 0, 0.4), Float64Array.of(560, 60, 0, 0.3)]);
    expect(campaign.state.space.fixed).toHaveLength(1);
  });

  it("told twice is told once; more of the same measurement takes its place; equal rows of one call are replicates", async () => {
    const campaign = await newCampaign();
    const first = { id: "a", settings: settings(600), outcomes: { HV: 300 } };
    await tellCampaign(campaign, [first, first, ok(550, 280)], AT);
    const again = await tellCampaign(campaign, [first, first, ok(550, 280)], AT);
    expect(again).toMatchObject({ nTold: 0, alreadyTold: ["T1", "a"], notes: ["told before, left out: T1, a"] });
    expect(again.campaign.state.nEntries).toBe(2);
    const more = { ...first, outcomes: { HV: 300, austenite: 2 } };
    const { campaign: after } = await tellCampaign(campaign, [more, first], AT);
    expect(after.state.experiments.find(({ id }) => id === "a")?.runs.map(({ outcomes }) => outcomes)).toEqual([
      { HV: 300 },
      { HV: 300, austenite: 2 },
    ]);
  });

  it("a different result is refused until it is called a replicate or a correction", async () => {
    const campaign = await newCampaign();
    const result = (HV: number): NewResult => ({ id: "a", settings: settings(600), outcomes: { HV } });
    await tellCampaign(campaign, [result(300)], AT);
    await expect(tellCampaign(campaign, [result(310)], AT)).rejects.toThrow(
      'HV = 300 (2.1), now HV = 310; say whether it is a further measurement ("replicate") or a correction ("correct"): --again',
    );
    await expect(tellCampaign(campaign, [{ ...result(300), settings: settings(610) }], AT)).rejects.toThrow(
      "HV = 300 at T = 600 (2.1), now HV = 300 at T = 610; say whether",
    );
    await expect(tellCampaign(campaign, [{ ...result(310), row: 5 }], AT)).rejects.toThrow("row 5, result of a: told");
    const { campaign: two } = await tellCampaign(campaign, [result(310)], { ...AT, repeated: "replicate" });
    expect(replicateNoise(two.state, "HV")).toEqual({ std: Math.sqrt(50), degreesOfFreedom: 1 });
    const { campaign: one } = await tellCampaign(campaign, [result(305)], { ...AT, repeated: "correct" });
    expect(one.state.experiments[0]?.runs.map(({ outcomes }) => outcomes["HV"])).toEqual([305]);
    expect(readJournal(campaign.path).entries.at(-1)).toMatchObject({ results: [{ replaces: ["2.1", "3.1"] }] });
  });

  it("failed runs are marked, pending ones apart, told noise is a variance", async () => {
    const { campaign } = await tellCampaign(
      await newCampaign(),
      [
        { ...ok(550, 300), noiseStd: { HV: 4 } },
        { id: "b", settings: settings(690), status: "failed", note: "cracked" },
        { id: "c", settings: settings(600), status: "pending" },
      ],
      AT,
    );
    const { observations, ids } = observationsOf(campaign.state);
    expect(observations.values.data).toEqual(Float64Array.of(300, 1, Number.NaN, Number.NaN));
    expect(observations.noiseVariance?.data).toEqual(Float64Array.of(16, 0, 0, 0));
    expect([observations.failed, observations.pending, ids]).toEqual([
      Uint8Array.of(0, 1),
      [Float64Array.of(600, 60, 0)],
      ["T1", "b"],
    ]);
    const { campaign: done } = await tellCampaign(
      campaign,
      [
        { id: "c", outcomes: { HV: 1 } },
        { id: "c", outcomes: { HV: 2 } },
      ],
      AT,
    );
    expect(done.state.experiments.map(({ status, runs }) => [status, runs.length])).toEqual([
      ["ok", 1],
      ["failed", 1],
      ["ok", 2],
    ]);
  });

  it("the best so far counts only runs that meet the constraints", async () => {
    const { campaign } = await tellCampaign(
      await newCampaign(),
      [
        ok(550, 300),
        { settings: settings(600), outcomes: { HV: 400, austenite: 9 } },
        { settings: settings(610), outcomes: { HV: 390 } },
        ok(560, 320),
      ],
      AT,
    );
    const steps = progressOf(campaign.state, DEFINITION.objectives[0] ?? ({} as never));
    expect(steps.map(({ best, isFeasible }) => [best, isFeasible])).toEqual([
      [300, true],
      [300, false],
      [300, false],
      [320, true],
    ]);
  });

  it("the best so far is the mean of replicates, and of what nobody can ask for nothing", async () => {
    const brine = { settings: settings(600, 60, "brine"), outcomes: { HV: 900, austenite: 1 } };
    const { campaign } = await tellCampaign(
      await newCampaign(),
      [ok(560, 320), ok(550, 309), ok(550, 360), ok(550, 306), ok(900, 800), brine],
      AT,
    );
    const steps = progressOf(campaign.state, DEFINITION.objectives[0] ?? ({} as never));
    expect(steps.map(({ best, bestRuns, isFeasible }) => [best, bestRuns.length, isFeasible])).toEqual([
      [320, 1, true],
      [320, 1, true],
      [334.5, 2, true],
      [325, 3, true],
      [325, 3, false],
      [325, 3, false],
    ]);
    expect(settingsMeans(campaign.state).map(({ outcomes }) => outcomes["HV"])).toEqual([320, 325]);
  });
});

describe("changeCampaign", () => {
  it("says which open suggestions cannot be asked for any more, and why", async () => {
    const { campaign } = await askCampaign(await newCampaign(), { ...AT, learner: exactProcess(), batch: 4 });
    expect(openOutside(campaign.state)).toEqual([]);
    const [T, ...others] = DEFINITION.space.variables;
    const space = { ...DEFINITION.space, variables: [{ ...T, max: 560 } as never, ...others] };
    const { state } = await changeCampaign(campaign, { space }, AT);
    const hot = state.experiments.filter(({ settings: { T: asked } }) => Number(asked) > 560);
    expect(hot.length).toBeGreaterThan(0);
    expect(openOutside(state)).toEqual(
      hot.map(({ id, settings: { T: asked } }) => ({ id, why: `T = ${asked} degC lies outside 500 … 560 degC` })),
    );
    const [C] = DEFINITION.space.fixed;
    const other = await changeCampaign(campaign, { space: { ...space, fixed: [{ ...C, value: 0.5 } as never] } }, AT);
    expect(openOutside(other.state)).toHaveLength(4);
    expect(openOutside(other.state)[0]?.why).toBe("C = 0.4, now 0.5");
  });

  it("says nothing of open suggestions that were asked for with another given, or as another version", async () => {
    const other = await askCampaign(await newCampaign(), {
      ...AT,
      learner: exactProcess(),
      batch: 2,
      fixed: { C: 0.5 },
    });
    expect(openOutside(other.campaign.state)).toEqual([]);
    const fidelity = { name: "C", costs: { "0.4": 10, "0.5": 1 } };
    const open = other.campaign.state.experiments.map(({ asked: _, ...experiment }) => experiment);
    expect(openOutside({ ...other.campaign.state, fidelity, experiments: open })).toEqual([]);
  });

  it("keeps what was told: narrower bounds, another objective, a new variable with the value it had", async () => {
    const { campaign } = await tellCampaign(await newCampaign(), [ok(550, 300), ok(690, 310)], AT);
    const [T, ...others] = DEFINITION.space.variables;
    const agitation = {
      kind: "continuous",
      name: "stirring",
      role: "process",
      unit: "1/s",
      min: 0,
      max: 5,
      scale: "linear",
    } as const;
    const changed = await changeCampaign(
      campaign,
      {
        space: { ...DEFINITION.space, variables: [{ ...T, max: 650 } as never, ...others, agitation] },
        objectives: [...DEFINITION.objectives, { name: "energy", unit: "MJ", direction: "minimize" }],
        constraints: [],
        assume: { stirring: 1 },
        note: "second furnace",
      },
      AT,
    );
    expect(changed.state.outcomes.map(({ name }) => name)).toEqual(["HV", "energy"]);
    const { observations } = observationsOf(changed.state);
    expect(observations.points).toEqual([Float64Array.of(550, 60, 0, 1), Float64Array.of(690, 60, 0, 1)]);
    expect(observations.values.data).toEqual(Float64Array.of(300, Number.NaN, 310, Number.NaN));
    expect(campaignState(readJournal(campaign.path).entries).changes).toMatchObject([{ n: 3, note: "second furnace" }]);
    const inKelvin = { ...DEFINITION.space, variables: [{ ...T, unit: "K" } as never, ...others] };
    await expect(changeCampaign(campaign, { space: inKelvin }, AT)).rejects.toThrow("keep the unit");
  });

  it("leaves experiments that do not name what is given at the value that was given then", async () => {
    const { campaign } = await tellCampaign(await newCampaign(), [ok(550, 300), { ...ok(560, 310), id: "mine" }], AT);
    const [carbon] = DEFINITION.space.fixed;
    const given = (...fixed: readonly FixedInput[]) => ({ space: { ...DEFINITION.space, fixed } });
    const changed = await changeCampaign(campaign, given({ ...(carbon as FixedInput), value: 0.6 }), AT);
    const { state } = (await tellCampaign(changed, [ok(550, 320)], AT)).campaign;
    expect(state.experiments.map((experiment) => experiment.settings["C"] ?? "as given")).toEqual([
      0.4,
      0.4,
      "as given",
    ]);
    expect(observationsOf(state).observations.points.map((point) => point[3])).toEqual([0.4, 0.4, 0.6]);
    expect(experimentsTable(state, ["T1", "mine", "T2"]).column("C")).toMatchObject({
      values: Float64Array.of(0.4, 0.4, 0.6),
    });
    // Told again, row by row as before, it is the same experiment.
    expect(decideTell(state, [{ id: "mine", outcomes: { HV: 310, austenite: 1 } }]).alreadyTold).toEqual(["mine"]);
  });

  it("asks for the value that experiments had of an input that is given from now on", async () => {
    const { campaign } = await tellCampaign(await newCampaign(), [ok(550, 300)], AT);
    const furnace: FixedInput = {
      name: "furnace",
      role: "process",
      unit: "",
      columnKind: "category",
      value: "B",
      why: "fixed",
    };
    const space = { ...DEFINITION.space, fixed: [...DEFINITION.space.fixed, furnace] };
    await expect(changeCampaign(campaign, { space }, AT)).rejects.toThrow('"furnace" is new: say which value it had');
    const { state } = await changeCampaign(campaign, { space, assume: { furnace: "A" } }, AT);
    expect(observationsOf(state).observations.points).toEqual([Float64Array.of(550, 60, 0, 1)]);
    await expect(changeCampaign(await newCampaign(), { space }, AT)).resolves.toBeDefined();
  });
});

it("deciding is a pure function of the state", async () => {
  const { state } = await newCampaign();
  const before = structuredClone(state);
  expect(decideTell(state, [ok(550, 1)])).toEqual(decideTell(state, [ok(550, 1)]));
  expect(state).toEqual(before);
});
