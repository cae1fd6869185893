import { copyFileSync, readFileSync } from "node:fs";
import { readTable, writeTable } from "@materiome/core";
import { describe, expect, it } from "vitest";
import {
  type AskEntryOptions,
  askCampaign,
  type Campaign,
  type CampaignDefinition,
  type CampaignState,
  campaignState,
  changeCampaign,
  changedSinceAsk,
  decideAsk,
  experimentsTable,
  type JournalEntry,
  type NewResult,
  openCampaign,
  readJournal,
  resultsFromTable,
  type StopAdvice,
  stopAdvice,
  tellCampaign,
} from "../../src/index.ts";
import { exactProcess } from "../exactProcess.ts";
import { AT, DEFINITION, journalPath, newCampaign, settings } from "./campaigns.ts";

const ASK = { ...AT, learner: exactProcess() };
const NO_LIMIT = { constraints: [] };

function result(T: number, t: number, medium: string): NewResult {
  const HV = 500 - ((T - 610) / 20) ** 2 - 20 * Math.log10(t / 60) ** 2 + (medium === "water" ? 20 : 0);
  return { settings: { T, t, medium }, outcomes: { HV } };
}

/** Six results, two of them outside the space. */
async function sixTold(definition: Partial<CampaignDefinition> = NO_LIMIT): Promise<Campaign> {
  const points = [
    [500, 20, "oil"],
    [600, 60, "water"],
    [690, 200, "oil"],
    [550, 100, "water"],
    [450, 60, "oil"],
    [640, 400, "water"],
  ] as const;
  const { campaign } = await tellCampaign(
    await newCampaign(definition),
    points.map(([T, t, medium]) => result(T, t, medium)),
    AT,
  );
  return campaign;
}

describe("askCampaign", () => {
  it("starts from zero rows, and what was asked is pending from then on", async () => {
    const { campaign, suggestions, advice } = await askCampaign(await newCampaign(), { ...ASK, batch: 3 });
    expect(suggestions.map(({ id }) => id)).toEqual(["S1", "S2", "S3"]);
    expect(advice).toBeUndefined();
    expect(campaign.state.experiments.map(({ status }) => status)).toEqual(["pending", "pending", "pending"]);
    const next = await askCampaign(campaign, ASK);
    expect(next.suggestions[0]?.id).toBe("S4");
    const all = [...suggestions, ...next.suggestions].map((one) => JSON.stringify(one.settings));
    expect(new Set(all).size).toBe(4);
  });

  it("gives the same suggestions from the same journal, others from another seed, and reasons that the journal keeps", async () => {
    const first = await sixTold();
    const copy = journalPath();
    copyFileSync(first.path, copy);
    const a = await askCampaign(first, { ...ASK, batch: 2 });
    const b = await askCampaign(openCampaign(copy), { ...ASK, batch: 2, at: "2027-01-01" });
    expect(b.suggestions).toEqual(a.suggestions);
    const other = await askCampaign(await newCampaign({ seed: 8 }), ASK);
    const same = await askCampaign(await newCampaign(), ASK);
    expect(other.suggestions[0]?.settings).not.toEqual(same.suggestions[0]?.settings);
    expect(readJournal(first.path).entries.at(-1)).toMatchObject({ kind: "ask", suggestions: a.suggestions });
    for (const { settings: chosen, nearest, variables, expected } of a.suggestions) {
      expect(chosen["T"]).toBeGreaterThanOrEqual(500);
      expect(chosen["t"]).toBeLessThanOrEqual(240);
      expect(first.state.experiments.map(({ id }) => id)).toContain(nearest?.id);
      expect(variables.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
      expect(expected[0]).toMatchObject({ name: "HV", unit: "HV" });
    }
  });

  it("holds what is fixed in this batch, and a heat that others differ from", async () => {
    const campaign = await sixTold();
    await tellCampaign(campaign, [{ ...result(600, 60, "oil"), settings: { ...settings(600), C: 0.5 } }], AT);
    const { suggestions } = await askCampaign(campaign, { ...ASK, batch: 2, fixed: { T: 605 } });
    for (const suggestion of suggestions) expect(suggestion.settings).toMatchObject({ T: 605, C: 0.4 });
    // Other heats can be asked for, too: the given input is then a variable held at that value.
    const { suggestions: others } = await askCampaign(campaign, { ...ASK, fixed: { C: 0.45 } });
    expect(others[0]?.settings).toMatchObject({ C: 0.45 });
  });

  it("shares a setting within a batch", async () => {
    const { suggestions } = await askCampaign(await sixTold(), { ...ASK, batch: 3, sharedInBatch: ["T"] });
    expect(new Set(suggestions.map((one) => one.settings["T"])).size).toBe(1);
    expect(new Set(suggestions.map((one) => JSON.stringify(one.settings))).size).toBe(3);
  });

  it("goes on with the start until batches that share a setting had a few values of it", async () => {
    let campaign = await newCampaign(NO_LIMIT);
    const methods: (string | undefined)[] = [];
    for (let batch = 0; batch < 4; batch++) {
      const asked = await askCampaign(campaign, { ...ASK, batch: 3, sharedInBatch: ["T"] });
      methods.push(asked.suggestions[0]?.method);
      const start = `Space-filling start: ${batch} of 3 batches with different values of "T", which a batch shares`;
      expect(asked.notes.join().includes(start)).toBe(batch < 3);
      // The time has no step: as many digits as anyone sets.
      for (const {
        settings: { t },
      } of asked.suggestions)
        expect(String(t).length).toBeLessThanOrEqual(6);
      const told = asked.suggestions.map(({ id, settings: { T, t, medium } }) => ({
        id,
        outcomes: result(T as number, t as number, medium as string).outcomes ?? {},
      }));
      ({ campaign } = await tellCampaign(asked.campaign, told, AT));
    }
    expect(methods).toEqual(["Sobol start", "Sobol start", "Sobol start", "log expected improvement"]);
  });

  it("says that equal results tell nothing, and refuses settings that are none", async () => {
    const equal = [500, 550, 600, 650].map((T) => ({ settings: settings(T), outcomes: { HV: 300 } }));
    const { campaign } = await tellCampaign(await newCampaign(NO_LIMIT), equal, AT);
    const { notes } = await askCampaign(campaign, ASK);
    expect(notes.join()).toContain("are equal");
    await expect(askCampaign(campaign, { ...ASK, sharedInBatch: ["temperature"] })).rejects.toThrow("cannot be shared");
    await expect(askCampaign(campaign, { ...ASK, fixed: { T: 900 } })).rejects.toThrow(
      "cannot be held at 900: T = 900 degC lies outside 500 … 700 degC",
    );
    await expect(askCampaign(campaign, { ...ASK, fixed: { medium: "brine" } })).rejects.toThrow("it takes oil, water");
  });

  it("a better result under other givens is not the one to beat", async () => {
    const campaign = await sixTold();
    const other = { ...result(600, 60, "oil"), settings: { ...settings(600), C: 0.5 }, outcomes: { HV: 900 } };
    await tellCampaign(campaign, [other], AT);
    const { campaign: asked } = await askCampaign(campaign, ASK);
    expect(asked.state.asks.at(-1)?.expectedGain).toBeGreaterThan(1);
    const { notes } = await askCampaign(campaign, { ...ASK, fixed: { C: 0.45 } });
    expect(notes.join()).toContain("Nothing was tried yet under what is given");
  });

  it("keeps constraints on outcomes, and stays away from where experiments failed", async () => {
    const points = [520, 560, 600, 640, 680].flatMap((T) => ["oil", "water"].map((medium) => [T, medium] as const));
    const tests = points.map(([T, medium]): NewResult => {
      const told = result(T, 60, medium);
      if (medium === "water") return { settings: told.settings, status: "failed" };
      return { ...told, outcomes: { ...told.outcomes, austenite: (T - 500) / 20 } };
    });
    const campaign = await newCampaign();
    await tellCampaign(campaign, tests, AT);
    const { suggestions, notes } = await askCampaign(campaign, ASK);
    expect(notes).toEqual([]);
    expect(suggestions[0]).toMatchObject({
      settings: { medium: "oil" },
      expected: [{ name: "HV" }, { name: "austenite" }],
    });
    expect(suggestions[0]?.settings["T"]).toBeLessThan(620); // at most 5 % austenite: up to 600 °C; best without it: 610 °C
    expect(suggestions[0]?.feasibleProbability).toBeLessThan(1);
  });

  it("follows narrower bounds, and knows what was tried outside them", async () => {
    const campaign = await sixTold();
    const [T, ...others] = DEFINITION.space.variables;
    const space = { ...DEFINITION.space, variables: [{ ...T, max: 560 } as never, ...others] };
    const { suggestions } = await askCampaign(await changeCampaign(campaign, { space }, AT), { ...ASK, batch: 3 });
    for (const suggestion of suggestions) expect(suggestion.settings["T"]).toBeLessThanOrEqual(560);
  });

  it("makes suggestions anew when another process told something meanwhile", async () => {
    const campaign = await sixTold();
    const { fit } = ASK.learner;
    let fits = 0;
    const learner = {
      ...ASK.learner,
      fit: async (...args: Parameters<typeof fit>) => {
        if (fits++ === 0) await tellCampaign(campaign, [{ ...result(610, 70, "water"), id: "late" }], AT);
        return fit.apply(ASK.learner, args);
      },
    };
    const { campaign: now } = await askCampaign(campaign, { ...ASK, learner });
    expect(fits).toBeGreaterThan(1);
    expect(now.state.experiments.map(({ id }) => id).slice(-2)).toEqual(["late", "S1"]);
    expect(readJournal(campaign.path).edits).toEqual([]);
  });
});

describe("versions of an experiment", () => {
  const fidelity = { name: "Method", costs: { experiment: 1000, simulation: 1 } };
  const fixed = [
    ...DEFINITION.space.fixed,
    { name: "Method", role: "process", unit: "", columnKind: "category", value: "experiment", why: "fixed" } as const,
  ];
  const definition = { ...NO_LIMIT, space: { ...DEFINITION.space, fixed }, fidelity };

  it("are kept in the journal; a start measures every third in the one that counts, later ones gain most per cost", async () => {
    let campaign = await newCampaign(definition);
    expect(campaign.state.fidelity).toEqual(fidelity);
    const methods = (list: readonly { readonly settings: Readonly<Record<string, unknown>> }[]) =>
      list.map(({ settings: { Method } }) => Method);
    const start = await askCampaign(campaign, { ...ASK, batch: 6 });
    expect(methods(start.suggestions)).toEqual(
      [0, 1, 2, 3, 4, 5].map((i) => (i % 3 === 0 ? "experiment" : "simulation")),
    );
    // Each place that counts is measured by the cheap version, too; the others are new places.
    const places = start.suggestions.map(({ settings: { T, t, medium } }) => [T, t, medium].join());
    expect([places[1], places[4]]).toEqual([places[0], places[3]]);
    expect(new Set(places).size).toBe(4);
    const told = start.suggestions.map(({ id, settings: { T, t } }) => ({
      id,
      outcomes: result(Number(T), Number(t), "oil").outcomes,
    }));
    campaign = (await tellCampaign(start.campaign, told, AT)).campaign;
    // Versions of which the surrogate thinks that they go together: the cheap one is asked for.
    const alike = await askCampaign(campaign, {
      ...AT,
      learner: exactProcess({ lengthScale: 1, noise: 0.5 }),
      batch: 1,
    });
    expect(methods(alike.suggestions)).toEqual(["simulation"]);
    expect(alike.suggestions[0]?.method).toContain("Method = simulation gains most per cost");
    // Of which it thinks that they have nothing to do with each other: the one that counts.
    const apart = await decideAsk(campaign.state, { learner: exactProcess({ lengthScale: 0.1 }) });
    expect(methods(apart.suggestions)).toEqual(["experiment"]);
    const asked = await decideAsk(campaign.state, { ...ASK, fixed: { Method: "simulation" } });
    expect(asked.suggestions[0]).toMatchObject({ settings: { Method: "simulation" } });
    expect(asked.suggestions[0]?.method).not.toContain("per cost");
  });

  it.each([
    [{ name: "Way", costs: fidelity.costs }, "it is not given"],
    [{ name: "Method", costs: { experiment: 1 } }, "at least two versions"],
    [{ name: "Method", costs: { trial: 1, simulation: 2 } }, "which counts"],
    [{ name: "Method", costs: { experiment: 1, simulation: -2 } }, "above 0"],
  ])("are refused where they make no sense: %o", async (wrong, message) => {
    await expect(newCampaign({ ...definition, fidelity: wrong })).rejects.toThrow(message);
  });

  it("are not made up by a slip of the pen", async () => {
    const { state } = await newCampaign(definition);
    const asked = decideAsk(state, { ...ASK, fixed: { Method: "simulaton" } });
    await expect(asked).rejects.toThrow('"Method" has no version "simulaton"; did you mean "simulation"?');
  });
});

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
    expect(suggestions[0]?.underScatter?.mean).toBeLessThan(suggestions[0]?.expected[0]?.mean as number);
    expect(asked.state.experiments.at(-1)?.asked?.suggestion).toEqual(suggestions[0]);
  });

  it("are refused where they make no sense, at the start and midway", async () => {
    const objectives = [...DEFINITION.objectives, { name: "cost", unit: "EUR", direction: "minimize" } as const];
    await expect(newCampaign({ disturbance, objectives })).rejects.toThrow("of one objective is looked for, got 2");
    await expect(newCampaign({ disturbance: { deviations: { medium: 1 } } })).rejects.toThrow(
      '"medium" is no continuous variable and does not scatter',
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
    await expect(changeCampaign(campaign, { objectives }, AT)).rejects.toThrow("of one objective");
  });
});

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

describe("tables", () => {
  it("a batch goes out as CSV and comes back filled in, in other units, with decimal commas", async () => {
    const { campaign, suggestions } = await askCampaign(await newCampaign(), { ...ASK, batch: 3 });
    const csv = writeTable(
      experimentsTable(
        campaign.state,
        suggestions.map(({ id }) => id),
      ),
    );
    expect(csv.split("\n")[0]).toBe("id,T (degC),t (min),medium,C (wt%),HV (HV),austenite (%),status,note");
    expect(resultsFromTable(campaign.state, readTable(csv))).toEqual({
      results: [],
      notes: ["rows 2, 3, 4: neither outcome nor status, left as they are"],
    });
    const T = suggestions[0]?.settings["T"] as number;
    const filled = `id;T (K);t (s);HV;austenite;status;note\nS1;${String(T + 273.15).replace(".", ",")};3600;312,5;2,5;;\nS2;;;;;Failed;cracked\nS3;;;;;;\n`;
    const { results, notes } = resultsFromTable(campaign.state, readTable(filled));
    expect(results).toMatchObject([
      { id: "S1", settings: { T, t: 60 }, outcomes: { HV: 312.5, austenite: 2.5 }, row: 2 },
      { id: "S2", status: "failed", outcomes: {}, note: "cracked" },
    ]);
    expect(notes).toContain('"T" converted from K to degC');
    expect(notes).toContain('"austenite" has no unit in the table; taken as %');
    const told = await tellCampaign(campaign, results, AT);
    expect(told.notes).toContain(
      `row 2, result of S1: run with t 60 instead of ${suggestions[0]?.settings["t"]}; taken as run`,
    );
    expect(told.campaign.state.experiments.map(({ status }) => status)).toEqual(["ok", "failed", "pending"]);
    // What was exported says the same when it is told again.
    const all = writeTable(experimentsTable(told.campaign.state, ["S1", "S2", "S3"]));
    const again = await tellCampaign(told.campaign, resultsFromTable(campaign.state, readTable(all)).results, AT);
    expect(again).toMatchObject({ nTold: 0, alreadyTold: ["S1", "S2"] });
  });

  it("takes experiments that were never asked, with the noise that stands beside them", async () => {
    const { state } = await newCampaign(NO_LIMIT);
    const csv = "id,T (degC),t (min),medium,C (wt%),HV,HV std\nA1,560,30,oil,0.41,300,4\nA2,570,30,water,0.4,310,5\n";
    const { results } = resultsFromTable(state, readTable(csv), { noise: { HV: "HV std" } });
    expect(results).toMatchObject([
      { id: "A1", settings: { T: 560, t: 30, medium: "oil", C: 0.41 }, outcomes: { HV: 300 }, noiseStd: { HV: 4 } },
      { id: "A2", noiseStd: { HV: 5 } },
    ]);
    const withError = resultsFromTable(state, readTable("T,t,medium,HV\n560,30,oil,300±4\n570,30,oil,310±6\n"));
    expect(withError.results.map(({ noiseStd }) => noiseStd)).toEqual([{ HV: 4 }, { HV: 6 }]);
    // "T" is there, "t" is not: a name in another case is not taken for a setting that has a column of its own.
    const timeless = resultsFromTable(state, readTable("T,medium,HV\n560,oil,300\n"));
    expect(timeless.results[0]?.settings).toEqual({ T: 560, medium: "oil" });
    const status = resultsFromTable(state, readTable("T,t,medium\n560,30,oil\n"), { status: "failed" });
    expect(status.results).toMatchObject([{ status: "failed", settings: { T: 560 } }]);
  });

  it.each([
    ["text for a number", "id,HV\nS1,cracked\n", 'row 2, column "HV": expected a number, found "cracked"'],
    ["a limit", "id,HV\nS1,<300\nS2,310\n", 'row 2, column "HV": a limit is no measurement'],
    ["an unknown status", "id,HV,status\nS1,300,good\n", '"good" is no status'],
    ["a unit that does not convert", "id,HV (HRC)\nS1,30\n", "cannot convert"],
    ["no outcome at all", "id,T\nS1,600\n", 'no outcome is a column here; expected "HV"'],
  ])("refuses %s", async (_, csv, says) => {
    const { state } = await newCampaign(NO_LIMIT);
    expect(() => resultsFromTable(state, readTable(csv, { file: "batch.csv" }))).toThrow(says);
  });
});

it("reading a journal costs nothing that grows faster than its length", async () => {
  const campaign = await newCampaign(NO_LIMIT);
  const many = Array.from({ length: 500 }, (_, i) => ({ settings: settings(500 + i / 4), outcomes: { HV: i } }));
  await tellCampaign(campaign, many, AT);
  expect(readFileSync(campaign.path, "utf8").length).toBeLessThan(80_000);
  expect(openCampaign(campaign.path).state.experiments).toHaveLength(500);
});
