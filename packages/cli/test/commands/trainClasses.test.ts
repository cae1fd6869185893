import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { alloyLines, alloyRows, csv } from "./alloyTable.ts";
import { runCli } from "./runCli.ts";
import { filesIn, workFolder } from "./workFolder.ts";

describe("materiome train of classes", () => {
  it("writes the four files, and predict takes the model", async () => {
    const cwd = await workFolder();
    // The route is told by the strength that oil adds.
    const lines = alloyLines(
      alloyRows().map((r) => ({ ...r, strengthMPa: r.route === "oil" ? 500 + r.temperatureK / 10 : 300 })),
    );
    await writeFile(join(cwd, "alloys.csv"), csv(lines));
    const args = ["--target", "Route", "--use-properties", "--model", "forest", "--folds", "3", "--threads", "1"];
    const { code, stdout, stderr } = await runCli(["train", "alloys.csv", ...args, "--out", "model", "--json"], {
      cwd,
    });
    expect(code, stderr).toBe(0);
    expect(await filesIn(join(cwd, "model"))).toEqual(["card.md", "metrics.json", "model.json", "report.html"]);
    const metrics = JSON.parse(stdout);
    expect(metrics).toMatchObject({
      kind: "classification",
      targets: [{ name: "Route", labels: ["oil", "water"], n: 45 }],
    });
    expect(metrics.targets[0].balancedAccuracy).toBe(1);
    for (const field of ["rocAuc", "f1", "ece"]) expect(metrics.targets[0][field]).toEqual(expect.any(Number));
    expect(await readFile(join(cwd, "model/card.md"), "utf8")).toContain("| shares of the classes |");
    expect(await readFile(join(cwd, "model/report.html"), "utf8")).toContain("What is taken for what");
    const predicted = await runCli(["predict", "model", "alloys.csv", "--level", "0.8", "--json"], { cwd });
    expect(predicted.code, predicted.stderr).toBe(0);
    const { rows, classes, nEmptySets } = JSON.parse(predicted.stdout);
    expect([classes, nEmptySets]).toEqual([["oil", "water"], 0]);
    expect(rows[0]).toMatchObject({
      prediction: "water",
      prediction_set: "water",
      prediction_set_size: 1,
      prediction_set_classes: ["water"],
      in_domain: true,
      missing_inputs: null,
    });
    expect(rows[0]["probability oil"] + rows[0]["probability water"]).toBeCloseTo(1, 9);
    const inverted = await runCli(["invert", "model", "--target", "Route>=1"], { cwd });
    expect(inverted.stderr).toContain("holds a model of classes");
  });

  it("takes rows that lack inputs, and predict and explain take them too", async () => {
    const cwd = await workFolder();
    const rows = alloyRows().map((r) => ({ ...r, strengthMPa: r.route === "oil" ? 500 : 300 }));
    const lines = alloyLines(rows).map((line, i) => (i % 6 === 1 ? line.replace(/^(H\d+),[\d.]+,/, "$1,,") : line));
    await writeFile(join(cwd, "alloys.csv"), csv(lines));
    const given = ["--use-properties", "--model", "logistic", "--folds", "2", "--threads", "1"];
    const trained = await runCli(["train", "alloys.csv", "--target", "Route", ...given, "--out", "model"], { cwd });
    expect(trained.code, trained.stderr).toBe(0);
    const predicted = await runCli(["predict", "model", "alloys.csv", "--json"], { cwd });
    expect(predicted.code, predicted.stderr).toBe(0);
    const [first] = JSON.parse(predicted.stdout).rows;
    expect(first["probability oil"] + first["probability water"]).toBeCloseTo(1, 9);
    expect(first.missing_inputs).toContain("C");
    const explained = await runCli(["explain", "model", "alloys.csv", "--out", "why"], { cwd });
    expect(explained.code, explained.stderr).toBe(0);
    const { rows: why } = JSON.parse(await readFile(join(cwd, "why/explain.json"), "utf8"));
    expect(why[0].settings.C).toBeNull();
  });

  it.each([
    [["--target", "Route", "--model", "ridge"], "--model ridge predicts numbers"],
    [["--target", "Route", "Yield strength"], "predicted one at a time"],
    [["--target", "Yield strength", "--model", "logistic"], "--model logistic predicts classes"],
    [["--target", "Yield strength", "--model", "ridge", "--trials", "2"], "ridge searches nothing"],
    [["--target", "Route", "--model", "forest", "--trials", "2"], "forest searches nothing"],
    [["--target", "Yield strength", "--model", "forest", "--criterion", "absolute"], "forest heeds none"],
    [["--target", "Route", "--criterion", "absolute"], "--criterion is for columns of numbers"],
    [["--target", "Route", "--rival", "ridge"], "--rival is for columns of numbers"],
  ])("%j is wrong usage", async (args, says) => {
    const cwd = await workFolder();
    await writeFile(join(cwd, "alloys.csv"), csv(alloyLines()));
    const { code, stderr } = await runCli(["train", "alloys.csv", ...args], { cwd });
    expect(stderr).toContain(says);
    expect(code).toBe(2);
  });
});
