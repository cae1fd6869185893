import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readTable } from "@materiome/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alloyLines, alloyRows, csv } from "./alloyTable.ts";
import { runCli } from "./runCli.ts";
import { trainAlloys } from "./trainedModel.ts";
import { filesIn, newFolder, removeFolder, workFolder } from "./workFolder.ts";

let trained: string;
let model: string;

beforeAll(async () => {
  trained = await newFolder();
  model = join(trained, "model");
  await trainAlloys(trained);
});
afterAll(() => removeFolder(trained));

const ADDED = ["prediction", "lower", "upper", "std", "in_domain", "domain_score", "domain_reason", "missing_inputs"];

describe("materiome predict", () => {
  it("appends the contract's columns to the table", async () => {
    const cwd = await workFolder();
    const { code, stdout, stderr } = await runCli(
      ["predict", model, join(trained, "alloys.csv"), "--out", "predicted.csv", "--json"],
      { cwd },
    );
    expect(code, stderr).toBe(0);
    const predicted = readTable(await readFile(join(cwd, "predicted.csv"), "utf8"));
    expect(predicted.columns.map((column) => column.name)).toEqual([
      "Heat",
      "C",
      "Tempering temperature",
      "Route",
      "Yield strength",
      ...ADDED,
    ]);
    const [mean, lower, upper] = ["prediction", "lower", "upper"].map((name) => predicted.number(name).values);
    const truth = alloyRows().map((row) => row.strengthMPa);
    const errors = truth.map((value, i) => Math.abs(value - (mean?.[i] ?? Number.NaN)));
    expect(errors.reduce((a, b) => a + b) / errors.length).toBeLessThan(9);
    for (const [i, value] of (mean ?? []).entries()) {
      expect(lower?.[i]).toBeLessThan(value);
      expect(upper?.[i]).toBeGreaterThan(value);
    }
    const { rows, nRows, level } = JSON.parse(stdout);
    expect([rows.length, nRows, level]).toEqual([45, 45, 0.9]);
    expect(Object.keys(rows[0])).toEqual(ADDED);
    expect(rows[0].in_domain).toBe(true);
  });

  it("says which inputs of its rows are not like the training rows, each heat counting once", async () => {
    const cwd = await workFolder();
    const hot = alloyRows().map((row) => ({ ...row, temperatureK: row.temperatureK + 80 }));
    await writeFile(join(cwd, "hot.csv"), csv(alloyLines(hot)));
    await writeFile(join(cwd, "one.csv"), csv(alloyLines(hot.slice(0, 12))));
    const [same, drifted, few] = await Promise.all(
      [join(trained, "alloys.csv"), "hot.csv", "one.csv"].map((table) =>
        runCli(["predict", model, table, "--json"], { cwd }),
      ),
    );
    const { drift } = JSON.parse(same?.stdout ?? "");
    expect(drift).toMatchObject({ hasDrifted: false, groups: ["Heat"], nUnits: { training: 15, fresh: 15 } });
    expect(same?.stderr).not.toContain("not like");
    expect(JSON.parse(drifted?.stdout ?? "").drift.columns[0]).toMatchObject({
      column: "Tempering temperature",
      hasDrifted: true,
    });
    expect(drifted?.stderr).toContain("these 15 groups are not like the 15 the model learnt from");
    expect(drifted?.stderr).toContain(
      "warning: Tempering temperature: median 880 K of the new, 800 K of the training ones",
    );
    expect(drifted?.stderr).not.toContain("warning: C:");
    expect(JSON.parse(few?.stdout ?? "").drift).toBeNull(); // four heats
  });

  it("prints the table where no --out is given, also with --quiet", async () => {
    const cwd = await workFolder();
    await writeFile(join(cwd, "new.csv"), csv(alloyLines().slice(0, 3)));
    const [said, quiet] = await Promise.all(
      [[], ["--quiet"]].map((more) => runCli(["predict", model, "new.csv", ...more], { cwd })),
    );
    expect(readTable(said?.stdout ?? "").nRows).toBe(2);
    expect(quiet?.stdout).toBe(said?.stdout);
  });

  it("--level widens or narrows the interval about the same prediction", async () => {
    const cwd = await workFolder();
    await writeFile(join(cwd, "new.csv"), csv(alloyLines().slice(0, 3)));
    const at = async (level: string): Promise<{ prediction: number; lower: number; upper: number }> => {
      const { stdout } = await runCli(["predict", model, "new.csv", "--level", level, "--json"], { cwd });
      return JSON.parse(stdout).rows[0];
    };
    const [half, most, nearly] = await Promise.all(["0.5", "0.9", "0.99"].map(at));
    expect(half?.prediction).toBe(most?.prediction);
    const widths = [half, most, nearly].map((row) => (row?.upper ?? 0) - (row?.lower ?? 0));
    expect(widths).toEqual([...widths].sort((a, b) => a - b));
    expect(new Set(widths).size).toBe(3);
  });

  it("converts the units of the table to those of the training rows", async () => {
    const cwd = await workFolder();
    const rows = alloyRows().slice(0, 5);
    const other = rows.map((r) => [r.carbon, (r.temperatureK - 273.15).toFixed(2), r.route, r.strengthMPa / 1000]);
    const header = "C (wt%),Tempering temperature (°C),Route,Yield strength (GPa)";
    await writeFile(join(cwd, "celsius.csv"), csv([header, ...other.map((row) => row.join(","))]));
    await writeFile(join(cwd, "kelvin.csv"), csv(alloyLines(rows)));
    const [celsius, kelvin] = await Promise.all(
      ["celsius.csv", "kelvin.csv"].map((table) => runCli(["predict", model, table, "--json"], { cwd })),
    );
    expect(celsius?.code, celsius?.stderr).toBe(0);
    const [a, b] = [celsius, kelvin].map((result) => JSON.parse(result?.stdout ?? "").rows);
    for (const [i, row] of a.entries()) expect(row.prediction).toBeCloseTo(b[i].prediction, 8);
    expect(celsius?.stderr).toContain("Tempering temperature: converted from °C to the model's K");
    expect(JSON.parse(celsius?.stdout ?? "").converted).toEqual([
      { column: "Tempering temperature", from: "degC", to: "K", by: "scale" },
    ]);
    expect(JSON.parse(kelvin?.stdout ?? "").converted).toEqual([]);
  });

  it("predicts the rows that are whole and names what the others lack", async () => {
    const cwd = await workFolder();
    const header = "C (wt%),Tempering temperature (K),Route";
    await writeFile(join(cwd, "gaps.csv"), csv([header, "0.2,800,oil", ",800,oil", "0.3,,", "0.3,900,water"]));
    const { code, stdout, stderr } = await runCli(["predict", model, "gaps.csv", "--json"], { cwd });
    expect(code).toBe(4);
    const { rows, notPredicted } = JSON.parse(stdout);
    expect(notPredicted).toEqual([
      { row: 3, missing: ["C"] },
      { row: 4, missing: ["Tempering temperature", "Route"] },
    ]);
    expect(rows.map((row: { prediction: number | null }) => row.prediction === null)).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(rows[1]).toMatchObject({ in_domain: false, missing_inputs: "C", lower: null });
    expect(rows[1].domain_reason).toContain("not predicted");
    expect(rows[3].missing_inputs).toBeNull();
    expect(stderr).toContain("row 3: C; row 4: Tempering temperature, Route");
  });

  it("trains in one unit what another table gives in another: GPa for MPa scales the answer", async () => {
    const cwd = await workFolder();
    const rows = alloyRows();
    const lines = rows.map((r) => [r.heat, r.carbon, r.temperatureK, r.route, r.strengthMPa / 1000].join(","));
    await writeFile(
      join(cwd, "gpa.csv"),
      csv(["Heat,C (wt%),Tempering temperature (K),Route,Strength (GPa)", ...lines]),
    );
    const args = ["--target", "Strength", "--model", "ridge", "--threads", "1", "--out", "gpa"];
    await runCli(["train", "gpa.csv", ...args], { cwd });
    const [gpa, mpa] = await Promise.all(
      ["gpa", model].map((path) => runCli(["predict", path, "gpa.csv", "--json"], { cwd })),
    );
    const [a, b] = [gpa, mpa].map((result) => JSON.parse(result?.stdout ?? ""));
    expect([a.targets[0].unit, b.targets[0].unit]).toEqual(["GPa", "MPa"]);
    expect(1000 * a.rows[0].prediction).toBeCloseTo(b.rows[0].prediction, 6);
  });

  it("names the target in the columns where there are several", async () => {
    const cwd = await workFolder();
    const lines = alloyLines().map((line, i) =>
      i === 0 ? `${line},Hardness (HV)` : `${line},${(Number(line.split(",").at(-1)) / 3 + (i % 5)).toFixed(1)}`,
    );
    await writeFile(join(cwd, "two.csv"), csv(lines));
    const targets = ["--target", "Yield strength", "Hardness", "--model", "ridge", "--threads", "1", "--out", "two"];
    const training = await runCli(["train", "two.csv", ...targets, "--json"], { cwd });
    expect(training.code, training.stderr).toBe(0);
    const { stdout } = await runCli(["predict", "two", "two.csv", "--json"], { cwd });
    expect(Object.keys(JSON.parse(stdout).rows[0])).toEqual([
      ...["prediction", "lower", "upper", "std"].map((name) => `Yield strength ${name}`),
      ...["prediction", "lower", "upper", "std"].map((name) => `Hardness ${name}`),
      ...["in_domain", "domain_score", "domain_reason", "missing_inputs"],
    ]);
  });

  it("marks rows outside the domain and says why", async () => {
    const cwd = await workFolder();
    await writeFile(
      join(cwd, "far.csv"),
      csv(["C (wt%),Tempering temperature (K),Route", "0.2,1900,oil", "0.2,800,sand", "0.2,800,oil"]),
    );
    const { code, stdout, stderr } = await runCli(["predict", model, "far.csv", "--json"], { cwd });
    expect(code).toBe(0);
    const { rows, nOutOfDomain } = JSON.parse(stdout);
    expect(nOutOfDomain).toBe(2);
    expect(rows.map((row: { in_domain: boolean }) => row.in_domain)).toEqual([false, false, true]);
    expect(rows[0].domain_reason).toContain("Tempering temperature");
    expect(rows[1].domain_reason).toContain("sand");
    expect(stderr).toContain("2 of 3 rows lie outside the model's domain");
  });
});

describe("materiome predict, bad input", () => {
  const tables: Record<string, { readonly header: string; readonly row: string; readonly says: string[] }> = {
    "a unit that cannot be converted": {
      header: "C (wt%),Tempering temperature (MPa),Route",
      row: "0.2,800,oil",
      says: ['new.csv, column "Tempering temperature"', "in MPa, but was fitted in K"],
    },
    "amounts by atoms of an alloy whose rest is not known": {
      header: "C (at%),Tempering temperature (K),Route",
      row: "0.9,800,oil",
      says: ["new.csv", '"C": the table is in at%, the model takes wt%', "name the element that makes up the rest"],
    },
    "no unit where the model has one": {
      header: "C (wt%),Tempering temperature,Route",
      row: "0.2,800,oil",
      says: ['new.csv, column "Tempering temperature"', "no unit, but was fitted in K", "header or the schema"],
    },
    "a missing input column": {
      header: "C (wt%),Route",
      row: "0.2,oil",
      says: ["new.csv: ", 'lacks the input column "Tempering temperature"'],
    },
    "a column that predict would write": {
      header: "C (wt%),Tempering temperature (K),Route,prediction",
      row: "0.2,800,oil,1",
      says: ['new.csv: the table already has a column "prediction"; rename it'],
    },
  };
  it.each(Object.entries(tables))("%s", async (_, { header, row, says }) => {
    const cwd = await workFolder();
    await writeFile(join(cwd, "new.csv"), csv([header, row]));
    const { code, stdout, stderr } = await runCli(["predict", model, "new.csv", "--out", "predicted.csv"], { cwd });
    for (const text of says) expect(stderr).toContain(text);
    expect(code).toBe(3);
    expect(stdout).toBe("");
    expect(await filesIn(cwd)).toEqual(["new.csv"]);
  });

  type Stored = Record<string, unknown> & { state: Record<string, unknown> & { models: Record<string, unknown>[] } };
  const models: Record<string, { readonly edit: (text: string) => string; readonly says: string }> = {
    truncated: { edit: (text) => text.slice(0, text.length / 2), says: "is no complete JSON" },
    empty: { edit: () => "", says: "is no complete JSON" },
    "of another version": {
      edit: changed((stored) => ({ ...stored, version: 2 })),
      says: "has version 2, this program reads version 1; train the model again",
    },
    "with a part of another version": {
      edit: changed((stored) => {
        const [first] = stored.state.models;
        return { ...stored, state: { ...stored.state, models: [{ ...first, version: 9 }] } };
      }),
      says: "has version 9, this program reads version 1",
    },
    "without its encoder": {
      edit: changed((stored) => ({ ...stored, state: { ...stored.state, encoder: undefined } })),
      says: "the encoder is missing or damaged",
    },
    "without its domain": {
      edit: changed((stored) => ({ ...stored, state: { ...stored.state, domain: undefined } })),
      says: "domain is damaged; train again",
    },
    "that is something else": { edit: () => '{"a": 1}', says: "give the model.json that train wrote" },
    "that is a bare learner": {
      edit: (text) => JSON.stringify((JSON.parse(text) as Stored).state.models[0]),
      says: "give the model.json that train wrote",
    },
  };
  function changed(edit: (stored: Stored) => unknown): (text: string) => string {
    return (text) => JSON.stringify(edit(JSON.parse(text) as Stored));
  }
  it.each(Object.entries(models))("a model file %s", async (_, { edit, says }) => {
    const cwd = await workFolder();
    await writeFile(join(cwd, "bad.json"), edit(await readFile(join(model, "model.json"), "utf8")));
    const table = join(trained, "alloys.csv");
    const { code, stderr } = await runCli(["predict", "bad.json", table, "--out", "predicted.csv"], { cwd });
    expect(stderr).toMatch(/^materiome: bad\.json: /);
    expect(stderr).toContain(says);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect(code).toBe(3);
    expect(await filesIn(cwd)).toEqual(["bad.json"]);
  });

  it("no model where one is named", async () => {
    const cwd = await workFolder();
    const { code, stderr } = await runCli(["predict", "nowhere", join(trained, "alloys.csv")], { cwd });
    expect(code).toBe(3);
    expect(stderr).toContain("nowhere: there is no such file; check the path");
  });

  it("an output file below a file", async () => {
    const cwd = await workFolder();
    await writeFile(join(cwd, "file"), "");
    const { code, stderr } = await runCli(["predict", model, join(trained, "alloys.csv"), "--out", "file/p.csv"], {
      cwd,
    });
    expect(code).toBe(3);
    expect(stderr).toContain("file/p.csv: cannot write the file");
    expect(await filesIn(cwd)).toEqual(["file"]);
  });
});
