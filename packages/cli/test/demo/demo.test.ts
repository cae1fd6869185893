import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli } from "../commands/runCli.ts";
import { filesIn, workFolder } from "../commands/workFolder.ts";

// What a demo has just made with the program under test may be looked at instead of running it again, which takes minutes of processor.
const made = process.env["MATERIOME_DEMO"];

async function runDemo(): Promise<string> {
  const cwd = await workFolder();
  const { code, stdout, stderr } = await runCli(["demo", "--out", "out"], { cwd });
  expect(code, stderr).toBe(0);
  expect(stdout.trimEnd().split("\n")).toHaveLength(10);
  return join(cwd, "out");
}

describe("materiome demo", () => {
  it("goes round the whole loop, and the settings it suggests give what was asked", async () => {
    const out = made ?? (await runDemo());
    const summary = JSON.parse(await readFile(join(out, "summary.json"), "utf8"));
    expect(summary.grainSize.fewestGrains).toBeGreaterThanOrEqual(200);
    expect(summary.grainSize.meanAbsoluteErrorPct).toBeLessThanOrEqual(5);
    // The digitizer sees pixels only, and what it measures still holds the physics that made them.
    expect(Math.abs(summary.activationEnergy.errorPct)).toBeLessThanOrEqual(10);
    for (const model of [summary.processToGrainSize, summary.grainSizeToStrength]) {
      expect(model.mae).toBeLessThan(0.5 * model.meanBaselineMae);
    }
    const { wanted, suggestions } = summary;
    const settings = suggestions.map((s: Record<string, number>) => `${s["temperatureC"]} ${s["timeMin"]}`);
    expect(settings.length).toBeGreaterThanOrEqual(3);
    expect(new Set(settings).size).toBe(settings.length);
    expect(Math.abs(summary.meanAchievedMPa - wanted.strengthMPa)).toBeLessThan(wanted.toleranceMPa);
    expect(summary.shareMet).toBeGreaterThan(0.5);
    // The chain was predicted end to end on samples that it had not seen, and expects by what that tells.
    expect(summary.expectedBy).toBe("corrected");
    for (const { correctedProbability } of suggestions) expect(correctedProbability).toBeGreaterThanOrEqual(0.5);

    const report = await readFile(join(out, "report.html"), "utf8");
    expect(report.trimEnd()).toMatch(/<\/html>$/);
    expect(report).not.toMatch(/(src|href)="(?!data:|#)[^"]*\.(png|js|css)"/); // self-contained
    expect(report).toContain("data:image/");
    const names = await filesIn(out);
    expect(names.filter((name) => /tmp|^\./.test(name))).toEqual([]);
  }, 480_000);
});
