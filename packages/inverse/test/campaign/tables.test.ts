import { readTable, writeTable } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { askCampaign, experimentsTable, resultsFromTable, tellCampaign } from "../../src/index.ts";
import { ASK, AT, NO_LIMIT, newCampaign } from "./campaigns.ts";

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

  it("hands on the noise that was told", async () => {
    const campaign = await newCampaign();
    const settings = { T: 560, t: 30, medium: "oil" };
    const { campaign: told } = await tellCampaign(
      campaign,
      [
        { id: "A", settings, outcomes: { HV: 300, austenite: 2 }, noiseStd: { HV: 4 } },
        { id: "B", settings: { ...settings, T: 570 }, outcomes: { HV: 310, austenite: 2 } },
      ],
      AT,
    );
    const csv = writeTable(experimentsTable(told.state, ["A", "B"]));
    expect(csv.split("\n")[0]).toBe("id,T (degC),t (min),medium,C (wt%),HV (HV),HV std (HV),austenite (%),status,note");
    const { results } = resultsFromTable(campaign.state, readTable(csv));
    expect(results.map(({ noiseStd }) => noiseStd)).toEqual([{ HV: 4 }, undefined]);
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
