import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readTableArgument } from "../../src/input/readTableArgument.ts";
import { workFolder } from "../commands/workFolder.ts";

const quiet = { signal: new AbortController().signal, warn: () => undefined };
const CSV = "heat,T,y (MPa)\nA,600,1\nB,650,2\n";

describe("readTableArgument", () => {
  it("reads the table and says which bytes it was", async () => {
    const path = join(await workFolder(), "t.csv");
    await writeFile(path, CSV);
    const { table, sha256 } = await readTableArgument(path, {}, quiet);
    expect(table.nRows).toBe(2);
    expect(sha256).toBe(createHash("sha256").update(CSV).digest("hex"));
  });

  it("takes roles and units from the schema", async () => {
    const folder = await workFolder();
    await writeFile(join(folder, "t.csv"), CSV);
    const columns = [{ name: "T", role: "condition", unit: "°C" }];
    await writeFile(join(folder, "s.json"), JSON.stringify({ version: 1, columns }));
    const { table } = await readTableArgument(join(folder, "t.csv"), { schema: join(folder, "s.json") }, quiet);
    expect(table.column("T")).toMatchObject({ role: "condition", unit: "degC" });
  });

  it.each([
    ["{", /s\.json: is no complete JSON/],
    ["\u0089PNG\0", /s\.json: is no JSON, and no text; check the path$/],
    ["[]", /s\.json/],
    ['{"version":1,"columns":[{"name":"T","role":"knob"}]}', /s\.json.*knob/s],
    ['{"version":1,"columns":[{"name":"Q","role":"process"}]}', /no column "Q"/],
  ])("refuses the schema %s", async (schema, message) => {
    const folder = await workFolder();
    await writeFile(join(folder, "t.csv"), CSV);
    await writeFile(join(folder, "s.json"), schema);
    await expect(readTableArgument(join(folder, "t.csv"), { schema: join(folder, "s.json") }, quiet)).rejects.toThrow(
      message,
    );
  });

  it("tells a folder from a missing file", async () => {
    const folder = await workFolder();
    await expect(readTableArgument(folder, {}, quiet)).rejects.toThrow("this is a folder, a table file is expected");
    await expect(readTableArgument(join(folder, "no.csv"), {}, quiet)).rejects.toThrow("there is no such file");
  });

  it("reads workbooks and JSON records, and warns of a guessed encoding", async () => {
    const folder = await workFolder();
    await writeFile(join(folder, "t.json"), JSON.stringify([{ T: 600, "y (MPa)": 1 }]));
    const { table } = await readTableArgument(join(folder, "t.json"), {}, quiet);
    expect(table.number("y")).toMatchObject({ unit: "MPa", values: Float64Array.of(1) });
    await writeFile(join(folder, "old.csv"), Buffer.from("T (\xb0C),y\n600,1\n650,2\n", "latin1"));
    const warnings: string[] = [];
    const warn = (text: string): void => void warnings.push(text);
    const old = await readTableArgument(join(folder, "old.csv"), {}, { ...quiet, warn });
    expect(old.table.column("T").unit).toBe("degC");
    expect(warnings.join()).toMatch(/old\.csv is no UTF-8; read as Windows-1252/);
  });
});
