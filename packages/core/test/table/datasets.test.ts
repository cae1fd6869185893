import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  deriveGroups,
  inputColumnsFor,
  readSchema,
  readTable,
  readTableFile,
  type Table,
  writeTable,
} from "@materiome/core";
import { describe, expect, it } from "vitest";

const root = process.env["MATERIOME_DATA"] ?? "";
const roles = (table: Table): Record<string, string[]> => {
  const byRole: Record<string, string[]> = {};
  for (const { role } of table.columns) byRole[role] = table.withRole(role).map((column) => column.name);
  return byRole;
};

describe.skipIf(root === "")("open datasets (needs MATERIOME_DATA)", () => {
  it("infers the NIMS table without a schema, and finds its 120 heats", async () => {
    const table = await readTableFile(join(root, "nims-fatigue-steels", "nims-fatigue.csv"));
    expect(roles(table)).toEqual({
      process: ["Normalized Temperature", "Quenching Temperature", "Temperaing Temperature", "RR"],
      composition: ["C", "Si", "Mn", "P", "S", "Ni", "Cr", "Cu", "Mo"],
      structure: ["dA", "dB", "dC"],
      property: ["Fatigue Strength (10E7 Cycles)", "Tensile Strength", "Fracture Strength", "Hardness"],
    });
    expect(inputColumnsFor(table, ["Fatigue Strength (10E7 Cycles)"])).toHaveLength(16);
    const groups = deriveGroups(table);
    expect(groups).toMatchObject({ kind: "derived", nGroups: 120 });
    const sizes = new Int32Array(120);
    for (const code of groups.codes) sizes[code]++;
    expect(sizes.every((size) => size === 3)).toBe(true);
  });

  it("infers roles of literature tables", async () => {
    const lpbf = await readTableFile(join(root, "lpbf-relative-density", "lpbf-relative-density.csv"));
    expect(roles(lpbf)).toMatchObject({ id: ["No."], group: ["DOI"], property: ["RD"], condition: ["Density Measurement Method"] }); // biome-ignore format: one line
    expect(lpbf.column("D50")).toMatchObject({ unit: "um", role: "process", header: "D50 μm" });
    const mpea = await readTableFile(join(root, "mpea-mechanical", "mpea.csv"));
    expect(mpea.column("FORMULA")).toMatchObject({ kind: "formula", role: "composition" });
    expect(mpea.column("PROPERTY: Test temperature")).toMatchObject({ unit: "degC", role: "condition" });
    expect(mpea.column("PROPERTY: O content")).toMatchObject({ unit: "wppm", role: "composition" });
    expect(mpea.column("PROPERTY: grain size")).toMatchObject({ unit: "um", role: "structure" });
    expect(roles(mpea)["group"]).toEqual(["IDENTIFIER: Reference ID", "REFERENCE: doi"]);
    expect(roles(mpea)["note"]).toEqual(["REFERENCE: year", "REFERENCE: title"]);
  });

  it("reads every CSV, or refuses it for want of a header; what it reads survives writing", async () => {
    const refused: string[] = [];
    let nRead = 0;
    for (const set of readdirSync(root, { withFileTypes: true })) {
      if (!set.isDirectory()) continue;
      for (const file of readdirSync(join(root, set.name)).filter((name) => name.endsWith(".csv"))) {
        const path = join(root, set.name, file);
        const table = await readTableFile(path).catch((error: Error) => {
          expect(error.message).toMatch(/first row holds numbers/);
          refused.push(set.name);
        });
        if (table === undefined) continue;
        nRead++;
        const again = readTable(writeTable(table), { file: path });
        expect(again.columns.map(({ name, unit, kind, role }) => ({ name, unit, kind, role }))).toEqual(
          table.columns.map(({ name, unit, kind, role }) => ({ name, unit, kind, role })),
        );
      }
    }
    expect(refused.every((name) => name.startsWith("olympus-"))).toBe(true);
    expect(nRead).toBeGreaterThanOrEqual(15);
  });

  it("reads files without a header by a schema", async () => {
    const folder = join(root, "olympus-electrochem");
    const { columns } = JSON.parse(readFileSync(join(folder, "DATASET.json"), "utf8")) as { columns: unknown[] };
    const schema = readSchema({ version: 1, header: false, columns });
    const table = await readTableFile(join(folder, "data.csv"), { schema });
    expect(table.nRows).toBe(30);
    expect(table.names[0]).toBe("ligand");
  });
});
