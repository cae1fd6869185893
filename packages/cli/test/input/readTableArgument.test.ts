import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readTableArgument } from "../../src/input/readTableArgument.ts";
import { workFolder } from "../commands/workFolder.ts";

const CSV = "heat,T,y (MPa)\nA,600,1\nB,650,2\n";

describe("readTableArgument", () => {
  it("reads the table and says which bytes it was", async () => {
    const path = join(await workFolder(), "t.csv");
    await writeFile(path, CSV);
    const { table, sha256 } = await readTableArgument(path, undefined);
    expect(table.nRows).toBe(2);
    expect(sha256).toBe(createHash("sha256").update(CSV).digest("hex"));
  });

  it("takes roles and units from the schema", async () => {
    const folder = await workFolder();
    await writeFile(join(folder, "t.csv"), CSV);
    const columns = [{ name: "T", role: "condition", unit: "°C" }];
    await writeFile(join(folder, "s.json"), JSON.stringify({ version: 1, columns }));
    const { table } = await readTableArgument(join(folder, "t.csv"), join(folder, "s.json"));
    expect(table.column("T")).toMatchObject({ role: "condition", unit: "degC" });
  });

  it.each([
    ["{", /s\.json: is no complete JSON/],
    ["[]", /s\.json/],
    ['{"version":1,"columns":[{"name":"T","role":"knob"}]}', /s\.json.*knob/s],
    ['{"version":1,"columns":[{"name":"Q","role":"process"}]}', /no column "Q"/],
  ])("refuses the schema %s", async (schema, message) => {
    const folder = await workFolder();
    await writeFile(join(folder, "t.csv"), CSV);
    await writeFile(join(folder, "s.json"), schema);
    await expect(readTableArgument(join(folder, "t.csv"), join(folder, "s.json"))).rejects.toThrow(message);
  });

  it("tells a folder from a missing file", async () => {
    const folder = await workFolder();
    await expect(readTableArgument(folder, undefined)).rejects.toThrow("this is a folder; expected a CSV table");
    await expect(readTableArgument(join(folder, "no.csv"), undefined)).rejects.toThrow("there is no such file");
  });
});
