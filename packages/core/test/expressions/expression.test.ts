import { createRandom, FormatError, readTable, UnitError } from "@materiome/core";
import {
  concatFeaturizers,
  expression,
  expressionFeaturizer,
  featurePipeline,
  readTableEncoder,
  scaleFeatures,
  tableFeaturizer,
} from "@materiome/core/features";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const table = readTable(
  [
    "P (W),v (mm/s),h (um),t (um),T (°C),Yield strength (MPa),C (wt%),porosity (%),tilt (deg),route,x,time (h)",
    "200,800,100,30,850,900,0.2,2,90,cast,2,1",
    "300,1000,120,40,900,,0.3,3,30,rolled,3,2",
    "150,600,80,20,20,700,0.4,0,45,,0,3",
  ].join("\n"),
  {
    file: "prints.csv",
    schema: {
      version: 1,
      columns: [
        { name: "Yield strength", role: "property" },
        { name: "porosity", role: "structure" },
      ],
    },
  },
);
const value = (text: string, unit?: string): number => expression(text, table, { unit }).evaluate(table)[0];
const unitOf = (text: string): string => expression(text, table).unit;

describe("expression", () => {
  it("computes with the units of its columns", () => {
    const density = expression("P / (v * h * t)", table, { unit: "J/mm3" });
    expect(density.unit).toBe("J/mm3");
    expect(density.kind).toBe("number");
    expect(density.columns.map(({ name, unit }) => [name, unit])).toEqual([
      ["P", "W"],
      ["v", "mm/s"],
      ["h", "um"],
      ["t", "um"],
    ]);
    const values = density.evaluate(table);
    expect(values[0]).toBeCloseTo(200 / (800 * 0.1 * 0.03), 10);
    expect(values[1]).toBeCloseTo(300 / (1000 * 0.12 * 0.04), 10);
    const si = expression("P / (v * h * t)", table);
    expect(si.unit).toBe("W*s/mm3");
    expect(si.evaluate(table)[0]).toBeCloseTo(values[0], 10);
  });

  it.each([
    ["2 + 3 * 4 ^ 2", 50],
    ["-2 ^ 2", -4],
    ["2 ^ 3 ^ 2", 512],
    ["(1 + 2) / 4", 0.75],
    ["x > 1 ? 10 : 20", 10],
    ["exp(log(x))", 2],
    ["log10(1000) + log2(8) + ln(1)", 6],
    ["min(x, 5, 1) + max(x, 5)", 6],
    ["abs(-x) + sign(-3)", 1],
    ["floor(2.7) + ceil(2.1) + round(2.6)", 8],
    ["sin(tilt)", 1],
    ["cos(pi)", -1],
    ["h / t", 100 / 30],
    ['h / quantity(1, "mm")', 0.1],
    ["porosity + 1", 1.02],
    ["1 - porosity / 2", 0.99],
    ['number(C, "wt%") * 100', 20],
    ['539 - 423 * number(C, "wt%")', 539 - 423 * 0.2],
    ['`Yield strength` / quantity(1, "GPa")', 0.9],
    ['"Yield strength" / quantity(1, "GPa")', 0.9],
    ["yield_ok ? 1 : 0".replace("yield_ok", '`yield STRENGTH` >= quantity(100, "ksi")'), 1],
    ["pow(x, 3)", 8],
    ["true and x > 1", 1],
    ["not (x > 1) or 1 < x < 3", 1],
    ['T > quantity(1100, "K")', 1],
    ['T == quantity(850, "°C")', 1],
    ['number(T, "degC")', 850],
    ['route == "cast"', 1],
    ['route != "rolled"', 1],
    ["T > 0", 1],
    ["1.5e3 / 1e3", 1.5],
  ])("%s = %d", (text, expected) => {
    expect(value(text)).toBeCloseTo(expected, 12);
  });

  it.each([
    ["P * time", "W*h"],
    ["h * t", "um2"],
    ['h + quantity(1, "mm")', "um"],
    ["T", "K"],
    ['T - quantity(25, "degC")', "K"],
    ['T * (20 + log10(time / quantity(1, "h")))', "K"],
    ["sqrt(h)", "um^0.5"],
    ["cbrt(h * h * h)", "um"],
    ["h ^ 2", "um2"],
    ["h ^ -1", "1/um"],
    ["h / t", ""],
    ["min(0, P)", "W"],
    ['max(0, 0, P, quantity(1, "kW"))', "W"],
    ['P > quantity(1, "kW")', ""],
    ["gasConstant * T", "J/mol"],
    ['to(P * time, "kJ")', "kJ"],
    ['C + quantity(300, "wppm")', "wt%"],
  ])("%s is in %s", (text, unit) => {
    expect(unitOf(text)).toBe(unit);
  });

  it("counts °C in kelvin", () => {
    expect(value("T")).toBeCloseTo(1123.15, 10);
    expect(value('T / quantity(1123.15, "K")')).toBeCloseTo(1, 12);
    expect(value("T", "°C")).toBeCloseTo(850, 10);
    expect(value('exp(-quantity(100, "kJ/mol") / (gasConstant * T))')).toBeCloseTo(
      Math.exp(-100e3 / (8.314462618 * 1123.15)),
      9,
    );
  });

  it("keeps missing values missing, and decides by what is there", () => {
    const all = (text: string) => [...expression(text, table).evaluate(table)];
    const _ = Number.NaN;
    expect(all('`Yield strength` / quantity(1, "MPa") + 0 * x')).toEqual([900, _, 700]);
    expect(all('`Yield strength` > quantity(800, "MPa")')).toEqual([1, _, 0]);
    expect(all('x > 100 and `Yield strength` > quantity(800, "MPa")')).toEqual([0, 0, 0]);
    expect(all('x >= 0 or `Yield strength` > quantity(800, "MPa")')).toEqual([1, 1, 1]);
    expect(all("isMissing(`Yield strength`) ? 1 : 0")).toEqual([0, 1, 0]);
    expect(all('route == "cast"')).toEqual([1, 0, _]);
  });

  it.each([
    ["T + t", /cannot add "T" \(K\) and "t" \(um\); they measure different things/],
    [
      "1 + P / v",
      /cannot add "1" \(no unit\) and "P \/ v" \(W\*s\/mm\); write the number with its unit: quantity\(1, "W\*s\/mm"\)$/,
    ],
    ["T > 900", /cannot compare "T" \(K\) and "900" \(no unit\); write the number with its unit: quantity\(900, "K"\)/],
    ["x > 1 ? T : t", /cannot choose between "T" \(K\) and "t" \(um\)/],
    ["2 * exp(T)", /exp takes a number without a unit, "T" is in K; divide by .* number\(T, "K"\), in "exp\(T\)"/],
    ["log(P)", /log takes a number without a unit, "P" is in W/],
    ["sin(P)", /sin takes a number without a unit/],
    ["h ^ 0.5", /"h" is in um; a power of 0.5 has no plain unit: use sqrt or cbrt/],
    ["h ^ x", /"h" is in um; its exponent must be a fixed whole number/],
    ["2 ^ h", /an exponent takes a number without a unit/],
    ["T and x > 1", /a condition is needed, "T" is a number/],
    ["(x > 1) + 1", /a number is needed, "x > 1" is a condition/],
    ['to(P, "MPa")', /"P" is in W, which does not convert to MPa/],
    ['quantity(3, "furlong")', /"furlong" is no known unit/],
    ['number(h, "")', /"" is no unit; a number without a unit is used as it is/],
    ["min(P, v)", /cannot compare "P" \(W\) and "v" \(mm\/s\)/],
  ])("units: %s", (text, message) => {
    expect(() => expression(text, table)).toThrow(UnitError);
    expect(() => expression(text, table)).toThrow(message);
  });

  it.each([
    ["P / (v * hh)", /no column "hh"; columns are "P", .* \(character 10\)$/],
    ["`Yeild strength` / 2", /no column "Yeild strength"; did you mean "Yield strength"\? \(character 2\)$/],
    ["A <= 1000 degC", /a number with a unit is written quantity\(1000, "degC"\), not as in "1000 degC"/],
    ["Yield strength / 2", /an operator is missing \(write \*; names with spaces go in backticks\)/],
    ["sqr(x)", /there is no function "sqr"; did you mean "sqrt"\?/],
    ["x(2)", /"x" is a column, no function; write \* before the bracket/],
    ["route + 1", /"route" is a category; compare it with a label/],
    ["P +", /unexpected end of expression at character 4/i],
    ["P * (v", /at character 7/],
    ["`P", /a backtick at character 1 is not closed/],
    ["", /the expression is empty/],
    ["exp(1, 2)", /exp takes 1 argument, got 2/],
    ["number(h)", /number takes 2 arguments, got 1; write number\(…, "unit"\)/],
    ["x % 2", /the operator % is not known here/],
    ["x!", /the operator ! is not known here/],
  ])("text: %s", (text, message) => {
    expect(() => expression(text, table)).toThrow(message);
  });

  it.each([
    "x = 3",
    "f(x) = x",
    "x; P",
    "[1, 2]",
    "{a: 1}",
    "x[1]",
    "x.constructor",
    "constructor",
    "__proto__",
    "toString()",
    'import("fs")',
    'createUnit("foo")',
    'evaluate("1")',
    'parse("x")',
    'simplify("x")',
    'derivative("x", "x")',
    'cos.constructor("return process")()',
    '"a".constructor',
    "1:3",
    "x to mm",
    "config({})",
    "x'",
    "null",
    "Infinity",
    "2 i",
  ])("refuses %s", (text) => {
    expect(() => expression(text, table)).toThrow(/expression "|no column/);
  });

  // Compiling a part again at every level would take 2^200 steps.
  it.each(["min", "max", "sin"])("reads %s nested 200 deep at once", (name) => {
    const text = `${`${name}(`.repeat(200)}x${`${name === "sin" ? "" : ", 1"})`.repeat(200)}`;
    expect(Number.isFinite(value(text))).toBe(true);
  });

  it.each([
    ["brackets", `${"(".repeat(4000)}x${")".repeat(4000)}`],
    ["signs", `${"-".repeat(4000)}x`],
    ["terms", `x${" + x".repeat(2000)}`],
    ["powers", `x${"^x".repeat(3000)}`],
  ])("refuses %s without end, quickly and in words", (_, text) => {
    expect(() => expression(text, table)).toThrow(FormatError);
    expect(() => expression(text, table)).toThrow(/nested too deeply \(at most 500 levels\)/);
  });

  it("names the rows where it has no value", () => {
    expect(() => expression("1 / x", table).evaluate(table)).toThrow(
      'prints.csv: expression "1 / x": has no finite value in row 4 (division by 0',
    );
    expect([...expression("1 / x", table, { outside: "missing" }).evaluate(table)]).toEqual([0.5, 1 / 3, Number.NaN]);
  });

  it("takes a table in other units, and no table without the columns", () => {
    const one = expression("P / v", table);
    const other = readTable("v (m/s),P (kW)\n0.8,0.2\n");
    expect(one.evaluate(other)[0]).toBeCloseTo(0.25, 12);
    expect(() => one.evaluate(readTable("v (m/s)\n1\n"))).toThrow(/column "P": .*the table lacks the column/);
    expect(() => one.evaluate(readTable("v (m/s),P (MPa)\n1,1\n"))).toThrow(/is in MPa, but was in W/);
  });

  it.each([
    "P / (v * h * t)",
    "sqrt(h) * t / cbrt(v)",
    'T * (20 + log10(time / quantity(1, "h")))',
    "x ^ 3 + 2 ^ x - x / (1 + x)",
    "exp(-x) * sin(tilt) + tanh(x)",
    "x > 1 ? x ^ 2 : -x",
    "max(x, 1) * min(h, t)",
    'abs(-x) + number(T, "degF") * asin(x / 4)',
  ])("has the gradient of finite differences: %s", (text) => {
    const one = expression(text, table);
    const gradient = one.gradient(table, 0);
    const numeric = one.columns.filter(({ kind }) => kind === "number");
    expect(gradient).toHaveLength(numeric.length);
    const header = table.columns.map((c) => (c.unit === "" ? c.name : `${c.name} (${c.unit})`)).join(",");
    const cells = [200, 800, 100, 30, 850, 900, 0.2, 2, 90, "cast", 2, 1];
    for (const [k, { name }] of numeric.entries()) {
      const at = table.columns.findIndex((column) => column.name === name);
      const step = 1e-5 * Number(cells[at]);
      const shifted = (by: number) =>
        one.evaluate(readTable(`${header}\n${cells.map((v, j) => (j === at ? Number(v) + by : v)).join(",")}\n`))[0];
      const expected = (shifted(step) - shifted(-step)) / (2 * step);
      expect(Math.abs(gradient[k] - expected)).toBeLessThan(1e-6 * Math.max(1e-3, Math.abs(expected)));
    }
  });

  it("counts as JavaScript does (any arithmetic)", () => {
    const { tree } = fc.letrec<{ tree: string; leaf: string }>((tie) => ({
      leaf: fc.oneof(fc.constant("x"), fc.integer({ min: 1, max: 9 }).map(String)),
      tree: fc.oneof(
        { depthSize: "small" },
        tie("leaf"),
        fc
          .tuple(tie("tree"), fc.constantFrom("+", "-", "*", "/"), tie("tree"))
          .map(([a, op, b]) => `(${a} ${op} ${b})`),
      ),
    }));
    fc.assert(
      fc.property(tree, (text) => {
        const expected = new Function("x", `return ${text}`)(3) as number;
        const own = expression(text, table, { outside: "missing" }).evaluate(table)[1];
        if (Number.isFinite(expected)) expect(own).toBeCloseTo(expected, 9);
        else expect(own).toBeNaN();
      }),
      { seed: 8, numRuns: 200 },
    );
  });
});

describe("expressionFeaturizer", () => {
  const run = { random: createRandom(1) };
  const featurizer = expressionFeaturizer({
    "energy density": { expression: "P / (v * h * t)", unit: "J/mm3" },
    isHot: 'T > quantity(900, "K") and route == "cast"',
  });

  it("gives named features with units and sources, stored as text", async () => {
    const encoder = await featurizer.fit(table, run);
    expect(encoder.outputs).toEqual([
      { name: "energy density", unit: "J/mm3", source: ["P", "v", "h", "t"] },
      { name: "isHot", unit: "", source: ["T", "route"] },
    ]);
    const stored = JSON.parse(JSON.stringify(encoder));
    expect(stored.params.expressions[0].text).toBe("P / (v * h * t)");
    const again = readTableEncoder(stored);
    expect(again.encode(table)).toEqual(encoder.encode(table));
    expect(JSON.stringify(again)).toBe(JSON.stringify(encoder));
    expect(encoder.inputs.map(({ name }) => name)).toEqual(["P", "v", "h", "t", "T", "route"]);
  });

  it("stands beside other featurizers in a pipeline, with a Jacobian", async () => {
    const both = concatFeaturizers([tableFeaturizer({ inputs: ["P", "v"] }), featurizer]);
    const encoder = await featurePipeline(both, [scaleFeatures({ method: "min-max" })]).fit(table, run);
    const { data, rows, columns } = encoder.jacobian?.(table, 0) ?? { data: [], rows: 0, columns: 0 };
    expect([rows, columns]).toEqual([4, 5]);
    expect(data[0]).toBeCloseTo(1 / 150, 12); // P, scaled by its range
    const energy = expression("P / (v * h * t)", table, { unit: "J/mm3" }).evaluate(table);
    const range = Math.max(...energy) - Math.min(...energy);
    expect(data[2 * 5]).toBeCloseTo(energy[0] / 200 / range, 10);
  });

  it("lists what is wrong before any work", () => {
    const wrong = expressionFeaturizer({ a: "P + v", b: "Q / 2", c: "P" });
    expect(wrong.precheck(table)).toEqual([
      expect.stringMatching(/^"a": expression "P \+ v": cannot add/),
      expect.stringMatching(/^"b": .*no column "Q"/),
    ]);
  });
});
