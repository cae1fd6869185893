import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fillIn, GOALS, KNOBS, runner } from "./campaignRun.ts";
import { filesIn, workFolder } from "./workFolder.ts";

describe("materiome campaign", () => {
  it("weighs versions of an experiment where they are named with their costs", async () => {
    const run = runner(await workFolder());
    const versions = ["--fidelity", "Method=experiment:10,simulation:1"];
    const started = await run("new", "a.journal", "--objective", "maximize HV", "--vary", "x=0..1", ...versions);
    expect(started.stdout).toContain("given Method = experiment");
    expect(started.stdout).toContain("cost  of Method: experiment at 10, simulation at 1");
    const { stdout } = await run("ask", "a.journal", "-n", "3");
    expect(stdout).toMatch(/id +x +Method +why/);
    expect(stdout.match(/experiment|simulation/g)).toEqual(["experiment", "simulation", "simulation"]);
    const refused = await run(
      "new",
      "b.journal",
      "--objective",
      "maximize HV",
      "--vary",
      "x=0..1",
      "--fidelity",
      "Method=a:1",
    );
    expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining("NAME=VERSION:COST,VERSION:COST")]);
  });

  it("goes from zero rows through asking and telling to a report; a table may be told bit by bit", async () => {
    const cwd = await workFolder();
    const run = runner(cwd);
    const started = await run("new", "trials.journal", ...GOALS, ...KNOBS, "--seed", "3", "--json");
    expect(started.code, started.stderr).toBe(0);
    expect(JSON.parse(started.stdout)).toMatchObject({ journal: "trials.journal", seed: 3, nTold: 0 });

    const asked = await run("ask", "trials.journal", "-n", "4", "--json");
    expect(asked.code, asked.stderr).toBe(0);
    const { suggestions, table } = JSON.parse(asked.stdout);
    expect(suggestions.map(({ id }: { id: string }) => id)).toEqual(["S1", "S2", "S3", "S4"]);
    expect(table).toBe("trials.ask-1.csv");
    const batch = join(cwd, table);
    expect((await readFile(batch, "utf8")).split("\n")[0]).toBe(
      "id,T (degC),t (min),Medium,C (wt%),Hardness (HV),Elongation (%),status,note",
    );

    await fillIn(batch, [[300, 9], "failed"]);
    const first = await run("tell", "trials.journal", table);
    expect(first.code, first.stderr).toBe(0);
    expect(first.stdout).toMatch(
      /^2 results told\nbest Hardness \(HV\): 300 at T \d+ °C, t [\d.]+ min, Medium \w+ \(S1\)\n$/,
    );
    expect(first.stderr).toContain("rows 4, 5: neither outcome nor status, left as they are");
    await fillIn(batch, ["", "", [320, 7], [310, 9]]);
    const second = await run("tell", "trials.journal", table, "--json");
    expect(JSON.parse(second.stdout)).toMatchObject({ nTold: 2, alreadyTold: ["S1", "S2"] });

    const next = await run("ask", "trials.journal", "-n", "2", "--share", "T", "--fix", "Medium=oil", "--out", "b.csv");
    expect(next.code, next.stderr).toBe(0);
    const rows = (await readFile(join(cwd, "b.csv"), "utf8")).trimEnd().split("\n").slice(1);
    expect(rows.map((row) => row.split(",").slice(3, 5))).toEqual([
      ["oil", "0.4"],
      ["oil", "0.4"],
    ]);
    expect(new Set(rows.map((row) => row.split(",")[1])).size).toBe(1);

    const status = await run("status", "trials.journal", "--report", "--export", "all.csv");
    expect(status.code, status.stderr).toBe(0);
    expect(status.stdout).toContain("experiments: 3 with results, 1 failed, 2 open");
    expect(status.stdout).toContain("best Hardness (HV): 310");
    const page = await readFile(join(cwd, "trials.report.html"), "utf8");
    expect(page).toContain("Open experiments, and why these");
    expect(page).not.toMatch(/<script|https?:\/\//);
    const again = await run("tell", "trials.journal", "all.csv", "--json");
    expect(JSON.parse(again.stdout)).toMatchObject({ nTold: 0 });
    expect(await filesIn(cwd)).toEqual([
      "all.csv",
      "b.csv",
      "trials.ask-1.csv",
      "trials.journal",
      "trials.report.html",
    ]);
  });

  it("takes ranges and results from a table, the heat in hand from a row; bounds and goals change midway", async () => {
    const cwd = await workFolder();
    const run = runner(cwd);
    const rows = Array.from({ length: 6 }, (_, i) => `H${i},0.${3 + (i % 2)},${560 + 20 * i},${300 + 7 * i},${20 - i}`);
    await writeFile(
      join(cwd, "old.csv"),
      `heat,C (wt%),Tempering temperature (degC),Hardness (HV),Impact energy (J)\n${rows.join("\n")}\n`,
    );
    const started = await run(
      ...["new", "t.journal", "--table", "old.csv", "--like", "3", "--objective", "maximize Hardness (HV)"],
      ...["maximize Impact energy (J)", "--json"],
    );
    expect(started.code, started.stderr).toBe(0);
    expect(JSON.parse(started.stdout)).toMatchObject({
      nTold: 6,
      space: {
        variables: [{ name: "Tempering temperature", min: 560, max: 660, unit: "degC" }],
        fixed: [{ name: "C", value: 0.4, why: "context" }],
      },
    });
    const changed = await run(
      ...["change", "t.journal", "--vary", "Tempering temperature=580..640 step 5", "--objective"],
      ...["maximize Hardness (HV)", "--note", "one goal is enough", "--json"],
    );
    expect(changed.code, changed.stderr).toBe(0);
    const asked = await run("ask", "t.journal", "--json");
    expect(asked.code, asked.stderr).toBe(0);
    const [{ settings, expected }] = JSON.parse(asked.stdout).suggestions;
    expect(settings["Tempering temperature"] % 5).toBe(0);
    expect(settings["C"]).toBe(0.4);
    expect(expected[0].name).toBe("Hardness");
    const widened = await run("change", "t.journal", "--vary", "Medium=oil|water");
    expect(widened.stderr).toContain('T1 has no value of "Medium", and 6 more: not learned from');
    const unsure = await run("ask", "t.journal");
    expect(unsure.stderr).toContain('each of T1, T2, T3 and 4 more has no value of "Medium": not learned from');
    const assumed = await run("change", "t.journal", "--vary", "Medium=oil|water", "--assume", "Medium=oil");
    expect(assumed.stderr).not.toContain("not learned from");
    const report = await run("status", "t.journal", "--report", "page.html", "--json");
    expect(JSON.parse(report.stdout)).toMatchObject({
      changes: [{ note: "one goal is enough" }, {}, {}],
      counts: { ok: 6, pending: 2 },
    });
  });

  it("optimises under scatter, says so, and gives no stop advice between a change and the next ask", async () => {
    const cwd = await workFolder();
    const run = runner(cwd);
    const knobs = ["--vary", "T (degC)=500..700 step 5", "t (min)=10..240 log"];
    const goals = ["--objective", "max HV", "--constraint", "HV>=290"];
    const started = await run("new", "s.journal", ...goals, ...knobs, "--scatter", "T=9 degF", "t=10 %");
    expect(started.stdout, started.stderr).toContain("maximize HV (mean under scatter: T ± 5 degC, t ± 10 %)");
    const rows = [520, 560, 600, 640, 680].map((T, i) => `${T},${20 + 30 * i},${300 - ((T - 610) / 10) ** 2}`);
    await writeFile(join(cwd, "r.csv"), `T (degC),t (min),HV\n${rows.join("\n")}\n`);
    await run("tell", "s.journal", "r.csv");
    const why = async (...options: readonly string[]) => {
      const { stdout, stderr } = await run("ask", "s.journal", "--json", ...options);
      const [{ method, settings }] =
        stdout === "" ? [{ method: stderr, settings: {} }] : JSON.parse(stdout).suggestions;
      return { method, settings };
    };
    // "t" is not "T".
    expect(await why("--fix", "t=60")).toMatchObject({
      method: "log expected improvement (mean under scatter: T ± 5 degC, t ± 10 %)",
      settings: { t: 60 },
    });
    expect((await run("status", "s.journal")).stdout).toContain("stop rule: the largest expected gain");
    const changed = await run("change", "s.journal", "--robust", "worst");
    expect(changed.stdout).toContain("wanted: maximize HV (worst under scatter: T ± 5 degC, t ± 10 %)");
    const between = await run("status", "s.journal", "--report", "s.html");
    expect(between.stdout).toContain("stop rule: nothing can be said since the change in entry 4; ask again");
    const page = await readFile(join(cwd, "s.html"), "utf8");
    expect(page).toContain("nothing can be said since the change in entry 4");
    expect(page).toMatch(/<h2[^>]*>Process window<\/h2>/);
    expect((await why("--acquisition", "upper-confidence-bound")).method).toMatch(
      /or take settings as met exactly \(--no-scatter\)$/m,
    );
    expect((await why("--acquisition", "upper-confidence-bound")).method).toContain(
      'the method "upper-confidence-bound" does not know the worst under a disturbance; take one of auto, log-expected-improvement, expected-improvement',
    );
    expect((await why("--acquisition", "upper-confidence-bound", "--deviations", "1", "--no-scatter")).method).toMatch(
      /^upper confidence bound \(mean \+ 1 deviations\)/,
    );
    expect((await run("change", "s.journal", "--no-scatter")).stdout).toContain("wanted: maximize HV; HV >= 290\n");
  });

  it("takes what another campaign exported, and leaves no journal where a table cannot be read", async () => {
    const cwd = await workFolder();
    const run = runner(cwd);
    const begin = (name: string, table: string) =>
      run("new", name, ...["--vary", "T (degC)=400..600 step 5"], ...["--objective", "maximize HV", "--table", table]);
    await writeFile(
      join(cwd, "all.csv"),
      "id,T (degC),HV,status\nS1,480,350,ok\nS2,500,,failed\nS3,520,,\n,540,310,\nT1,560,300,\n",
    );
    const started = await begin("a.journal", "all.csv");
    expect(started.stdout, started.stderr).toContain("4 results of all.csv told");
    expect((await run("status", "a.journal")).stdout).toMatch(/best HV: 350 at T 480 °C \(earlier S1\)/);
    await writeFile(join(cwd, "bad.csv"), "id,T (degC),HV\nx,480,350\ny,500,cracked\n");
    expect(await begin("b.journal", "bad.csv")).toMatchObject({ code: 3 });
    await writeFile(join(cwd, "bad.csv"), "id,T (degC),HV\nx,480,350\ny,500,360\n");
    expect(await begin("b.journal", "bad.csv")).toMatchObject({ code: 0 });
  });

  it("takes the reference point of several objectives, and asks for what was tried where that is wanted", async () => {
    const cwd = await workFolder();
    const run = runner(cwd);
    const begin = (name: string, ...objectives: readonly string[]) =>
      run("new", name, "--objective", ...objectives, "--vary", "T (degC)=500..520 step 10");
    await begin("r.journal", "maximize YS (MPa)", "minimize Cost");
    const rows = ["500,900,3", "510,950,4", "520,940,6"];
    await writeFile(join(cwd, "r.csv"), `T (degC),YS (MPa),Cost\n${rows.join("\n")}\n`);
    await run("tell", "r.journal", "r.csv");
    expect((await run("ask", "r.journal", "--initial", "3")).stdout).toContain("nothing is left");
    const ask = (...more: readonly string[]) => run("ask", "r.journal", "--initial", "3", "--repeats", ...more);
    expect((await ask()).stderr).toContain("Reference point (a tenth beyond the worst of the front)");
    const { stdout, stderr } = await ask("--reference", "YS=0.8 GPa", "Cost=10");
    expect(stdout).toContain("hypervolume improvement");
    expect(stderr).not.toContain("Reference point");
    expect((await ask("--reference", "YS=800")).stderr).toContain(
      '--reference says nothing of "Cost"; name each objective',
    );
    expect((await ask("--reference", "YS=800 K", "Cost=10")).stderr).toContain('--reference "YS=800 K"');
    await begin("three.journal", "maximize YS (MPa)", "minimize Cost", "maximize A");
    await writeFile(join(cwd, "three.csv"), "T (degC),YS (MPa),Cost,A\n500,900,3,5\n510,950,4,6\n");
    await run("tell", "three.journal", "three.csv");
    await run("status", "three.journal", "--report", "three.html");
    expect(await readFile(join(cwd, "three.html"), "utf8")).toContain(
      "Drawn by YS and Cost alone. YS is to be large, Cost small, A large: no run",
    );
    await begin("one.journal", "maximize YS (MPa)");
    expect((await run("ask", "one.journal", "--reference", "YS=800")).stderr).toContain("this campaign has one");
  });

  it("takes the heat in hand from a table that names heats, a new one too, or says that they are left aside", async () => {
    const cwd = await workFolder();
    const run = runner(cwd);
    const rows = ["A1,480,350", "A1,500,372", "A2,480,330", "A2,520,361"];
    await writeFile(join(cwd, "heats.csv"), `Heat,T (degC),Hardness (HV)\n${rows.join("\n")}\n`);
    const begin = async (name: string, ...more: readonly string[]) =>
      run("new", name, "--table", "heats.csv", "--objective", "maximize Hardness (HV)", ...more);
    const bare = await run(
      "new",
      "u.journal",
      "--table",
      "heats.csv",
      "--objective",
      "maximize Hardness",
      "--like",
      "4",
    );
    expect(bare.stderr).not.toContain("no unit in the campaign");
    expect((await run("status", "u.journal")).stdout).toContain("best Hardness (HV): 361");
    expect((await begin("a.journal", "--like", "4")).stdout).toContain("given Heat = A2");
    expect((await run("status", "a.journal", "--report", "a.html")).stdout).toMatch(/best .*: 361 at T 520 °C \(T4\)/);
    const page = await readFile(join(cwd, "a.html"), "utf8");
    expect(page).toContain("Best Hardness (HV): 361 at T 520 °C (T4).");
    expect(page.replaceAll(/<[^>]+>/g, " ")).toMatch(/T1\s+480\s+A1\s+350\s+ok[\s\S]+T4\s+520\s+A2\s+361\s+ok/);
    expect((await begin("b.journal", "--fix", "heat=A17")).stdout).toContain("given Heat = A17");
    expect((await run("status", "b.journal")).stdout).toContain("none measured yet");
    expect((await begin("c.journal")).stderr).toContain('"Heat" is left aside; where it matters');
  });

  it("an edited journal is bad input until it is accepted, a cut-off one is recovered with a warning", async () => {
    const cwd = await workFolder();
    const run = runner(cwd);
    await run("new", "trials.journal", ...GOALS, ...KNOBS);
    const path = join(cwd, "trials.journal");
    await writeFile(
      join(cwd, "r.csv"),
      "T (degC),t (min),Medium,Hardness (HV),Elongation (%)\n600,60,oil,300,9\n610,60,oil,305,9\n",
    );
    await run("tell", "trials.journal", "r.csv");
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace('"Hardness": 300', '"Hardness": 360'));
    const refused = await run("status", "trials.journal");
    expect(refused).toMatchObject({ code: 3, stdout: "" });
    expect(refused.stderr).toContain("edited by hand: entry 2");
    const accepted = await run("status", "trials.journal", "--accept-edits");
    expect(accepted).toMatchObject({ code: 0 });
    expect(accepted.stdout).toContain("best Hardness (HV): 360");
    await writeFile(path, text.slice(0, -40));
    const recovered = await run("status", "trials.journal", "--quiet");
    expect(recovered).toMatchObject({ code: 0 });
    expect(recovered.stderr).toContain("What stands is everything up to entry 1");
  });

  it.each([
    [
      "a missing direction",
      ["new", "n.journal", "--objective", "Hardness", "--vary", "T=1..2"],
      3,
      "say in which direction",
    ],
    ["reversed bounds", ["new", "n.journal", "--objective", "max H", "--vary", "T=2..1"], 3, "swap them"],
    ["nothing to vary", ["new", "n.journal", "--objective", "max H"], 2, "say what may be turned"],
    [
      "a column without its range",
      ["new", "n.journal", "--objective", "max H", "--vary", "T"],
      2,
      "its range is needed",
    ],
    [
      "a space that is none",
      ["new", "n.journal", "--objective", "max H", "--space", "space.json"],
      3,
      "space.json: not a",
    ],
    ["an existing journal", ["new", "trials.journal", ...GOALS, ...KNOBS], 3, "never overwritten"],
    ["a missing journal", ["ask", "no.journal"], 3, "no such journal"],
    ["an unknown setting to hold", ["ask", "trials.journal", "--fix", "Tmp=3"], 3, "no setting of this campaign"],
    ["an unknown setting to share", ["ask", "trials.journal", "--share", "Tmp"], 3, "cannot be shared"],
    ["a suggestion never made", ["tell", "trials.journal", "s9.csv"], 3, "s9.csv: row 2, result of S9"],
    ["scatter in another unit", ["ask", "trials.journal", "--scatter", "T=5 MPa"], 3, '"T=5 MPa": convertUnit: cannot'],
    ["scatter of time on a log scale", ["ask", "trials.journal", "--scatter", "t=5 min"], 3, 'percent, as in "t=5 %"'],
    ["scatter within limits", ["ask", "trials.journal", "--scatter", "T=±8"], 2, "standard deviation; without ±, 4.6"],
    ["scatter of a given setting", ["ask", "trials.journal", "--scatter", "C=0.1"], 3, "is given, and no setting"],
    ["scatter of a choice", ["ask", "trials.journal", "--scatter", "Medium=1"], 3, '"Medium" is no number'],
    ["a worst case of nothing", ["ask", "trials.journal", "--robust", "worst"], 2, "say how they do, as in --scatter"],
    [
      "scatter with and without",
      ["change", "trials.journal", "--no-scatter", "--robust", "mean"],
      2,
      "contradict each other",
    ],
    [
      "deviations of another acquisition",
      ["ask", "trials.journal", "--acquisition", "knowledge-gradient", "--deviations", "1"],
      3,
      'deviations belong to the method "upper-confidence-bound", got the method "knowledge-gradient"',
    ],
    ["no change", ["change", "trials.journal"], 2, "say what changes"],
  ] as const)("%s ends with a clear message", async (_, args, code, says) => {
    const cwd = await workFolder();
    const run = runner(cwd);
    await run("new", "trials.journal", ...GOALS, ...KNOBS);
    await writeFile(join(cwd, "s9.csv"), "id,Hardness (HV)\nS9,300\n");
    await writeFile(join(cwd, "space.json"), "{}");
    const result = await run(...args);
    expect(result.stderr).toContain(says);
    expect(result).toMatchObject({ code, stdout: "" });
  });
});
