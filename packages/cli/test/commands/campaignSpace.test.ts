import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runner } from "./campaignRun.ts";
import { workFolder } from "./workFolder.ts";

describe("the space of materiome campaign", () => {
  it("keeps sums, orders and combinations that --keep names, and writes and reads the space", async () => {
    const cwd = await workFolder();
    const run = runner(cwd);
    const vary = [
      "A (wt%)=0..60",
      "B (wt%)=0..60 step 0.5",
      "T1 (degC)=900..1100 step 10",
      "T2 (degC)=400..1000 step 10",
    ];
    const keep = ["A + B = 80 wt%", "T2 + 50 < T1"];
    const wanted = ["--objective", "maximize HV"];
    const started = await run(
      "new",
      "k.journal",
      ...wanted,
      "--vary",
      ...vary,
      "--keep",
      ...keep,
      "--write-space",
      "k.json",
    );
    expect(started.stdout, started.stderr).toContain("keep  A + B = 80 wt%\n  keep  T2 + 50 < T1\n");
    expect(started.stdout).toContain("vary  B (wt%): 0 … 60 in steps of 0.5");
    await run("ask", "k.journal", "-n", "4", "--out", "k.csv");
    for (const line of (await readFile(join(cwd, "k.csv"), "utf8")).trim().split("\n").slice(1)) {
      const [, a, b, first, second] = line.split(",").map(Number);
      expect([(a ?? 0) + (b ?? 0), (second ?? 0) + 50 < (first ?? 0)]).toEqual([80, true]);
    }
    expect((await run("new", "again.journal", ...wanted, "--space", "k.json")).stdout).toContain(
      "keep  A + B = 80 wt%",
    );
    const changed = await run("change", "k.journal", "--keep", "T1 <= 1000 degC");
    expect(changed.stdout, changed.stderr).toContain("keep  T1 <= 1000 degC");
    const never = await run("new", "n.journal", ...wanted, "--vary", ...vary, "--keep", "A + B = 200 wt%");
    expect(never).toMatchObject({ code: 5, stdout: "" });
    expect(never.stderr).toContain("these cannot hold together: A <= 60 wt%; B <= 60 wt%; A + B = 200 wt%");
    const unknown = await run("new", "n.journal", ...wanted, "--vary", ...vary, "--keep", "A + C = 80 wt%");
    expect(unknown.stderr).toContain('--keep "A + C = 80 wt%": "C" is neither a setting nor a number');
  });

  it("--keep leaves steps that were asked for, here or earlier, and fits those that were filled in", async () => {
    const cwd = await workFolder();
    const run = runner(cwd);
    const begin = (name: string, ...vary: readonly string[]) =>
      run("new", name, "--objective", "maximize HV", "--vary", ...vary, "--write-space", "s.json");
    // "C" begins "Cr", whose step is asked for.
    const together = ["--keep", "C + Cr = 100 wt%"];
    const begun = await begin("n.journal", "C (wt%)=0..60", "Cr (wt%)=0..100 step 0.02", ...together);
    expect(begun.stdout, begun.stderr).toContain("C (wt%): 0 … 60 in steps of 0.01");
    const steps = "A (wt%): 0 … 60 in steps of 5\n  vary  B (wt%): 0 … 60 in steps of 0.05\n";
    await begin("s.journal", "A (wt%)=0..60 step 5", "B (wt%)=0..60");
    const changed = await run("change", "s.journal", "--keep", "A + B = 80 wt%");
    expect(changed.stdout, changed.stderr).toContain(steps);
    const keep = ["--space", "s.json", "--keep", "A + B = 80 wt%"];
    const read = await run("new", "r.journal", "--objective", "maximize HV", ...keep);
    expect(read.stdout, read.stderr).toContain(steps);
  });

  it("names levels that can never be set, what a change changed, and what to do where nothing is left", async () => {
    const cwd = await workFolder();
    const run = runner(cwd);
    const grit = await run(
      "new",
      "g.journal",
      "--objective",
      "maximize HV",
      "--vary",
      "Grit=80|120|240",
      "Belt=1|2 ordinal",
    );
    expect(grit.stderr).toContain('taken as names; if they are numbers in order, write "Grit=80|120|240 ordinal"');
    expect(grit.stderr).not.toContain("Belt");
    const vary = ["--vary", "T (degC)=500..520 step 20", "Medium=oil|water"];
    const never = ["--keep", "never Medium = water"];
    const { stderr } = await run("new", "d.journal", "--objective", "maximize HV", ...vary, ...never);
    expect(stderr).toContain("note: Medium = water can never be asked for: never Medium = water");
    await run("ask", "d.journal", "-n", "2");
    expect((await run("ask", "d.journal")).stdout).toContain(
      "nothing is left to suggest: all that may be set was tried or is open (2 open)",
    );
    await run(
      "change",
      "d.journal",
      "--vary",
      "T (degC)=500..540 step 20",
      "--objective",
      "minimize HV",
      "--note",
      "new oven",
    );
    expect((await run("status", "d.journal")).stdout).toMatch(
      /changed in entry \d+ \([\d-]+\), settings, objectives: new oven/,
    );
  });

  it("keeps shares of a mixture adding up where another range of one is given", async () => {
    const cwd = await workFolder();
    const rows = ["50,30,20,100", "40,40,20,110", "60,20,20,120", "30,30,40,130"];
    await writeFile(join(cwd, "mix.csv"), `Cr (wt%),Ni (wt%),Fe (wt%),HV\n${rows.join("\n")}\n`);
    const args = ["--table", "mix.csv", "--objective", "maximize HV", "--vary", "Cr (wt%)=30..70 step 1"];
    const { stdout, stderr } = await runner(cwd)("new", "m.journal", ...args);
    expect(stdout, stderr).toContain("vary  Cr (wt%): 30 … 70 in steps of 1");
    expect(stdout).toContain("keep  Cr + Ni + Fe = 100 wt%");
    await writeFile(join(cwd, "mix.csv"), `A (%),B (%),C (%),HV\n${rows.join("\n")}\n`);
    const unsaid = await runner(cwd)("new", "u.journal", "--table", "mix.csv", "--objective", "maximize HV");
    expect(unsaid.stderr).toContain("note: A + B + C add up to 100 % in every row of the table");
    expect(unsaid.stderr).toMatch(/say so: by --schema FILE .*, or by --keep "A \+ B \+ C = 100 %"/);
    const said = await runner(cwd)(
      "new",
      "v.journal",
      "--table",
      "mix.csv",
      "--objective",
      "maximize HV",
      "--keep",
      "A + B + C = 100 %",
    );
    expect(said.stdout, said.stderr).toContain("keep  A + B + C = 100 %");
    expect(said.stderr).not.toContain("add up to");
  });
});
