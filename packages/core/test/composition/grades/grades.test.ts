import {
  createRandom,
  createTextColumn,
  readSchema,
  readTable,
  Table,
  tableFromJSON,
  tableToJSON,
} from "@materiome/core";
import {
  compositionsOf,
  GRADES,
  isElement,
  massFractions,
  resolveGrade,
  tryResolveGrade,
} from "@materiome/core/composition";
import { tableFeaturizer } from "@materiome/core/features";
import { describe, expect, it } from "vitest";

describe("the table of grades", () => {
  it.each(GRADES.map((grade) => [grade.name, grade] as const))("%s is a possible alloy", (_, grade) => {
    let least = 0;
    for (const [symbol, { minimum, maximum }] of grade.limits) {
      expect(isElement(symbol), symbol).toBe(true);
      expect(minimum).toBeGreaterThanOrEqual(0);
      if (maximum !== undefined) expect(maximum).toBeGreaterThan(minimum);
      const amount = grade.nominal.get(symbol) as number;
      expect(amount).toBeGreaterThanOrEqual(minimum);
      expect(amount).toBeLessThanOrEqual(maximum ?? 100);
      least += minimum;
    }
    expect(grade.limits.get(grade.balance)?.maximum).toBeUndefined();
    expect(least).toBeLessThan(100); // something is left for the balance element
    const rest = grade.nominal.get(grade.balance) as number;
    expect(rest).toBeGreaterThan(17); // least: the iron of alloy 718
    const sum = [...grade.nominal.values()].reduce((a, b) => a + b, 0);
    expect(sum).toBeCloseTo(100, 6);
    expect(100 * (massFractions(grade.composition).get(grade.balance) as number)).toBeCloseTo(rest, 6);
    expect(resolvesTo(grade.name) === grade.name || grade.name === "1050").toBe(true);
    expect(grade.standard).not.toBe("");
  });

  it("has more than a hundred grades of unlike names", () => {
    expect(GRADES.length).toBeGreaterThan(150);
    expect(new Set(GRADES.map((grade) => grade.name)).size).toBe(GRADES.length);
  });

  it("has aliases of several grades only where the name is a family's", () => {
    const shared = new Set(
      GRADES.flatMap((grade) => grade.aliases).filter((alias) => tryResolveGrade(alias) === undefined),
    );
    const families = ["Hastelloy", "Incoloy", "Inconel", "CP-Ti", "cp titanium", "CoCrMo", "duplex", "maraging"];
    expect([...shared].sort()).toEqual([...families, "1050", "S355", "maraging steel", "phosphor bronze"].sort());
  });
});

function resolvesTo(text: string): string | undefined {
  return tryResolveGrade(text)?.name;
}

describe("resolveGrade", () => {
  const names: Readonly<Record<string, readonly string[]>> = {
    "316L": ["316L", "SS316L", "AISI 316L", "EN 1.4404", "W.-Nr. 1.4404.", "UNS S31603", "x2crnimo17-12-2"],
    "304": ["304 stainless steel", "stainless steel 304", "1.4301 (304)", "304 / S30400"],
    "4140": ["AISI 4140 steel", "G41400"],
    "AA 1050": ["AA 1050", "EN AW-1050"],
    "Inconel 718": ["Inconel 718", "IN718", "N07718", "Alloy 718", "inconel-718"],
    "Ti-6Al-4V": ["Ti64", "Ti6Al4V", "Ti-6Al-4V", "Grade 5"],
    "Ti-6Al-4V ELI": ["Ti-6Al-4V ELI", "R56407"],
    "6061": ["6061-T6", "AA6061", "EN AW-6061", "Al 6061 T651"],
    AZ31B: ["AZ31B-H24"],
    "17-4PH": ["17-4 PH", "AISI 630"],
    H13: ["H13 tool steel"],
    S235JR: ["S235"],
    "Ti-3Al-2.5V": ["Ti-3Al-2.5V", "Ti 3Al 2.5V"],
    "AlSi7Mg0.3": ["AlSi7Mg0.3", "AlSi7Mg03"],
    "18Ni(300)": ["maraging 300", "1.2709"],
  };
  const cases = Object.entries(names).flatMap(([name, texts]) => texts.map((text) => ({ text, name })));
  it.each(cases)("$text is $name", ({ text, name }) => {
    expect(resolveGrade(text).name).toBe(name);
  });

  it("takes the middle of ranges, half of maxima, and iron for the rest", () => {
    const { nominal, limits, standard } = resolveGrade("316L");
    expect(Object.fromEntries(nominal)).toEqual(
      // 100 less the sum of the others
      { Fe: 67.0225, C: 0.015, Mn: 1, P: 0.0225, S: 0.015, Si: 0.375, Cr: 17, Ni: 12, Mo: 2.5, N: 0.05 },
    );
    expect(limits.get("Mo")).toEqual({ minimum: 2, maximum: 3 });
    expect(limits.get("C")).toEqual({ minimum: 0, maximum: 0.03 });
    expect(standard).toBe("ASTM A240");
    expect(resolveGrade("SAE 1050").balance).toBe("Fe");
    expect(resolveGrade("303").nominal.get("S")).toBe(0.15);
  });

  it("suggests near names and lists candidates", () => {
    expect(() => resolveGrade("316LX")).toThrow(/no grade "316LX" is known; did you mean 316L/);
    expect(() => resolveGrade("Inconell 718")).toThrow(/did you mean Inconel 718/);
    expect(() => resolveGrade("")).toThrow("no grade");
    expect(() => resolveGrade("CoCrMo")).toThrow('"CoCrMo" may be F75 (ASTM F75), F1537 (ASTM F1537 alloy 1)');
    expect(() => resolveGrade("1050")).toThrow(/1050 \(ASTM A29\), AA 1050/);
    expect(() => resolveGrade("304/304L")).toThrow('"304/304L" may be 304 (ASTM A240), 304L (ASTM A240); write which');
    expect(() => resolveGrade("316L / 2205X")).toThrow("no grade");
    expect(() => resolveGrade("S355")).toThrow("may be S355JR (EN 10025-2), S355J2 (EN 10025-2)");
  });

  const others = ["Fe2O3", "CoCrFeMnNi", "Al2O3", "NaCl", "Ti", "steel", "SS", "Al", "4", "T6"];
  it.each([...others, "3.16", "31.6", "Ti-3Al-25V", "super duplex"])("%s is no grade", (text) => {
    expect(tryResolveGrade(text)).toBeUndefined();
  });
});

describe("grades in a table", () => {
  const tableOf = (texts: readonly (string | undefined)[]) => {
    const column = createTextColumn("grade", texts, { role: "composition", kind: "grade" });
    return { column, table: new Table([column], "heats.csv") };
  };

  it("turns names into atomic fractions, missing into undefined", () => {
    const { table, column } = tableOf(["316L", undefined, "1.4404", "Ti64"]);
    const [first, second, third, fourth] = compositionsOf(table, column);
    expect(second).toBeUndefined();
    expect(third).toEqual(first);
    expect([...(fourth as ReadonlyMap<string, number>).values()].reduce((a, b) => a + b)).toBeCloseTo(1, 12);
  });

  it("names file, row and column, and all that failed", () => {
    const { table, column } = tableOf(["316L", "31GL", "CoCrMo", "31GL"]);
    expect(() => compositionsOf(table, column)).toThrow(
      /heats\.csv: 3 problems\n {2}row 3, column "grade": .*"31GL".*\n {2}row 4, column "grade": .*"CoCrMo"/,
    );
  });

  it("are found by the reader where the column is named after grades and knows every one", () => {
    const table = readTable("steel grade,T (°C),YS (MPa)\n316L,20,210\n304,20,230\n430,20,300\n1.4404,300,160\n");
    expect(table.column("steel grade")).toMatchObject({ kind: "grade", role: "composition" });
    expect(readTable("grade,y\nA,1\n316L,2\nB,3\n").column("grade").kind).toBe("category");
    expect(readTable("grade,y\n1,1\n2,2\n3,3\n").column("grade").kind).toBe("number");
  });

  it("can be declared, misspelt ones are listed", () => {
    const schema = readSchema({ version: 1, columns: [{ name: "alloy", kind: "grade" }] });
    const text = "alloy,YS (MPa)\n304,230\nInconel 781,900\n4340,860\n";
    expect(() => readTable(text, { schema })).toThrow(/row 3, column "alloy".*Inconel 781.*Inconel 718/);
    const table = readTable(text.replace("781", "718"), { schema });
    expect(table.column("alloy").kind).toBe("grade");
    expect(tableFromJSON(JSON.parse(JSON.stringify(tableToJSON(table))))).toEqual(table);
  });

  it("become features, also of a table whose column the reader takes for a category", async () => {
    const table = readTable("steel grade,YS (MPa)\n316L,210\n304,230\n4340,860\n1.4404,205\n");
    const encoder = await tableFeaturizer({ features: ["fractions"] }).fit(table, { random: createRandom(1) });
    const { features, data } = encoder.encode(table);
    expect(features.map(({ name }) => name)).toContain("Cr fraction");
    expect(data.subarray(0, features.length)).toEqual(data.subarray(3 * features.length));
    const one = encoder.encode(
      readTable("steel grade,YS (MPa)\n304,230\n", {
        schema: { version: 1, columns: [{ name: "steel grade", kind: "text" }] },
      }),
    );
    expect(one.data).toEqual(data.subarray(features.length, 2 * features.length));
  });
});
