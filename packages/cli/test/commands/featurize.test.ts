import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readTable } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { alloyLines, csv } from "./alloyTable.ts";
import { runCli } from "./runCli.ts";
import { filesIn, workFolder } from "./workFolder.ts";

const COMPOUNDS = [
  "id,formula,T (°C),t (h),route,YS (MPa)",
  "A1,Fe9C,600,1,cast,810",
  "A2,Fe8Ni2,,4,rolled,905",
  "A3,Fe7Ni2Cr,650,0.5,rolled,870",
  "A4,Fe95C5,640,3,cast,840",
];

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const cwd = await workFolder();
  for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text);
  return cwd;
}

describe("materiome featurize", () => {
  it("adds the physics of a process by --schedule", async () => {
    const schedule = {
      version: 1,
      steps: [
        { kind: "heat", temperature: { column: "T" }, treatment: "temper" },
        { kind: "hold", time: { column: "t" }, treatment: "temper" },
      ],
      features: { hollomonJaffeC: 19.5 },
    };
    const rows = ["T (°C),t (h),YS (MPa)", "600,1,810", "650,10,700"];
    const cwd = await folderWith({ "table.csv": csv(rows), "s.json": JSON.stringify(schedule) });
    const { code, stderr } = await runCli(
      ["featurize", "table.csv", "--target", "YS", "--schedule", "s.json", "--out", "f.csv"],
      { cwd },
    );
    expect(code, stderr).toBe(0);
    const table = readTable(await readFile(join(cwd, "f.csv"), "utf8"));
    const parameter = table.columns.find(({ name }) => name.includes("Hollomon"));
    expect(parameter?.unit).toBe("K");
    // T (C + log10 t), T in K and t in h
    const expected = Float64Array.of(873.15 * 19.5, 923.15 * 20.5);
    expect(parameter).toMatchObject({ kind: "number", values: expected });
  });

  it("names the column that a schedule asks for in vain", async () => {
    const schedule = { version: 1, steps: [{ kind: "hold", temperature: { column: "Tmp" }, time: "1 h" }] };
    const cwd = await folderWith({
      "table.csv": "Temp (°C),YS (MPa)\n600,1\n650,2\n",
      "s.json": JSON.stringify(schedule),
    });
    const { code, stderr } = await runCli(
      ["featurize", "table.csv", "--target", "YS", "--schedule", "s.json", "--out", "f.csv"],
      { cwd },
    );
    expect(code).toBe(3);
    expect(stderr).toMatch(/no column "Tmp"; did you mean "Temp"/);
    expect(await filesIn(cwd)).not.toContain("f.csv");
  });

  it("writes named features with units beside the columns to keep, and says what it did", async () => {
    const steps = {
      expressions: { LMP: 'T * (20 + log10(t / quantity(1, "h")))' },
      encodings: { route: ["cast", "rolled"] },
      steps: [
        { step: "impute", method: "median" },
        { step: "transform", transform: "log10", features: ["t"], keep: true },
        { step: "drop-constant" },
      ],
    };
    const cwd = await folderWith({ "table.csv": csv(COMPOUNDS), "steps.json": JSON.stringify(steps) });
    const args = ["--features", "fractions", "stoichiometry", "--target", "YS", "--keep", "--steps", "steps.json"];
    const { code, stdout, stderr } = await runCli(["featurize", "table.csv", ...args, "--out", "f.csv", "--json"], {
      cwd,
    });
    expect(code, stderr).toBe(0);
    const text = await readFile(join(cwd, "f.csv"), "utf8");
    expect(text.split("\n")[0]).toContain("id,YS (MPa),C fraction (atomic fraction)");
    const table = readTable(text);
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ nRows: 4, kept: ["id", "YS"], failed: [], out: "f.csv" });
    expect(table.columns).toHaveLength(2 + document.nFeatures);
    for (const [k, { name, unit }] of document.features.entries()) {
      const column = table.columns[2 + k];
      expect([column?.name.replace(/ \[-\]$/, ""), column?.unit]).toEqual([name, unit]);
    }
    expect(document.features.find((feature: { name: string }) => feature.name === "LMP")).toEqual({
      name: "LMP",
      unit: "K",
      source: ["T", "t"],
    });
    expect([...table.number("LMP").values][0]).toBeCloseTo(873.15 * 20, 9);
    expect([...table.number("T is missing").values]).toEqual([0, 1, 0, 0]);
    expect([...table.number("route (rank)").values]).toEqual([0, 1, 1, 0]);
    expect(document.report[0]).toMatch(/^"T" is missing in 1 of 4 training rows; filled by 640 degC/);
    expect(document.citations[0]).toContain("10.1038/npjcompumats.2016.28");
  });

  it("describes the alloy of element columns, and derives features on the spot", async () => {
    const cwd = await folderWith({ "alloys.csv": csv(alloyLines()) });
    const { code, stdout, stderr } = await runCli(
      [
        ...["featurize", "alloys.csv", "--target", "Yield strength", "--features", "valence", "--balance", "Fe"],
        ...["--derive", "inverse T = 1 / `Tempering temperature`", "--out", "f.csv"],
      ],
      { cwd },
    );
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^\d+ features of 45 rows, written to f\.csv\n/);
    const table = readTable(await readFile(join(cwd, "f.csv"), "utf8"));
    expect(table.number("inverse T").unit).toBe("1/K");
    expect(table.columns.some(({ name }) => /d .*valence|valence.* d/i.test(name))).toBe(true);
    expect(table.has("Yield strength")).toBe(false);
  });

  it("says why features of an alloy are missing, and tells sets apart that share names", async () => {
    const cwd = await folderWith({ "alloys.csv": csv(["Nd wt%,Mn wt%,YS", "10,1,300", "0,1.1,340"]) });
    const args = ["--target", "YS", "--features", "alloy", "glass", "--balance", "Fe", "--out", "f.csv"];
    const { code, stderr } = await runCli(["featurize", "alloys.csv", ...args], { cwd });
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/no metallic radius .* is known for Nd, so these are NaN: .* \(row 2\)/);
    expect(await readFile(join(cwd, "f.csv"), "utf8")).toMatch(/mixing enthalpy ΔH_mix \(kJ\/mol\).*ΔH_mix \(glass\)/);
  });

  it("names rows without any feature: exit code 4", async () => {
    const cwd = await folderWith({ "table.csv": csv([...COMPOUNDS, "A5,,,,,"]) });
    const { code, stderr } = await runCli(
      ["featurize", "table.csv", "--target", "YS", "--features", "magpie", "--out", "f.csv"],
      { cwd },
    );
    expect(stderr).toContain("warning: no feature could be computed for row 6");
    expect(stderr).toContain('"T" is missing in rows 3, 6');
    expect(code).toBe(4);
    expect(readTable(await readFile(join(cwd, "f.csv"), "utf8")).nRows).toBe(5);
  });

  it("--list names features, presets, steps and sources without a table", async () => {
    const cwd = await workFolder();
    const [text, json] = await Promise.all(
      [[], ["--json"]].map((more) => runCli(["featurize", "--list", ...more], { cwd })),
    );
    expect(text?.code).toBe(0);
    for (const name of ["magpie", "matminer", "select-relevant", "10.1038/npjcompumats.2016.28"]) {
      expect(text?.stdout).toContain(name);
    }
    const document = JSON.parse(json?.stdout ?? "");
    expect(document.features.find((entry: { name: string }) => entry.name === "magpie").nFeatures).toBe(132);
    expect(await filesIn(cwd)).toEqual([]);
  });

  it.each([
    ["a misspelt set", ["table.csv", "--out", "f.csv", "--features", "magpy"], 2, 'did you mean "magpie"?'],
    [
      "a misspelt preset",
      ["table.csv", "--out", "f.csv", "--features", "magpie:matmimer"],
      2,
      'did you mean "matminer"?',
    ],
    ["no output", ["table.csv"], 2, "required option '--out <file>'"],
    ["no table", ["--out", "f.csv"], 2, "missing required argument 'table'"],
    [
      "an expression without a name",
      ["table.csv", "--out", "f.csv", "--derive", "T / 2"],
      2,
      "expected NAME=EXPRESSION",
    ],
    [
      "units that do not fit",
      ["table.csv", "--out", "f.csv", "--derive", "x = T + t"],
      3,
      'cannot add "T" (K) and "t" (h)',
    ],
    [
      "an unknown step",
      ["table.csv", "--out", "f.csv", "--steps", "bad.json"],
      3,
      'bad.json: step 1: there is no step "impue"; did you mean "impute"?',
    ],
    [
      "an odd option",
      ["table.csv", "--out", "f.csv", "--steps", "odd.json"],
      3,
      'odd.json: step 1: "scale" has no option "metod"; did you mean "method"?',
    ],
    ["gaps where none may be", ["table.csv", "--out", "f.csv", "--steps", "pca.json"], 3, '"T" is missing in row 3'],
    ["a column kept twice", ["table.csv", "--out", "f.csv", "--keep", "T"], 3, '"T" is kept and is a feature, too'],
    [
      "sets for no formula",
      ["alloys.csv", "--out", "f.csv", "--features", "magpie"],
      3,
      "give --balance ELEMENT to describe the alloy of the columns C, Mn",
    ],
    ["amounts without a unit", ["alloys.csv", "--out", "f.csv", "--balance", "Fe"], 3, "wt% or at% (--amount-unit)"],
    [
      "a feature derived twice",
      ["table.csv", "--out", "f.csv", "--derive", "x = T", "x = t"],
      2,
      '--derive: "x" is given twice',
    ],
    [
      "an alloy with a negative amount",
      ["negative.csv", "--out", "f.csv", "--balance", "Fe"],
      3,
      'negative.csv: tableFeaturizer: "C" is -0.1 wt% in row 3',
    ],
    [
      "a formula that is none",
      ["broken.csv", "--out", "f.csv"],
      3,
      'broken.csv, row 3, column "formula": formula "Xx2O3"',
    ],
  ])("%s", async (_, args, expected, says) => {
    const cwd = await folderWith({
      "table.csv": csv(COMPOUNDS),
      "broken.csv": csv(["formula,YS", "Fe2O3,1", "Xx2O3,2", "NaCl,3", "FeO,4", "NiO,5"]),
      "alloys.csv": csv(["C,Mn,YS", "0.1,1,300", "0.2,1.1,340"]),
      "negative.csv": csv(["C wt%,Mn wt%,YS", "0.1,1,300", "-0.1,1.1,340"]),
      "bad.json": '[{ "step": "impue" }]',
      "odd.json": '[{ "step": "scale", "metod": "robust" }]',
      "pca.json": '[{ "step": "pca" }]',
    });
    const { code, stdout, stderr } = await runCli(["featurize", ...args, "--target", "YS"], { cwd });
    expect(stderr).toContain(says);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect([code, stdout]).toEqual([expected, ""]);
    expect(await filesIn(cwd)).not.toContain("f.csv");
  });

  it("train takes the same names, and steps that are fitted inside the folds", async () => {
    const lines = Array.from({ length: 40 }, (_, i) => {
      const x = (i % 20) / 20;
      const hole = i === 7 ? "" : String(500 + 10 * (i % 7));
      return `Fe${(1 - x / 2).toFixed(3)}Ni${(x / 2).toFixed(3)},${hole},${(300 + 400 * x + 5 * (i % 7)).toFixed(1)}`;
    });
    const cwd = await folderWith({
      "table.csv": csv(["formula,T (°C),YS (MPa)", ...lines]),
      "steps.json": '[{ "step": "impute", "method": "mean" }, { "step": "select-relevant", "nFeatures": 3 }]',
    });
    const args = ["--target", "YS", "--features", "stoichiometry", "fractions", "--steps", "steps.json"];
    const { code, stderr } = await runCli(
      ["train", "table.csv", ...args, "--model", "ridge", "--folds", "4", "--out", "model"],
      { cwd },
    );
    expect(code, stderr).toBe(0);
    const metrics = JSON.parse(await readFile(join(cwd, "model", "metrics.json"), "utf8"));
    expect(metrics.nFeatures).toBe(3);
    const predicted = await runCli(["predict", "model", "table.csv", "--out", "p.csv"], { cwd });
    expect(predicted.code, predicted.stderr).toBe(0);
    const wrong = await runCli(["train", "table.csv", "--target", "YS", "--features", "magpy"], { cwd });
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('did you mean "magpie"?')]);
  });
});
