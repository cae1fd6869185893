import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "./runCli.ts";
import { trainAlloys } from "./trainedModel.ts";
import { newFolder, removeFolder, workFolder } from "./workFolder.ts";

let trained: string;
let model: string;

beforeAll(async () => {
  trained = await newFolder();
  model = join(trained, "model");
  await trainAlloys(trained);
});
afterAll(() => removeFolder(trained));

const WANTED = ["--target", "Yield strength>=600 MPa"];

describe("materiome invert", () => {
  it("gives five distinct candidates inside bounds and domain", async () => {
    const cwd = await workFolder();
    const { code, stdout, stderr } = await runCli(["invert", model, ...WANTED, "--vary", "C", "--json"], { cwd });
    expect(code, stderr).toBe(0);
    const { candidates, refused, seed } = JSON.parse(stdout);
    expect([candidates.length, refused, seed]).toEqual([5, undefined, 1]);
    const number = expect.any(Number);
    for (const candidate of candidates) {
      expect(candidate).toMatchObject({
        settings: expect.any(Object),
        predicted: { mean: number, lower: number, upper: number },
        probability: number,
        inDomain: true,
        nearestSample: { row: number, distance: number },
        cost: null,
      });
      expect(candidate.probability).toBeGreaterThanOrEqual(0.5);
      expect(candidate.predicted.mean).toBeGreaterThanOrEqual(600);
      const settings = candidate.settings;
      expect(settings["C"]).toBeGreaterThanOrEqual(0.1);
      expect(settings["C"]).toBeLessThanOrEqual(0.38);
      expect(settings["Tempering temperature"]).toBeGreaterThanOrEqual(700);
      expect(settings["Tempering temperature"]).toBeLessThanOrEqual(900);
      expect(["oil", "water"]).toContain(settings["Route"]);
    }
    expect(new Set(candidates.map((c: { settings: unknown }) => JSON.stringify(c.settings))).size).toBe(5);
  });

  it("holds what is fixed, in another unit too, and takes the rest from --like", async () => {
    const cwd = await workFolder();
    const { code, stdout, stderr } = await runCli(
      ["invert", model, ...WANTED, "--fix", "Tempering temperature=426.85 °C", "--like", "41", "-n", "2", "--json"],
      { cwd },
    );
    expect(code, stderr).toBe(0);
    const { candidates, fixed } = JSON.parse(stdout);
    expect(candidates).toHaveLength(2);
    expect(fixed).toMatchObject([
      { name: "C", value: 0.36, unit: "wt%", why: "context" },
      { name: "Tempering temperature", value: expect.closeTo(700, 6), unit: "K", why: "fixed" },
    ]);
  });

  it("says routes, window and tolerance, takes cost and scatter, and draws a page", async () => {
    const cwd = await workFolder();
    const cost = "number(`Tempering temperature`, 'K') + 500 * number(C, 'wt%')";
    const more = ["--vary", "C", "--scatter", "Tempering temperature=±27 °F", "C=0.01", "--cost", cost];
    const { code, stdout, stderr } = await runCli(
      ["invert", model, ...WANTED, ...more, "--json", "--report", "r.html"],
      {
        cwd,
      },
    );
    expect(code, stderr).toBe(0);
    const { candidates, routes, window } = JSON.parse(stdout);
    const costs = candidates.map((c: { cost: { value: number } }) => c.cost.value);
    expect(costs).toEqual([...costs].sort((a: number, b: number) => a - b));
    for (const {
      settings,
      cost: { value },
      scatter,
      drift,
    } of candidates) {
      expect(value).toBeCloseTo(settings["Tempering temperature"] + 500 * settings["C"], 9);
      expect(scatter.probability).toBeGreaterThan(0.3);
      expect(drift.map((d: { name: string }) => d.name)).toEqual(["C", "Tempering temperature", "Route"]);
    }
    expect(window.settings[1]).toMatchObject({ name: "Tempering temperature", unit: "K", min: 700, max: 900 });
    expect(routes.reduce((sum: number, route: { share: number }) => sum + route.share, 0)).toBeCloseTo(1, 9);
    expect(routes[0].representative).toMatchObject({ settings: { C: expect.any(Number) }, inDomain: true });
    const page = await readFile(join(cwd, "r.html"), "utf8");
    for (const title of ["Candidates", "Process window", "Routes", "Tolerance"])
      expect(page).toContain(`<h2>${title}</h2>`);
    expect(page).not.toMatch(/NaN|undefined/);
  });

  it("is the same for one thread and for two, and follows the seed", async () => {
    const cwd = await workFolder();
    const args = ["invert", model, ...WANTED, "--vary", "C", "--json", "--seed", "5"];
    const [one, two] = await Promise.all(["1", "2"].map((threads) => runCli([...args, "--threads", threads], { cwd })));
    expect(one?.code).toBe(0);
    expect(two?.stdout).toBe(one?.stdout);
    expect(JSON.parse(one?.stdout ?? "").seed).toBe(5);
  });

  it("refuses what is out of reach: exit code 5, the best reachable and the limiting cause", async () => {
    const cwd = await workFolder();
    const args = ["invert", model, "--target", "Yield strength>=3000 MPa", "--vary", "C"];
    const [said, json] = await Promise.all(
      [["--report", "r.html"], ["--json"]].map((more) => runCli([...args, ...more], { cwd })),
    );
    expect([said?.code, json?.code]).toEqual([5, 5]);
    const page = (await readFile(join(cwd, "r.html"), "utf8")).replaceAll(/<[^>]+>/g, " ");
    expect(page).toMatch(
      /out of reach\s[\s\S]+Cause: the highest[\s\S]+Best believed reachable[\s\S]+nearest row\s+1\s/,
    );
    expect(said?.stdout).toMatch(/refused: Yield strength >= 3000 MPa is out of reach/);
    expect(said?.stdout).toMatch(/cause: +the highest Yield strength ever measured in the training rows is 7\d\d/);
    expect(said?.stdout).toMatch(/best believed reachable: Yield strength 7\d\d/);
    const { candidates, refused } = JSON.parse(json?.stdout ?? "");
    expect(candidates).toEqual([]);
    expect(refused.limiting.cause).toBe("beyondData");
    expect(refused.best.predicted.mean).toBeLessThan(3000);
  });

  it.each([
    ["a target the model does not predict", ["--target", "Yeild strength>=3 MPa"], 'did you mean "Yield strength"?'],
    ["a target without a relation", ["--target", "Yield strength"], "NAME>=VALUE UNIT"],
    ["a unit of another quantity", ["--target", "Yield strength>=600 K"], 'cannot convert "K" to "MPa"'],
    ["a category never seen", [...WANTED, "--fix", "Route=sand"], "seen are: oil, water"],
    ["an unknown column to fix", [...WANTED, "--fix", "Temp=700"], 'did you mean "Tempering temperature"?'],
    ["an unknown column to vary", [...WANTED, "--vary", "Carbn"], 'no column "Carbn"'],
    ["scatter of a category", [...WANTED, "--scatter", "Route=3"], '"Route", which is no number that is set here'],
    [
      "what is kept of no setting",
      [...WANTED, "--keep", "Temp + Route = 3"],
      '--keep "Temp + Route = 3": "Temp" is neither',
    ],
    ["a row that is not there", [...WANTED, "--like", "99"], "no training row stood in that row"],
  ])("%s is bad input: exit code 3", async (_, args, says) => {
    const cwd = await workFolder();
    const { code, stdout, stderr } = await runCli(["invert", model, ...args], { cwd });
    expect(stderr).toContain(says);
    expect(code).toBe(3);
    expect(stdout).toBe("");
  });

  it.each([
    ["a setting without a value", ["--fix", "Route"], "write COL=VALUE"],
    ["bounds beside --fix", ["--bounds", "space.json", "--fix", "Route=oil"], "leave out --fix, --vary and --like"],
    ["no candidates", ["-n", "0"], "at least 1"],
    ["scatter of candidates only", ["--candidates-only", "--scatter", "Time=1"], "leaves out what --scatter is for"],
    ["a schedule without energy", ["--schedule", "space.json"], "need both --schedule"],
  ])("%s is wrong usage: exit code 2", async (_, args, says) => {
    const cwd = await workFolder();
    await writeFile(join(cwd, "space.json"), "{}");
    const { code, stderr } = await runCli(["invert", model, ...WANTED, ...args], { cwd });
    expect(stderr).toContain(says);
    expect(code).toBe(2);
  });
});
