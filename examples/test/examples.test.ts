import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { ownPackages } from "../../tools/testing/ownPackages.ts";

const folder = fileURLToPath(new URL("..", import.meta.url));

function run(example: string): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...ownPackages, example], {
    cwd: folder,
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return stdout;
}

function number(text: string, pattern: RegExp): number {
  const found = pattern.exec(text)?.[1];
  expect(found, `${pattern} in:\n${text}`).toBeDefined();
  return Number(found);
}

describe("examples", () => {
  it("read-a-wild-table finds units, roles, the gap and the heats", () => {
    const text = run("read-a-wild-table.mjs");
    expect(text).toMatch(/Grain size +structure +number +um/);
    expect(text).toContain("row 4 has no strength");
    expect(text).toContain("117.8, 108.1, 125.9"); // 812, 745, 868 MPa / 6.894757
    expect(text).toContain("heats found by equal Alloy: 2");
  });

  it("measure-grain-size comes within 5 % of the known grain count", () => {
    const counts = [...run("measure-grain-size.mjs").matchAll(/: (\d+) grains \(true: 250\)/g)].map((m) =>
      Number(m[1]),
    );
    expect(counts).toHaveLength(5);
    for (const count of counts) expect(Math.abs(count - 250)).toBeLessThanOrEqual(12);
  });

  it("conduct-through-a-section finds that flat pores hinder heat across them, within the bounds", () => {
    const text = run("conduct-through-a-section.mjs");
    const along = number(text, /along the pores (\d+) /);
    const across = number(text, /across (\d+)\n/);
    expect(across).toBeLessThan(0.9 * along);
    expect(along).toBeLessThan(number(text, /at most (\d+) /));
    expect(number(text, /([\d.]+) % of the section carries/)).toBeGreaterThan(2);
  });

  it("label-phases-by-strokes finds the share of a constituent that only its texture tells", () => {
    const text = run("label-phases-by-strokes.mjs");
    const found = number(text, /lamellar: ([\d.]+) %/);
    expect(Math.abs(found - number(text, /true: ([\d.]+) %/))).toBeLessThan(2);
    expect(number(text, /([\d.]+) % of the pixels are right/)).toBeGreaterThan(97);
  });

  it("predict-hardness beats guessing and says what it does not know", () => {
    const text = run("predict-hardness.mjs");
    const mae = number(text, /error for a new heat ([\d.]+) HV/);
    expect(mae).toBeLessThan(number(text, /guessing the mean gives ([\d.]+) HV/) / 3);
    expect(text).toContain("known territory");
    expect(text).toContain("Cr 9.5 wt% is outside");
  });

  it("reach-a-hardness finds three temperings and refuses the impossible", () => {
    const text = run("reach-a-hardness.mjs");
    expect(text.match(/Tempering temperature \d+ degC/g)).toHaveLength(3);
    expect(text).toContain("refused; the highest Hardness ever measured");
  });

  it("plan-a-tempering finds ramps and hold of a log, and a shorter tempering of the same effect", () => {
    const text = run("plan-a-tempering.mjs");
    expect(text).toContain("TC top: noise 1.5 K, spikes in rows [79]");
    expect(text).toMatch(/heat 120 min to 620 °C, 5\.0 K\/min\n {2}hold 120 min to 620 °C\n {2}cool 1(19|20) min/);
    expect(number(text, /([\d.]+) planned/)).toBe(18132); // 893.15 (20 + log₁₀ 2)
    expect(number(text, /that is (\d+) min at 620/)).toBeGreaterThan(120);
    expect(number(text, /650 °C, (\d+) min/)).toBe(26); // 60 · 10^(18131.8/923.15 − 20)
    expect(number(text, /650 °C, .*: (\d+) MJ/)).toBeLessThan(number(text, /620 °C, .*: (\d+) MJ/));
  });

  it("plan-a-campaign comes near the best ageing in six furnace runs of three specimens", () => {
    const text = run("plan-a-campaign.mjs");
    expect(text.match(/^run \d: \d+ °C, .* h; best so far \d+ HV$/gm)).toHaveLength(6);
    expect(number(text, /again: (\d+) HV on average/)).toBeGreaterThan(520); // best of all settings: 543.5 HV
    expect(number(text, /noise ([\d.]+) HV/)).toBeLessThan(9); // true: 4
  });
});
