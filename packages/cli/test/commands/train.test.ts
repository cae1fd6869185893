import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { alloyLines, alloyRows, csv } from "./alloyTable.ts";
import { runCli } from "./runCli.ts";
import { filesIn, workFolder } from "./workFolder.ts";

const TARGET = ["--target", "Yield strength"];
const QUICK = ["--model", "ridge", "--threads", "1"];

describe("materiome train", () => {
  it("writes model, metrics, card and report; heats are held out whole", async () => {
    const cwd = await workFolder();
    await writeFile(join(cwd, "alloys.csv"), csv(alloyLines()));
    const { code, stdout, stderr } = await runCli(
      [
        ...["train", "alloys.csv", ...TARGET, ...QUICK, "--out", "model", "--seed", "7", "--json"],
        ...["--data-licence", "CC BY 4.0"],
      ],
      { cwd },
    );
    expect(code, stderr).toBe(0);
    expect(await filesIn(join(cwd, "model"))).toEqual(["card.md", "metrics.json", "model.json", "report.html"]);
    const metrics = JSON.parse(await readFile(join(cwd, "model/metrics.json"), "utf8"));
    expect(JSON.parse(stdout)).toEqual(metrics);
    const number = expect.any(Number);
    const target = {
      name: "Yield strength",
      unit: "MPa",
      n: 45,
      mae: number,
      maeCi: [number, number],
      rmse: number,
      r2: number,
      meanBaselineMae: number,
      medianBaselineMae: number,
      coverage90: number,
      meanIntervalWidth: number,
      intervalScore: number,
    };
    expect(metrics).toMatchObject({
      targets: [target],
      nFeatures: 4,
      splitter: { kind: "groupKFold", groupColumns: ["Heat"], derived: false, nGroups: 15, folds: 10, repeats: 1 },
      optimistic: { targets: [target] },
      leakage: { duplicateRows: 0, groupsAcrossFolds: 0, warnings: expect.any(Array) },
      dropped: [],
      seed: 7,
      dataSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      versions: { materiome: expect.any(String), node: process.versions.node },
      data: { file: "alloys.csv", dataset: null, licence: "CC BY 4.0" },
      learner: "ridge",
      command:
        "materiome train alloys.csv --target 'Yield strength' --model ridge --data-licence 'CC BY 4.0' --out model --seed 7",
    });
    expect(metrics.targets[0].neighbourBaselineMae).toBeGreaterThan(metrics.targets[0].mae);
    const [found] = metrics.diagnostics;
    expect(found.learningCurve.points.length).toBeGreaterThan(1);
    expect(found.againstMedian.bootstrapInterval[1]).toBeLessThan(0);
    expect(metrics.perFold).toHaveLength(10);
    // 8 MPa of noise: a perfect model has a mean absolute error of 6.4 MPa, the mean as a guess about 68 MPa.
    expect(metrics.targets[0].mae).toBeLessThan(9);
    expect(metrics.targets[0].meanBaselineMae).toBeGreaterThan(50);
    const report = await readFile(join(cwd, "model/report.html"), "utf8");
    expect(report.trimEnd()).toMatch(/<\/html>$/);
    expect(report).not.toMatch(/(src|href)="https?:/);
    for (const text of [
      "Do the intervals of Yield strength hold?",
      "rows learnt from",
      "nearest training rows",
      "Rows to look at",
    ]) {
      expect(report).toContain(text);
    }
    const card = await readFile(join(cwd, "model/card.md"), "utf8");
    expect(card).toContain("- licence of the data: CC BY 4.0");
    expect(card).toContain("| Tempering temperature | process | K | 700 … 900 | – |");
    expect(card).toContain("| Route | process | – | water, oil | – |");
    expect(card).toContain("10 folds of whole groups: 15 by Heat.");
    expect(card).toContain(metrics.command);
    for (const part of ["Intended use", "Applicability domain", "Known failures", "How it was made"]) {
      expect(card).toContain(`## ${part}`);
    }
  });

  it("puts a law in one line beside the model, scored on the same folds", async () => {
    const cwd = await workFolder();
    await writeFile(join(cwd, "alloys.csv"), csv(alloyLines()));
    const train = ["train", "alloys.csv", ...TARGET, "--threads", "1", "--folds", "3", "--no-learning-curve"];
    const beside = await runCli([...train, "--model", "ridge", "--rival", "law", "--out", "ridge"], { cwd });
    expect(beside.code, beside.stderr).toBe(0);
    const equation = /Yield strength = [\d.]+ MPa \+ [\d.]+ MPa\/wt%·C − [\d.]+ MPa\/K·\(Tempering temperature\)/;
    expect(beside.stdout).toMatch(equation);
    expect(beside.stdout).toMatch(/Yield strength by law, same folds +45/);
    expect(beside.stdout).toMatch(/The same law in \d of 5 folds and in \d+ of 20 resamples/);
    const texts = ["card.md", "report.html"].map((name) => readFile(join(cwd, "ridge", name), "utf8"));
    for (const text of await Promise.all(texts)) expect(text).toMatch(equation);
    const { rivals, targets, command } = JSON.parse(await readFile(join(cwd, "ridge/metrics.json"), "utf8"));
    expect(rivals).toMatchObject([{ target: "Yield strength", model: "law", metrics: { n: 45 } }]);
    expect(rivals[0].metrics.mae).toBeLessThan(targets[0].medianBaselineMae / 4);
    expect(command).toContain("--rival law");
  });

  it("finds heats that no column names: rows of equal composition", async () => {
    const cwd = await workFolder();
    const lines = alloyLines().map((line) => line.slice(line.indexOf(",") + 1));
    await writeFile(join(cwd, "alloys.csv"), csv(lines));
    const { code, stdout } = await runCli(["train", "alloys.csv", ...TARGET, ...QUICK, "--out", "model", "--json"], {
      cwd,
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout).splitter).toMatchObject({ kind: "groupKFold", derived: true, nGroups: 15 });
  });

  it("lists rows without a measured target as dropped, with their rows in the file", async () => {
    const cwd = await workFolder();
    const lines = alloyLines();
    lines[4] = (lines[4] as string).replace(/[^,]*$/, "NA");
    await writeFile(join(cwd, "alloys.csv"), csv(lines));
    const { code, stdout, stderr } = await runCli(
      ["train", "alloys.csv", ...TARGET, ...QUICK, "--out", "model", "--json"],
      { cwd },
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout).dropped).toEqual([{ reason: expect.stringContaining("Yield strength"), rows: [5] }]);
    expect(stderr).toContain("1 row left out");
  });

  it("reads semicolons with decimal commas as the same numbers", async () => {
    const cwd = await workFolder();
    const german = alloyLines().map((line) => line.replaceAll(",", ";").replaceAll(".", ","));
    await writeFile(join(cwd, "comma.csv"), csv(alloyLines()));
    await writeFile(join(cwd, "semicolon.csv"), csv(german));
    const results = await Promise.all(
      ["comma", "semicolon"].map((name) =>
        runCli(["train", `${name}.csv`, ...TARGET, ...QUICK, "--out", name, "--json"], { cwd }),
      ),
    );
    const [comma, semicolon] = results.map(({ stdout }) => JSON.parse(stdout));
    expect(semicolon.targets).toEqual(comma.targets);
  });

  it("gives the same bytes for one thread and for two", async () => {
    const train = async (threads: string): Promise<string> => {
      const cwd = await workFolder();
      await writeFile(join(cwd, "alloys.csv"), csv(alloyLines()));
      const model = ["--model", "forest", "--folds", "3"];
      await runCli(["train", "alloys.csv", ...TARGET, ...model, "--threads", threads, "--out", "model"], { cwd });
      return join(cwd, "model");
    };
    const folders = await Promise.all(["1", "2"].map(train));
    for (const file of ["metrics.json", "model.json"]) {
      const [one, two] = await Promise.all(folders.map((folder) => readFile(join(folder, file))));
      expect(one?.equals(two as Buffer), file).toBe(true);
    }
  });

  it("prints what auto tried and why it chose; --criterion says what it compares by", async () => {
    const cwd = await workFolder();
    await writeFile(join(cwd, "alloys.csv"), csv(alloyLines()));
    const search = ["--trials", "2", "--criterion", "absolute", "--folds", "3", "--no-learning-curve"];
    const args = ["train", "alloys.csv", ...TARGET, ...search, "--out", "model"];
    const { code, stdout, stderr } = await runCli(args, { cwd });
    expect(code, stderr).toBe(0);
    const { chosen, command } = JSON.parse(await readFile(join(cwd, "model/metrics.json"), "utf8"));
    expect(chosen[0]).toMatchObject({ criterion: "absolute" });
    expect(command).toContain("--criterion absolute");
    expect(stdout).toContain(`learner of Yield strength: ${chosen[0].chosen}; ${chosen[0].reason}`);
    const page = await readFile(join(cwd, "model/report.html"), "utf8");
    for (const { name, mae } of chosen[0].tried) {
      const line = stdout.split("\n").find((text) => text.startsWith(`${name} `)) ?? "";
      expect(Number(line.split(/\s+/).at(-1))).toBeCloseTo(mae, 0);
      expect(page).toContain(name);
    }
    expect(chosen[0].notTried.length).toBeGreaterThan(0);
    expect(stdout).toContain(`${chosen[0].notTried.length} not tried, or not to the end`);
  });

  it("--quiet keeps the scores and drops the rest", async () => {
    const cwd = await workFolder();
    await writeFile(join(cwd, "alloys.csv"), csv(alloyLines()));
    const { stdout } = await runCli(["train", "alloys.csv", ...TARGET, ...QUICK, "--out", "model", "--quiet"], { cwd });
    expect(stdout).toMatch(/Yield strength +45 /);
    expect(stdout).not.toContain("written to");
  });

  it("says what becomes of standard deviations of the target", async () => {
    const cwd = await workFolder();
    const rows = Array.from({ length: 15 }, (_, i) => `${400 + 10 * i},${300 - 5 * i + (i % 3)},${1 + (i % 3)}`);
    await writeFile(join(cwd, "h.csv"), `T (degC),Hardness (HV),Hardness std (HV)\n${rows.join("\n")}\n`);
    const train = (model: string): ReturnType<typeof runCli> =>
      runCli(
        [
          "train",
          "h.csv",
          "--target",
          "Hardness",
          "--model",
          model,
          "--folds",
          "3",
          "--no-learning-curve",
          "--threads",
          "1",
          "--out",
          model,
        ],
        {
          cwd,
        },
      );
    const known = await train("gaussian-process");
    const line = '"Hardness std" is the known noise of Hardness (median standard deviation 2 HV)';
    expect(known.stdout).toContain(line);
    expect(known.stderr).not.toContain("standard deviations");
    const files = await Promise.all(
      ["card.md", "report.html"].map((name) => readFile(join(cwd, "gaussian-process", name), "utf8")),
    );
    for (const text of files) expect(text.replaceAll("&quot;", '"')).toContain(line);
    const passed = await train("ridge");
    expect(passed.stderr).toContain('the standard deviations in "Hardness std" are not used by this model');
    expect(await readFile(join(cwd, "ridge/card.md"), "utf8")).toContain("gaussian-process takes them");
  });
});

describe("materiome train, bad input", () => {
  interface Bad {
    readonly lines?: readonly string[] | Uint8Array;
    readonly args?: readonly string[];
    readonly says: readonly string[];
  }
  const edited = (row: number, edit: (line: string) => string): string[] =>
    alloyLines().map((line, i) => (i + 1 === row ? edit(line) : line));
  const cases: Record<string, Bad> = {
    "missing file": { says: ["table.csv: cannot read the table: there is no such file"] },
    "ragged rows": {
      lines: edited(4, (line) => line.slice(0, line.lastIndexOf(","))).concat("H9,0.2,700,oil,1,2"),
      says: ["table.csv: 2 problems", "row 4: has 4 fields, the header has 5", "row 47: has 6 fields"],
    },
    "duplicate headers": {
      lines: edited(1, () => "Heat,C (wt%),C (wt%),Route,Yield strength (MPa)"),
      says: ['table.csv, row 1, column "C (wt%)"', "columns 2 and 3 have the same header; rename one"],
    },
    "decimal commas between commas": {
      lines: alloyLines().map((line, i) => (i === 0 ? line : line.replaceAll(".", ","))),
      says: ["table.csv", "row 2: has 7 fields, the header has 5", "decimal comma?"],
    },
    "decimal commas in quotes between commas": {
      lines: alloyLines().map((line, i) => (i === 0 ? line : line.replace(/0\.(\d+)/, '"0,$1"'))),
      says: ['table.csv, row 2, column "C (wt%)": "0,1" holds a comma', "delimit by semicolons"],
    },
    "text in a number column": {
      lines: edited(7, (line) => line.replace(/,900,/, ",hot,")),
      says: ['table.csv, row 7, column "Tempering temperature (K)"', '"hot" is not a number'],
    },
    "target column misspelt": {
      lines: alloyLines(),
      args: ["--target", "Yeild strengh"],
      says: ["table.csv", 'no column "Yeild strengh"; did you mean "Yield strength"?'],
    },
    "group column misspelt": {
      lines: alloyLines(),
      args: [...TARGET, "--group", "Heta"],
      says: ['no column "Heta"; did you mean "Heat"?'],
    },
    "target of names": {
      lines: alloyLines().map((line, i) => (i === 0 ? `Name,${line}` : `S${i},${line}`)),
      args: ["--target", "Name", "--model", "forest"],
      says: ['table.csv, column "Name"', "of 45 classes none has at least 2 groups", "choose another target"],
    },
    "class with one row": {
      lines: edited(5, (line) => line.replace(/water|oil/, "sand")),
      args: ["--target", "Route", "--model", "forest"],
      says: ['table.csv, column "Route"', '"sand" (1)', "2 classes with 44 of 45 rows would be left"],
    },
    "constant target": {
      lines: alloyLines(alloyRows().map((row) => ({ ...row, strengthMPa: 500 }))),
      says: ['table.csv, column "Yield strength"', "the target is constant (500 in all 45 rows)"],
    },
    "fewer groups than folds": {
      lines: alloyLines(),
      args: [...TARGET, "--folds", "20"],
      says: ["table.csv", "15 groups cannot be divided into 20 folds; use at most 15 folds"],
    },
    "fewer rows than folds": {
      lines: alloyLines()
        .slice(0, 4)
        .map((line, i) => line.replace(/^H\d+,[\d.]+/, `H${i},0.${i}`)),
      args: [...TARGET, "--folds", "10"],
      says: ["table.csv", "3 groups cannot be divided into 10 folds"],
    },
    "no rows": { lines: alloyLines().slice(0, 1), says: ["table.csv: the table has no rows of data"] },
  };

  it.each(Object.entries(cases))("%s", async (_, { lines, args = TARGET, says }) => {
    const cwd = await workFolder();
    if (lines !== undefined) {
      await writeFile(join(cwd, "table.csv"), lines instanceof Uint8Array ? lines : csv(lines as string[]));
    }
    const quick = args.includes("--model") ? ["--threads", "1"] : QUICK;
    const { code, stdout, stderr } = await runCli(["train", "table.csv", ...args, ...quick, "--out", "model"], { cwd });
    for (const text of says) expect(stderr).toContain(text);
    expect(stderr).not.toMatch(/\n {4}at /); // no stack trace
    expect(stdout).toBe("");
    expect(code).toBe(3);
    expect(await readdir(cwd)).toEqual(lines === undefined ? [] : ["table.csv"]); // no empty folder either
  });

  it("with --json the error is the one document on stdout", async () => {
    const cwd = await workFolder();
    await writeFile(join(cwd, "table.csv"), csv(edited(7, (line) => line.replace(/,900,/, ",hot,"))));
    const { code, stdout } = await runCli(["train", "table.csv", ...TARGET, "--json"], { cwd });
    expect(code).toBe(3);
    expect(JSON.parse(stdout).error).toMatchObject({
      code: "FORMAT",
      exitCode: 3,
      location: { file: "table.csv", row: 7, column: "Tempering temperature (K)" },
    });
  });

  it("output folder below a file", async () => {
    const cwd = await workFolder();
    await writeFile(join(cwd, "table.csv"), csv(alloyLines()));
    const { code, stderr } = await runCli(["train", "table.csv", ...TARGET, ...QUICK, "--out", "table.csv/model"], {
      cwd,
    });
    expect(code).toBe(3);
    expect(stderr).toContain("table.csv/model: the output folder cannot be written");
    expect(stderr).toContain("choose another --out");
    expect(await filesIn(cwd)).toEqual(["table.csv"]);
  });
});
