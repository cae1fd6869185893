import {
  createMatrix,
  createNumberColumn,
  createRandom,
  DataError,
  isMateriomeError,
  readSchema,
  readTable,
  Table,
} from "@materiome/core";
import { parseFormula } from "@materiome/core/composition";
import {
  dropCorrelated,
  expressionFeaturizer,
  type FeatureStep,
  featurePipeline,
  imputeFeatures,
  polynomialFeatures,
  principalComponents,
  scaleFeatures,
  selectRelevant,
  type TableFeaturizerOptions,
  tableFeaturizer,
  transformFeatures,
} from "@materiome/core/features";
import { cholesky, solveLinear } from "@materiome/core/numerics";
import { describe, expect, it } from "vitest";

// From the text of a file to its features: what cannot be is refused, by row and column, with what to do about it.

const run = { random: createRandom(1) };

async function features(
  table: Table | string,
  options: TableFeaturizerOptions = {},
  steps: readonly FeatureStep[] = [],
): Promise<Float64Array> {
  const read = typeof table === "string" ? readTable(table, { file: "steel.csv" }) : table;
  const pipeline = featurePipeline(tableFeaturizer({ targets: ["HV"], ...options }), steps);
  return (await pipeline.fit(read, run)).encode(read).data;
}

async function messageOf(attempt: () => unknown): Promise<string> {
  try {
    await attempt();
  } catch (error) {
    if (!isMateriomeError(error)) throw error;
    return error.message;
  }
  throw new Error("nothing was refused");
}

const alloy = { elementColumns: { balance: "Fe" } };
const infinite = new Table(
  [
    createNumberColumn("T", [300, Number.POSITIVE_INFINITY, 400], { role: "process", unit: "K" }),
    createNumberColumn("HV", [1, 2, 3], { role: "property", unit: "" }),
  ],
  "steel.csv",
);

describe("bad input is refused by row and column, with a remedy", () => {
  it.each<[string, () => unknown, string]>([
    [
      "an element that does not exist",
      () => features("formula,HV\nFe2O3,1\nXx2O3,2\n"),
      'steel.csv, row 3, column "formula": formula "Xx2O3": no element "Xx"; did you mean Xe? (position 1)',
    ],
    [
      "one among formulas that are wrong, too",
      () => features("pretty_formula,HV\nFe2O3,1\nXx2O3,2\nFe2(O3,3\nFeo,4\n"),
      [
        "steel.csv: 3 problems",
        '  row 3, column "pretty_formula": formula "Xx2O3": no element "Xx"; did you mean Xe? (position 1)',
        '  row 4, column "pretty_formula": formula "Fe2(O3": "(" is not closed (position 4)',
        '  row 5, column "pretty_formula": formula "Feo": "o" starts with a small letter; did you mean O?; amounts must be numbers (position 3)',
      ].join("\n"),
    ],
    [
      "a bracket that is closed but not opened",
      () => features("formula,HV\nFe2O3,1\nFeOH)2,2\n"),
      'steel.csv, row 3, column "formula": formula "FeOH)2": unexpected ")"; an element or a bracket is expected (position 5)',
    ],
    ["an empty formula", () => parseFormula(" "), 'formula " ": the formula is empty (position 1)'],
    [
      "all-zero amounts in a formula",
      () => features("formula,HV\nFe2O3,1\nFe0O0,2\n"),
      'steel.csv, row 3, column "formula": formula "Fe0O0": all amounts are zero (position 1)',
    ],
    [
      "a negative amount",
      () => features("C wt%,Mn wt%,HV\n0.1,1,1\n-0.1,1,2\n", alloy),
      'steel.csv: tableFeaturizer: "C" is -0.1 wt% in row 3, but amounts of C lie in 0 … 100 wt%; correct the cells, or state the column\'s role in the schema',
    ],
    [
      "all-zero amounts",
      () => features("C wt%,Fe wt%,HV\n0.1,99.9,1\n0,0,2\n", { elementColumns: {} }),
      'steel.csv, row 3: no element has an amount above zero (columns "C", "Fe")',
    ],
    [
      "wt% columns over 100 in all",
      () => features("C wt%,Mn wt%,HV\n0.1,1,1\n60,50,2\n", alloy),
      'steel.csv, row 3: the amounts sum to 110 % of the whole, above 100 %, which leaves nothing for Fe; is the unit right? (columns "C", "Mn")',
    ],
    [
      "a wt% cell over 100, though no alloy is asked for",
      () => features("C wt%,Mn wt%,HV\n0.1,1,1\n0.2,150,2\n"),
      'steel.csv: tableFeaturizer: "Mn" is 150 wt% in row 3, but amounts of Mn lie in 0 … 100 wt%; correct the cells, or state the column\'s role in the schema',
    ],
    [
      "amounts by mass beside amounts by atoms",
      () => features("C wt%,Cr at%,HV\n0.1,1,1\n0.2,2,2\n", alloy),
      'steel.csv: mass and atomic amounts stand side by side ("C" and "Cr"); convert one kind beforehand',
    ],
    [
      "an expression that adds what does not add",
      () =>
        expressionFeaturizer({ sum: "T + t" }).fit(
          readTable("T (K),t (s)\n300,1\n400,2\n", { file: "steel.csv" }),
          run,
        ),
      'expression "T + t": cannot add "T" (K) and "t" (s); they measure different things',
    ],
    [
      "a column in another unit than was fitted",
      async () => {
        const table = readTable("T (K),HV\n300,1\n400,2\n");
        const encoder = await tableFeaturizer({ targets: ["HV"] }).fit(table, run);
        encoder.encode(readTable("T (MPa)\n300\n", { file: "new.csv" }));
      },
      'new.csv, column "T": the column is in MPa, but was fitted in K; state the unit in the header or the schema',
    ],
    [
      "mixed units within a column",
      () => features("T,HV\n300 K,1\n400 MPa,2\n350 K,3\n"),
      'steel.csv, row 3, column "T": "400 MPa" is in MPa, but most cells of the column are in K, which it cannot be converted to; correct the cell',
    ],
    [
      "an infinite cell",
      () => features("T (K),HV\n300,1\ninf,2\n"),
      'steel.csv, row 3, column "T (K)": "inf" is not a number; an infinite value is no measurement; leave the cell empty',
    ],
    [
      "an infinite feature",
      () => features(infinite, {}, [scaleFeatures()]),
      'steel.csv: scaleFeatures: 1 value is no finite number: "T" is infinite in row 3',
    ],
    [
      "a logarithm that does not exist",
      () => features("t (h),HV\n1,1\n0,2\n", {}, [transformFeatures({ transform: "ln" })]),
      'steel.csv, column "t": transformFeatures: ln does not exist for 0 h in row 3; values must be above 0, or say outside: "missing"',
    ],
    [
      "a missing feature where none may be",
      () => features("T (K),HV\n300,1\n,2\n400,3\n", {}, [principalComponents()]),
      'steel.csv: principalComponents: 1 value is no finite number: "T" is missing in row 3',
    ],
    [
      "a singular matrix, and the jitter that was tried",
      () => cholesky(createMatrix(2, 2, Float64Array.from([1, 2, 2, 1])), { maxRelativeJitter: 1e-9 }),
      "cholesky: the 2 × 2 matrix is not positive definite: the pivot of row 1 (counted from 0) is not positive; jitter tried: 0, 1.0e-10, 1.0e-9. Remove rows that repeat or depend on others, or allow more than maxRelativeJitter 1e-9.",
    ],
    [
      "a singular system",
      () => solveLinear(createMatrix(2, 2, Float64Array.from([1, 2, 2, 4])), Float64Array.of(1, 2)),
      "lu: the 2 × 2 matrix is singular: no pivot for column 1 (counted from 0), which depends on the columns before it",
    ],
    ["an empty file", () => features(""), "steel.csv: the table is empty: it has no rows of data"],
    ["a header alone", () => features("T (K),HV\n"), "steel.csv: the table has no rows of data below its header"],
    [
      "a table without columns to learn from",
      () => features(new Table([], "steel.csv"), { targets: [] }),
      "steel.csv: tableFeaturizer: no column can be an input; give columns a role in the schema, or name inputs",
    ],
    [
      "one row where two are needed",
      () => features("T (K),HV\n300,1\n", {}, [principalComponents()]),
      "principalComponents: needs at least 2 rows, got 1",
    ],
  ])("%s", async (_, attempt, message) => {
    expect(await messageOf(attempt)).toBe(message);
  });

  it("names of mixtures in a column named formula are labels, not wrong formulas", () => {
    expect(readTable("formula,HV\nMix A,1\nMix B,2\n").column("formula").kind).toBe("category");
    expect(
      readTable("formula,HV\nNaCl,1\nXx2,2\nFe)2,2\n", {
        schema: { version: 1, columns: [{ name: "formula", kind: "category" }] },
      }).column("formula").kind,
    ).toBe("category");
  });

  it("an empty formula in a column is missing in its row, not a composition of nothing", async () => {
    const table = readTable("formula,T,HV\nFe2O3,1,1\n,2,2\n", { file: "steel.csv" });
    const encoder = await tableFeaturizer({ targets: ["HV"], features: ["fractions"] }).fit(table, run);
    const _ = Number.NaN;
    expect([...encoder.encode(table).data]).toEqual([0.4, 0.6, 0, 1, _, _, _, 2]);
    const { message } = await imputeFeatures({ method: "mean" })
      .fit(encoder.encode(table), run)
      .then((fitted) => ({ message: fitted.report.join() }));
    expect(message).toMatch(/"Fe fraction" is missing in 1 of 2 training rows; filled by 0\.4/);
  });

  it.each<[string, FeatureStep]>([
    ["scaling", scaleFeatures()],
    ["robust scaling", scaleFeatures({ method: "robust" })],
    ["min-max scaling", scaleFeatures({ method: "min-max" })],
    ["imputing", imputeFeatures({ method: "nearest" })],
    ["correlations", dropCorrelated()],
    ["terms", polynomialFeatures()],
    ["Yeo–Johnson", transformFeatures({ transform: "yeo-johnson" })],
  ])("one row is enough for %s, and gives finite numbers", async (_, step) => {
    const data = await features("T (K),t (h),HV\n300,2,1\n", {}, [step]);
    expect(data.length).toBeGreaterThan(0);
    expect(data.every(Number.isFinite)).toBe(true);
  });

  it("one row is too little to select by", async () => {
    const one = readTable("T (K),HV\n300,1\n", { file: "steel.csv" });
    const targets = { kind: "regression", values: createMatrix(1, 1, Float64Array.from([1])), units: [""] } as const;
    const pipeline = featurePipeline(tableFeaturizer({ targets: ["HV"] }), [selectRelevant({ nFeatures: 1 })]);
    await expect(pipeline.fit(one, { ...run, targets })).rejects.toThrow(DataError);
    await expect(pipeline.fit(one, { ...run, targets })).rejects.toThrow(
      "selectRelevant: 1 row with a measured target; 3 neighbours need at least 4",
    );
  });

  it("a unit in the schema that contradicts the header is refused", async () => {
    const schema = readSchema({ version: 1, columns: [{ name: "T", unit: "MPa" }] });
    const message = await messageOf(() => readTable("T (K),HV\n900,1\n950,2\n", { file: "steel.csv", schema }));
    expect(message).toMatch(/steel\.csv, column "T \(K\)": the header says K, the schema MPa/);
  });
});
