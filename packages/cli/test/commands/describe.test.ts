import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli } from "./runCli.ts";
import { workFolder } from "./workFolder.ts";

const CSV = [
  "Heat;Steel grade;Temper (°C);YS (MPa);S wt%",
  "A;4340;550;1080±12;<0,005",
  "A;4340;600;960±10;<0,005",
  "A;4340;600;952±10;<0,005",
  "B;4140;600;870±9;0,012",
].join("\n");

describe("materiome describe", () => {
  it("says what was read as what, and which rows repeat", async () => {
    const cwd = await workFolder();
    await writeFile(join(cwd, "t.csv"), CSV);
    const { code, stdout } = await runCli(["describe", "t.csv"], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/Temper +process \(name\) +degC +number +550 … 600/);
    expect(stdout).toMatch(/S censoring +censor of S/);
    expect(stdout).toMatch(/YS uncertainty +uncertainty of YS/);
    expect(stdout).toMatch(/groups from column Heat|Heat: 2 groups/);
    expect(stdout).toMatch(/rows 3, 4: YS 952 … 960 MPa/);
  });

  it("writes a schema that reads the same table again", async () => {
    const cwd = await workFolder();
    await writeFile(join(cwd, "t.csv"), CSV);
    const json = await runCli(["describe", "t.csv", "--json", "--write-schema", "s.json"], { cwd });
    const { schema, nRows, duplicates } = JSON.parse(json.stdout);
    expect(nRows).toBe(4);
    expect(duplicates.equal ?? duplicates.conflicting ?? Object.values(duplicates).flat()).not.toEqual([]);
    expect(JSON.parse(await readFile(join(cwd, "s.json"), "utf8"))).toEqual(schema);
    const again = await runCli(["describe", "t.csv", "--json", "--schema", "s.json"], { cwd });
    expect(again.stderr).toBe("");
    expect(JSON.parse(again.stdout).columns).toEqual(JSON.parse(json.stdout).columns);
  });

  it.each([
    ["an empty file", "", "empty"],
    ["a header without rows", "T (°C),y\n", "no rows"],
    ["mixed units in a column", "T,y\n650 °C,1\n3 MPa,2\n700 °C,3\n", 'column "T"'],
  ])("refuses %s", async (_, text, says) => {
    const cwd = await workFolder();
    await writeFile(join(cwd, "t.csv"), text);
    const { code, stderr } = await runCli(["describe", "t.csv"], { cwd });
    expect(code).toBe(3);
    expect(stderr).toContain("t.csv");
    expect(stderr).toContain(says);
  });
});
