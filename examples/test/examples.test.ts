import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const folder = fileURLToPath(new URL("..", import.meta.url));
const hook = fileURLToPath(new URL("../../tools/testing/register-typescript.mjs", import.meta.url));

function run(example: string): string {
  const args = ["--import", hook, "--conditions=@materiome/source", example];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
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
});
