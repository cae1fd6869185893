import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
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

/** Rows like the training rows, with other strengths: none of them has been trained on. */
function newLines(): string[] {
  const [header = "", ...lines] = alloyLines();
  return [header, ...lines.map((line) => line.replace(/[^,]*$/, (strength) => String(Number(strength) + 1)))];
}

describe("materiome explain", () => {
  it("writes contributions that add up to what predict says, importance with errors, curves and a page", async () => {
    const cwd = await workFolder();
    await writeFile(join(cwd, "new.csv"), csv(newLines()));
    const args = ["explain", model, "new.csv", "--out", "why", "--rows", "3", "--background", "30", "--json"];
    const { code, stdout, stderr } = await runCli(args, { cwd });
    expect(code, stderr).toBe(0);
    expect(await filesIn(join(cwd, "why"))).toEqual(["explain.json", "report.html"]);
    const document = JSON.parse(stdout);
    expect(JSON.parse(await readFile(join(cwd, "why", "explain.json"), "utf8"))).toEqual(document);
    expect(document.target).toEqual({ name: "Yield strength", unit: "MPa" });
    expect(document.background).toEqual({ rows: 30, of: 45 });
    expect(document.contributionsAre).toBe("exact");
    expect(document.columns[0].meanAbsolute).toBeGreaterThan(document.columns[1].meanAbsolute);
    const predict = await runCli(["predict", model, "new.csv", "--json"], { cwd });
    for (const [i, { prediction }] of JSON.parse(predict.stdout).rows.entries()) {
      const { row, predicted, contributions, lower, upper, inDomain, settings } = document.rows[i];
      const sum = Object.values<number>(contributions).reduce((total, value) => total + value, document.base);
      expect(row).toBe(i + 2);
      expect(predicted).toBe(prediction);
      expect(sum).toBeCloseTo(prediction, 8);
      expect(lower < predicted && predicted < upper && inDomain).toBe(true);
      expect(Object.keys(settings)).toEqual(["C", "Tempering temperature", "Route"]);
    }
    const { rows, mae, groups } = document.permutationImportance;
    expect(rows).toBe(45);
    expect(groups[0].maeIncrease).toBeGreaterThan(2 * groups[0].maeStandardError);
    expect(groups[0].maeIncrease).toBeGreaterThan(mae);
    const effect = document.effects.find((entry: { column: string }) => entry.column === "C").accumulatedLocalEffect;
    expect(effect.effect.at(-1)).toBeGreaterThan(effect.effect[0]);
    const page = await readFile(join(cwd, "why", "report.html"), "utf8");
    expect(page).toContain("Row 3: ");
    expect(page.match(/<svg/g)?.length).toBe(2 + document.effects.length + 1);
    expect(page).not.toContain("NaN");
  });

  it("converts units as predict does, and says so", async () => {
    const cwd = await workFolder();
    const [, ...rows] = alloyLines().slice(0, 4);
    const lines = rows.map((line) => {
      const [, c, kelvin, route] = line.split(",");
      return `${c},${(Number(kelvin) - 273.15).toFixed(2)},${route}`;
    });
    await writeFile(join(cwd, "celsius.csv"), csv(["C (wt%),Tempering temperature (°C),Route", ...lines]));
    await writeFile(join(cwd, "parts.csv"), csv(["C (at%),Tempering temperature (K),Route", "1.2,800,oil"]));
    const [celsius, parts] = await Promise.all(
      ["celsius", "parts"].map((name) => runCli(["explain", model, `${name}.csv`, "--out", name], { cwd })),
    );
    expect(celsius?.stderr).toContain("Tempering temperature: converted from °C to the model's K");
    expect(celsius?.code).toBe(0);
    expect(parts?.stderr).toMatch(/"C": the table is in at%, the model takes wt%; .*makes up the rest \(balance\)/);
    expect(parts?.code).toBe(3);
  });

  it("on its own training rows gives no permutation importance, and says why", async () => {
    const cwd = await workFolder();
    const args = ["explain", model, join(trained, "alloys.csv"), "--background", "10", "--out", "why"];
    const { code, stdout, stderr } = await runCli(args, { cwd });
    expect(code, stderr).toBe(0);
    expect(stdout).toContain("mean |contribution| MPa");
    expect(stderr).toContain("of 45 measured rows 45 are rows the model was trained on");
  });

  it.each([
    ["a table without a column", ["C (wt%)", "0.4"], [], "the table lacks 2"],
    ["a row that is not there", undefined, ["--rows", "99"], "rows are 2 … 46"],
    ["too little time", undefined, ["--minutes", "1e-9"], "allow it with --minutes"],
  ])("%s is bad input: exit code 3, with a way on", async (_, lines, more, says) => {
    const cwd = await workFolder();
    await writeFile(join(cwd, "new.csv"), csv(lines ?? newLines()));
    const { code, stderr } = await runCli(["explain", model, "new.csv", "--out", "why", ...more], { cwd });
    expect(stderr).toContain(says);
    expect(stderr).toContain("new.csv");
    expect(code).toBe(3);
    expect(await filesIn(join(cwd, "why"))).toEqual([]);
  });

  it("a classifier is refused by name", async () => {
    const cwd = await workFolder();
    const { createRandomForestClassifier } = await import("@materiome/forward");
    const { createRandom } = await import("@materiome/core");
    const x = {
      rows: 4,
      columns: 1,
      data: Float64Array.of(0, 0, 1, 1),
      features: [{ name: "x", unit: "", source: ["x"] }],
    };
    const y = { kind: "classification", codes: Int32Array.of(0, 0, 1, 1), labels: ["a", "b"] } as const;
    const forest = await createRandomForestClassifier({ nTrees: 2 }).fit(x, y, { random: createRandom(1) });
    await writeFile(join(cwd, "classes.json"), JSON.stringify(forest));
    const { code, stderr } = await runCli(["explain", "classes.json", join(trained, "alloys.csv")], { cwd });
    expect(code).toBe(3);
    expect(stderr).toContain("holds a classifier");
  });
});

describe("materiome explain of classes", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await newFolder();
    // The route is told by the strength that oil adds.
    const rows = alloyRows().map((r) => ({ ...r, strengthMPa: r.route === "oil" ? 500 + r.temperatureK / 10 : 300 }));
    await writeFile(join(folder, "alloys.csv"), csv(alloyLines(rows)));
    const args = ["--target", "Route", "--use-properties", "--model", "forest", "--folds", "2", "--threads", "1"];
    const { code, stderr } = await runCli(["train", "alloys.csv", ...args, "--out", "model"], { cwd: folder });
    if (code !== 0) throw new Error(stderr);
    const unseen = rows.map((r) => ({ ...r, strengthMPa: r.strengthMPa + 1 }));
    await writeFile(join(folder, "new.csv"), csv(alloyLines(unseen)));
  });
  afterAll(() => removeFolder(folder));

  it("writes contributions to each class that add up to what predict says, importance, curves and a page", async () => {
    const args = ["explain", "model", "new.csv", "--out", "why", "--rows", "3", "--background", "20", "--json"];
    const { code, stdout, stderr } = await runCli(args, { cwd: folder });
    expect(code, stderr).toBe(0);
    expect(await filesIn(join(folder, "why"))).toEqual(["explain.json", "report.html"]);
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({
      kind: "classification",
      target: { name: "Route", unit: "" },
      classes: ["oil", "water"],
      class: null,
      scale: "probability",
      contributionsAre: "exact",
      background: { rows: 20, of: 45 },
    });
    expect(document.columns[0].name).toBe("Yield strength");
    const predict = await runCli(["predict", "model", "new.csv", "--json"], { cwd: folder });
    for (const [i, predicted] of JSON.parse(predict.stdout).rows.entries()) {
      const row = document.rows[i];
      expect(row).toMatchObject({ row: i + 2, predicted: predicted.prediction, explained: predicted.prediction });
      for (const label of ["oil", "water"]) {
        const own = Object.values<number>(row.contributionsByClass[label]);
        const sum = own.reduce((total, value) => total + value, document.base[label]);
        expect(sum).toBeCloseTo(predicted[`probability ${label}`], 9);
        expect(row.probabilities[label]).toBe(predicted[`probability ${label}`]);
      }
      expect(row.contributions).toEqual(row.contributionsByClass[row.explained]);
      expect(row.score).toBe(row.scoreByClass[row.explained]);
    }
    const { rows, accuracy, groups } = document.permutationImportance;
    expect([rows, accuracy, groups[0].columns]).toEqual([45, 1, ["Yield strength"]]);
    expect(groups[0].accuracyDecrease).toBeGreaterThan(3 * groups[0].accuracyStandardError);
    const effect = document.effects.find((entry: { column: string }) => entry.column === "Yield strength");
    expect(effect.accumulatedLocalEffect.effect.oil.at(-1)).toBeGreaterThan(0.3);
    const page = await readFile(join(folder, "why", "report.html"), "utf8");
    expect(page).toContain("Row 3: ");
    expect(page).toContain("Contributions to water");
    // Bars, a swarm for each class, curves, one row.
    expect(page.match(/<svg/g)?.length).toBe(3 + document.effects.length + 1);
    expect(page).not.toContain("NaN");
  });

  it("explains the class asked for in every row; of another, or of a model of numbers, says so", async () => {
    const args = ["explain", "model", "new.csv", "--background", "5", "--class", "water"];
    const { code, stdout, stderr } = await runCli([...args, "--out", "water"], { cwd: folder });
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('to the probability of "water", exact');
    const { rows } = JSON.parse(await readFile(join(folder, "water", "explain.json"), "utf8"));
    expect(new Set(rows.map((row: { explained: string }) => row.explained))).toEqual(new Set(["water"]));
    const wrong = await runCli(["explain", "model", "new.csv", "--class", "air"], { cwd: folder });
    expect([wrong.code, wrong.stderr]).toEqual([3, expect.stringContaining('its classes are "oil", "water"')]);
    const other = await runCli(["explain", "model", "new.csv", "--target", "Hardness"], { cwd: folder });
    expect([other.code, other.stderr]).toEqual([3, expect.stringContaining('does not predict "Hardness"')]);
    const numbers = await runCli(["explain", model, "new.csv", "--class", "water"], { cwd: folder });
    expect([numbers.code, numbers.stderr]).toEqual([2, expect.stringContaining("--class is for models of classes")]);
  });
});
