import { copyFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  askCampaign,
  changeCampaign,
  decideAsk,
  type NewResult,
  openCampaign,
  readJournal,
  tellCampaign,
} from "../../src/index.ts";
import { exactProcess } from "../exactProcess.ts";
import { ASK, AT, DEFINITION, journalPath, NO_LIMIT, newCampaign, result, settings, sixTold } from "./campaigns.ts";

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
