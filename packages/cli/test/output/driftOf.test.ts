import { readTable, type Table } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { driftLines, driftOf } from "../../src/output/driftOf.ts";
import { Session } from "../../src/terminal/session.ts";

/** Steels whose Mo is the row number, or ten more, tenths of a percent. */
function steels(n: number, more: number, column = "alloy"): Table {
  const rows = Array.from({ length: n }, (_, i) => {
    const mo = 1 + (i % 10) / 10 + more;
    return `Fe${(80 - mo).toFixed(1)}Cr${15 + (i % 4)}Mo${mo.toFixed(1)}`;
  });
  return readTable(`${column}\n${rows.join("\n")}\n`);
}

const session = new Session({ quiet: true, threads: 1, seed: 1 }, new AbortController().signal);
const model = { inputs: [{ name: "alloy" }], training: steels(40, 0) };

describe("drift of a table with formulas", () => {
  it("names the elements that have drifted", async () => {
    const drift = await driftOf(model, steels(20, 3), session);
    const drifted = drift?.columns.filter(({ hasDrifted }) => hasDrifted).map(({ column }) => column);
    expect(drifted?.slice().sort()).toEqual(["alloy: Fe", "alloy: Mo"]);
    const lines = drift === undefined ? [] : driftLines(drift);
    expect(lines.join("\n")).toMatch(/^alloy: Mo: median 4\.\d+ at% of the new, 1\.\d+ at% of the training ones/m);
  });

  it("is silent without any, and of fewer than five rows", async () => {
    const same = await driftOf(model, steels(20, 0), session);
    expect([same?.hasDrifted, same === undefined ? undefined : driftLines(same)]).toEqual([false, []]);
    expect(await driftOf(model, steels(4, 3), session)).toBeUndefined();
  });

  it("says where rows count one by one that may belong together, and promises no share of false alarms then", async () => {
    const rowsOf = (n: number, heat: boolean, t: number): Table => {
      const lines = Array.from({ length: n }, (_, i) => `${t + i},${heat ? `H${i % 10}` : "x"}`);
      return readTable(`T (°C),${heat ? "heat" : "other"}\n${lines.join("\n")}\n`);
    };
    const heats = { inputs: [{ name: "T" }], training: rowsOf(40, true, 400) };
    const bare = await driftOf(heats, rowsOf(20, false, 900), session);
    expect([bare?.groups, bare?.missingGroups, bare?.hasDrifted]).toEqual([[], ["heat"], true]);
    const [first] = bare === undefined ? [] : driftLines(bare);
    expect(first).toMatch(/the table has no values of "heat".* each row counted by itself/);
    const whole = await driftOf(heats, rowsOf(20, true, 900), session);
    expect([whole?.groups, whole?.missingGroups, whole?.hasDrifted]).toEqual([["heat"], [], true]);
    expect(whole === undefined ? "" : driftLines(whole)[0]).toContain("one table in 20");
  });

  it("tells a column that training filled and the new table leaves blank, also where rows were to be grouped by it", async () => {
    const heats = (n: number, blank: string): Table => {
      const lines = Array.from({ length: n }, (_, i) => {
        const alloy = `Fe${80 - (i % 20)}Cr${20 + (i % 20)}`; // two rows a composition
        const cells: Record<string, string> = { alloy, t: String(400 + i), heat: `H${i % 20}` };
        return ["alloy", "t", "heat"].map((name) => (name === blank ? "" : cells[name])).join(",");
      });
      return readTable(`alloy,t (°C),${blank === "none" ? "other" : "heat"}\n${lines.join("\n")}\n`);
    };
    const inputs = [{ name: "alloy" }, { name: "t" }];
    const derived = { inputs, training: heats(40, "none") };
    const bare = await driftOf(derived, heats(30, "alloy"), session);
    expect([bare?.groups, bare?.missingGroups, bare?.nUnits.fresh]).toEqual([[], ["alloy"], 30]);
    expect(bare?.columns[0]).toMatchObject({ column: "alloy", what: "missing", nMissing: { training: 0, fresh: 30 } });
    expect(bare === undefined ? "" : driftLines(bare).join("\n")).toMatch(
      /^alloy: missing in 30 of 30 new rows, in 0 of 40 training rows/m,
    );
    const declared = { inputs, training: heats(40, "t+heat") };
    const unnamed = await driftOf(declared, heats(30, "heat"), session);
    expect([unnamed?.groups, unnamed?.missingGroups, unnamed?.nUnits.fresh]).toEqual([[], ["heat"], 30]);
  });

  it("calls equal shares of rows without a composition no drift, however large the tables, and says that such rows may belong together", async () => {
    // Every tenth row names no alloy; ten rows share one in training, where alloys are groups.
    const table = (n: number, nAlloys: number, t: number): Table => {
      const rows = Array.from({ length: n }, (_, i) => {
        const cr = 10 + ((i - Math.floor(i / 10)) % nAlloys) / 10;
        return `${i % 10 === 9 ? "" : `Fe${(100 - cr).toFixed(1)}Cr${cr.toFixed(1)}`},${t + ((i * 37) % 100)}`;
      });
      return readTable(`alloy,t (°C)\n${rows.join("\n")}\n`);
    };
    const known = { inputs: [{ name: "alloy" }, { name: "t" }], training: table(600, 54, 400) };
    const same = await driftOf(known, table(60, 54, 400), session);
    expect(same).toMatchObject({ groups: ["alloy"], nUnnamed: { training: 60, fresh: 6 }, hasDrifted: false });
    expect(same?.columns.find(({ what }) => what === "missing")).toMatchObject({ column: "alloy", p: 1 });
    const hotter = await driftOf(known, table(60, 54, 900), session);
    expect(hotter === undefined ? "" : driftLines(hotter)[0]).toMatch(
      /6 of 60 new and 60 of 600 training rows have no value of "alloy", .* and each of these counted by itself/,
    );
  });

  it("names the elements of grades as well", async () => {
    const grades = (n: number, more: number): Table =>
      readTable(`alloy\n${Array.from({ length: n }, (_, i) => `Fe-${10 + (i % 8) + more}Cr-2Mo`).join("\n")}\n`);
    const drift = await driftOf({ inputs: [{ name: "alloy" }], training: grades(40, 0) }, grades(20, 9), session);
    const drifted = drift?.columns.filter(({ hasDrifted }) => hasDrifted).map(({ column }) => column);
    expect(drifted).toEqual(expect.arrayContaining(["alloy: Cr", "alloy: Fe"]));
  });
});
