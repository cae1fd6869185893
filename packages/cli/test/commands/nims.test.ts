import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readTable, type Table } from "@materiome/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CliResult, runCli } from "./runCli.ts";
import { newFolder, removeFolder } from "./workFolder.ts";

const data = process.env["MATERIOME_DATA"];
const TARGET = "Fatigue Strength (10E7 Cycles)";

interface Row {
  readonly table: Table;
  /** Row of the file, the header being row 1. */
  readonly row: number;
}

/** `COLUMN=VALUE` of everything but the three temperatures. */
function settingsOf({ table, row }: Row): string[] {
  const fixed = ["C", "Si", "Mn", "P", "S", "Ni", "Cr", "Cu", "Mo", "RR", "dA", "dB", "dC"];
  return fixed.map((name) => `${name}=${table.number(name).values[row - 2]}`);
}

describe.skipIf(data === undefined)("NIMS fatigue of steels, from table to suggestion (needs MATERIOME_DATA)", () => {
  const table = join(data ?? "", "nims-fatigue-steels", "nims-fatigue.csv");
  let folder: string;
  let training: CliResult;

  beforeAll(async () => {
    folder = await newFolder();
    // The search is fitted twice in each fold, for the honest scores and for those under random folds.
    const options = ["--folds", "3", "--trials", "6", "--no-learning-curve", "--out", "model", "--json"];
    training = await runCli(["train", table, "--target", TARGET, ...options], { cwd: folder });
  }, 480_000);
  afterAll(() => removeFolder(folder));

  it("finds the heats, holds them out whole, and predicts them", () => {
    expect(training.code, training.stderr).toBe(0);
    const metrics = JSON.parse(training.stdout);
    const [target] = metrics.targets;
    expect(target.name).toBe(TARGET);
    expect(metrics.nFeatures).toBe(16);
    expect(metrics.splitter).toMatchObject({ kind: "groupKFold", derived: true, nGroups: 120 });
    // scikit-learn 1.2 with the same groups held out: forest 0.910 and 15.6 MPa, extra trees 0.918 and 15.2 MPa.
    expect(target.r2).toBeGreaterThanOrEqual(0.905);
    expect(target.mae).toBeLessThanOrEqual(16);
    expect(target.coverage90).toBeGreaterThanOrEqual(0.85);
    expect(target.coverage90).toBeLessThanOrEqual(0.95);
    expect(target.meanBaselineMae).toBeGreaterThan(3 * target.mae);
    expect(metrics.optimistic.targets[0].r2).toBeGreaterThan(target.r2);
  });

  it("leaves the other properties out of the inputs", async () => {
    const { state } = JSON.parse(await readFile(join(folder, "model/model.json"), "utf8"));
    const text = JSON.stringify(state.encoder);
    for (const name of ["Tensile", "Fracture Strength", "Hardness"]) expect(text).not.toContain(name);
  });

  it.each([
    ["one heat's composition and inclusions fixed by name", (best: Row) => ["--fix", ...settingsOf(best)]],
    ["one heat's composition and inclusions taken from its row", (best: Row) => ["--like", String(best.row)]],
    ["alloying opened", (best: Row) => ["--like", String(best.row), "--vary", "C", "Cr", "Mo"]],
  ])("suggests five distinct settings for 600 MPa with %s", async (_, given) => {
    const rows = readTable(await readFile(table, "utf8"), { file: table });
    const measured = rows.number(TARGET).values;
    const best = { table: rows, row: 2 + measured.indexOf(Math.max(...measured)) };
    const { code, stdout, stderr } = await runCli(
      ["invert", "model", "--target", `${TARGET}>=600 MPa`, ...given(best), "--json"],
      { cwd: folder },
    );
    expect(code, `${stdout}${stderr}`).toBe(0);
    const { candidates } = JSON.parse(stdout);
    expect(candidates).toHaveLength(5);
    expect(new Set(candidates.map(({ settings }: { settings: unknown }) => JSON.stringify(settings))).size).toBe(5);
    for (const candidate of candidates) {
      expect(candidate.inDomain).toBe(true);
      expect(candidate.probability).toBeGreaterThanOrEqual(0.5);
      expect(candidate.predicted.lower).toBeLessThan(candidate.predicted.upper);
      for (const [name, value] of Object.entries(candidate.settings)) {
        const seen = rows.number(name).values;
        expect(value, name).toBeGreaterThanOrEqual(Math.min(...seen));
        expect(value, name).toBeLessThanOrEqual(Math.max(...seen));
      }
    }
  });

  it("refuses 3000 MPa with exit code 5", async () => {
    const { code, stdout } = await runCli(
      ["invert", "model", "--target", `${TARGET}>=3000 MPa`, "--like", "2", "--json"],
      {
        cwd: folder,
      },
    );
    expect(code).toBe(5);
    const { refused } = JSON.parse(stdout);
    expect(refused.best.predicted.mean).toBeLessThan(1200);
    expect(refused.limiting.cause).toBe("beyondData");
  });
});
