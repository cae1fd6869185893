import { existsSync, readFileSync } from "node:fs";
import {
  type Composition,
  ELEMENT_SYMBOLS,
  elementProperty,
  MAGPIE_PROPERTIES,
  type MagpieOptions,
  magpieFeaturizer,
  parseFormula,
} from "@materiome/core/composition";
import Papa from "papaparse";
import { describe, expect, it } from "vitest";

// Reference values lie beside the repository where they are available; the closed-form cases below always run.
const reference = new URL("../../../../../shared/reference/", import.meta.url);
const present = existsSync(new URL("magpie-expected.csv", reference));
const rows = (name: string): Record<string, string>[] =>
  Papa.parse<Record<string, string>>(readFileSync(new URL(name, reference), "utf8").trim(), { header: true }).data;

const { features: all } = magpieFeaturizer();

function magpieFeatures(composition: Composition, options?: MagpieOptions): Float64Array {
  const featurizer = magpieFeaturizer(options);
  const out = new Float64Array(featurizer.features.length);
  featurizer.featurize(composition, out, 0);
  return out;
}

describe("magpieFeaturizer", () => {
  it("has 132 features in the published order", () => {
    const names = all.map(({ name }) => name);
    expect(names).toHaveLength(132);
    expect(names.slice(0, 7)).toEqual([
      ...["minimum Number", "maximum Number", "range Number", "mean Number", "avg_dev Number", "mode Number"],
      "minimum MendeleevNumber",
    ]);
    expect(all[names.indexOf("mean MeltingT")].unit).toBe("K");
  });

  it("computes the six statistics", () => {
    // Z of Fe and O are 26 and 8: mean (2·26 + 3·8)/5, avg_dev (2·10.8 + 3·7.2)/5, mode of the larger amount.
    const values = [...magpieFeatures(parseFormula("Fe2O3"), { properties: ["Number"] })];
    expect(values.map((x) => Number(x.toFixed(12)))).toEqual([8, 26, 18, 15.2, 8.64, 8]);
    const tie = magpieFeatures(parseFormula("NiTi"), { properties: ["Number"], statistics: ["mode"] });
    expect([...tie]).toEqual([22]);
  });

  it("gives NaN for an unknown property, and the mean over all elements if told to", () => {
    const og = parseFormula("Og");
    expect([...magpieFeatures(og)].every(Number.isNaN)).toBe(true);
    const [mean] = magpieFeatures(og, { properties: ["Number"], statistics: ["mean"], impute: "mean" });
    expect(mean).toBe(56.5); // the mean of 1 … 112, the elements with a value
  });

  it.skipIf(!present)("equals the reference to 1e-9 (needs shared/reference)", () => {
    const names = all.map(({ name }) => name);
    let compared = 0;
    for (const row of rows("magpie-expected.csv")) {
      const composition = parseFormula(row["formula"]);
      expect(Object.fromEntries(composition), row["formula"]).toEqual(JSON.parse(row["amounts"]));
      const ours = magpieFeatures(composition, { impute: "mean" });
      const bare = magpieFeatures(composition);
      for (const [k, name] of names.entries()) {
        const expected = Number(row[name]);
        expect(Math.abs(ours[k] - expected), `${name} of ${row["formula"]}`).toBeLessThanOrEqual(
          1e-9 * Math.max(1, Math.abs(expected)),
        );
        if (row["impute"] !== "yes") expect(Object.is(bare[k], ours[k])).toBe(true);
        compared++;
      }
      if (row["impute"] === "yes") expect(bare.some(Number.isNaN)).toBe(true);
    }
    expect(compared).toBe(40 * 132);
  });

  it.skipIf(!present)("has the reference's element table (needs shared/reference)", () => {
    const table = rows("magpie-elements.csv");
    expect(table.map((row) => row["element"])).toEqual(ELEMENT_SYMBOLS);
    for (const row of table) {
      for (const property of MAGPIE_PROPERTIES) {
        const text = row[property];
        expect(elementProperty(row["element"], property)).toBe(text === "" ? Number.NaN : Number(text));
      }
    }
  });
});
