import { existsSync, readFileSync } from "node:fs";
import {
  alloyDescriptors,
  binaryMixingEnthalpy,
  type CompositionFeaturizer,
  clusterPacking,
  compositionFeaturizer,
  glassDescriptors,
  parseFormula,
  tryParseFormula,
} from "@materiome/core/composition";
import fc from "fast-check";
import Papa from "papaparse";
import { describe, expect, it } from "vitest";

function valuesOf(featurizer: CompositionFeaturizer, formula: string): Map<string, number> {
  const out = new Float64Array(featurizer.features.length);
  featurizer.featurize(parseFormula(formula), out, 0);
  return new Map(featurizer.features.map(({ name }, i) => [name, out[i] as number]));
}

describe("alloyDescriptors", () => {
  // ΔH from the rounded pair table, δ with the radii of Guo and Liu, as the papers give them.
  it.each([
    ["CoCrFeMnNi", { delta: 3.27, enthalpy: -4.16, entropy: 13.38, vec: 8 }],
    ["CoCrFeNi", { delta: 0.3, enthalpy: -3.75, entropy: 11.53, vec: 8.25 }],
    ["Al0.5CoCrCuFeNi", { delta: 4.17, enthalpy: -1.52, entropy: 14.7, vec: 8.27 }],
    ["AlCoCrFeNi", { delta: 5.78, enthalpy: -12.32, entropy: 13.38, vec: 7.2 }],
    ["NbMoTaW", { delta: 2.31, enthalpy: -6.5, entropy: 11.53, vec: 5.5 }],
    ["HfNbTaTiZr", { delta: 4.99, enthalpy: 2.72, entropy: 13.38, vec: 4.4 }],
  ])("gives %s the values known of it", (formula, expected) => {
    const values = valuesOf(alloyDescriptors(), formula);
    expect(values.get("atomic size mismatch δ")).toBeCloseTo(expected.delta, 1);
    expect(Math.abs((values.get("mixing enthalpy ΔH_mix") as number) - expected.enthalpy)).toBeLessThan(0.3);
    expect(values.get("mixing entropy ΔS_mix")).toBeCloseTo(expected.entropy, 1);
    expect(values.get("valence electron concentration VEC")).toBeCloseTo(expected.vec, 2);
  });

  it("computes the formulas of a binary alloy by hand", () => {
    // CuZr3: r 127.8 and 160.3, χ 1.90 and 1.33, T_m 1357.77 and 2128, G 45.13 and 34.14, H_ij by the model.
    const values = valuesOf(alloyDescriptors(), "CuZr3");
    const c = [0.25, 0.75] as const;
    const spread = (x: number, y: number) => Math.sqrt(c[0] * c[1]) * Math.abs(x - y); // of two values
    const mean = (x: number, y: number) => c[0] * x + c[1] * y;
    const close = (name: string, expected: number) => expect(values.get(name)).toBeCloseTo(expected, 9);
    const delta = (100 * spread(127.8, 160.3)) / mean(127.8, 160.3);
    const entropy = -8.31446261815324 * (0.25 * Math.log(0.25) + 0.75 * Math.log(0.75));
    const enthalpy = 4 * binaryMixingEnthalpy("Cu", "Zr") * 0.25 * 0.75;
    close("atomic size mismatch δ", delta);
    close("electronegativity difference Δχ (Pauling)", spread(1.9, 1.33));
    close("electronegativity difference Δχ (Allen)", spread(1.85, 1.32));
    close("mixing entropy ΔS_mix", entropy);
    close("mixing enthalpy ΔH_mix", enthalpy);
    close("Ω", (mean(1357.77, 2128) * entropy) / (1000 * Math.abs(enthalpy)));
    close("Λ", entropy / delta ** 2);
    close("local radius mismatch", 2 * 0.25 * 0.75 * 32.5);
    close("shear modulus mismatch δG", (100 * spread(45.13, 34.14)) / mean(45.13, 34.14));
    close("density of the mixture", mean(63.546, 91.224) / mean(63.546 / 8960, 91.224 / 6506));
    const omega = (r: number) => 1 - Math.sqrt(1 - (mean(127.8, 160.3) / (r + mean(127.8, 160.3))) ** 2);
    close("solid angle parameter γ", omega(127.8) / omega(160.3));
  });

  it("says that Ω and Λ of a pure element are not defined", () => {
    const values = valuesOf(alloyDescriptors({ preset: "wen2019" }), "Fe");
    expect(values.get("Ω")).toBeNaN();
    expect(values.get("Λ")).toBeNaN();
    expect(values.get("mixing entropy ΔS_mix")).toBeCloseTo(0);
    expect(alloyDescriptors().missing(parseFormula("Fe"))).toEqual([
      "Ω is NaN: a pure element has no mixing, 0/0",
      "Λ is NaN: a pure element has no mixing, 0/0",
    ]);
  });

  it("says that Ω of an alloy without mixing enthalpy is not defined", () => {
    expect(valuesOf(alloyDescriptors(), "GdY").get("mixing enthalpy ΔH_mix")).toBe(0); // the same parameters
    expect(valuesOf(alloyDescriptors(), "GdY").get("Ω")).toBeNaN();
    expect(alloyDescriptors({ preset: "yang2012" }).missing(parseFormula("GdY"))).toEqual([
      "Ω is NaN: the mixing enthalpy is 0, ΔS/0",
    ]);
  });

  it("names the element and what becomes NaN for it", () => {
    const [reason] = alloyDescriptors({ preset: "yang2012" }).missing(parseFormula("Fe2O3"));
    expect(reason).toBe("no Miedema parameters are known for O, so these are NaN: Ω");
  });

  it("counts no valence electrons where nobody agrees on them", () => {
    expect(valuesOf(alloyDescriptors(), "ZnCe").get("valence electron concentration VEC")).toBe(7.5); // 12 and 3
    expect(valuesOf(alloyDescriptors(), "UNb").get("valence electron concentration VEC")).toBeNaN();
    expect(alloyDescriptors().missing(parseFormula("UNb")).join()).toContain(
      "no valence electron count is known for U",
    );
  });

  it("takes the radii it is told to", () => {
    const delta = (radii: "guo2011" | "miracle2010") =>
      valuesOf(alloyDescriptors({ radii }), "CoCrFeMnNi").get("atomic size mismatch δ");
    expect(delta("guo2011")).toBeCloseTo(3.27, 2);
    expect(delta("miracle2010")).toBeCloseTo(2.25, 2);
  });

  it("depends neither on the scale nor on the order, and is NaN exactly where it gives a reason", () => {
    const symbols = ["Al", "Co", "Cr", "Fe", "Ni", "Ti", "Zr", "Yb", "O", "Nb", "Hg"];
    const part = fc.tuple(fc.constantFrom(...symbols), fc.integer({ min: 1, max: 50 }));
    const parts = fc.uniqueArray(part, { minLength: 1, maxLength: 6, selector: ([symbol]) => symbol });
    fc.assert(
      fc.property(parts, fc.double({ min: 0.01, max: 100, noNaN: true }), (entries, scale) => {
        for (const featurizer of [alloyDescriptors(), glassDescriptors()]) {
          const size = featurizer.features.length;
          const plain = new Float64Array(size);
          const turned = new Float64Array(size + 1);
          featurizer.featurize(new Map(entries), plain, 0);
          featurizer.featurize(new Map(entries.map(([s, x]) => [s, x * scale] as const).reverse()), turned, 1);
          for (const [i, value] of plain.entries()) {
            const other = turned[i + 1] as number;
            expect(Number.isNaN(other)).toBe(Number.isNaN(value));
            if (!Number.isNaN(value)) expect(Math.abs(other - value)).toBeLessThan(1e-8 * (1 + Math.abs(value)));
          }
          const reasons = featurizer.missing(new Map(entries)).join("\n");
          for (const [i, { name }] of featurizer.features.entries()) {
            if (Number.isNaN(plain[i])) expect(reasons).toContain(name);
          }
          expect(reasons === "").toBe(!plain.some(Number.isNaN));
        }
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it("stands in the registry with its presets", () => {
    expect(compositionFeaturizer("alloy", "guo2011").features).toEqual(
      alloyDescriptors({ preset: "guo2011" }).features,
    );
    for (const name of ["glass", "steel", "titanium"] as const) expect(compositionFeaturizer(name).name).toBe(name);
  });

  it("refuses radii and presets that do not exist", () => {
    expect(() => alloyDescriptors({ radii: "pauling" as "guo2011" })).toThrow("there are guo2011, miracle2010");
    expect(() => alloyDescriptors({ preset: "guo" as "guo2011" })).toThrow('preset "guo" is not known');
    expect(() => glassDescriptors({ radii: "pauling" as "guo2011" })).toThrow("glassDescriptors: radii");
  });

  it("refuses an empty composition", () => {
    expect(() => alloyDescriptors().featurize(new Map(), new Float64Array(99), 0)).toThrow("no element");
  });
});

describe("glassDescriptors", () => {
  it("packs Cu50Zr50 as published tools do", () => {
    const values = valuesOf(glassDescriptors(), "Cu50Zr50"); // the two numbers that matminer's own tests expect of this alloy
    expect(values.get("mean packing misfit")).toBeCloseTo(0.000233857, 9);
    expect(values.get("mean absolute packing misfit")).toBeCloseTo(0.003508794, 9);
  });

  it("finds the coordination number of efficient clusters", () => {
    expect(clusterPacking(0.902113)).toEqual({ coordination: 12, misfit: 0 });
    expect(clusterPacking(0.414214).coordination).toBe(6);
    expect(clusterPacking(1.2).coordination).toBe(16);
    expect(clusterPacking(3)).toMatchObject({ coordination: 24 });
  });
});

const data = process.env["MATERIOME_DATA"];
const table = (path: string): Record<string, string>[] =>
  Papa.parse<Record<string, string>>(
    readFileSync(`${data}/${path}`, "utf8")
      .replace(/^\uFEFF/, "")
      .trim(),
    {
      header: true,
    },
  ).data;

describe.skipIf(data === undefined || !existsSync(data))("descriptors on data (skipped without MATERIOME_DATA)", () => {
  it("give the densities and moduli that 1545 published alloys are listed with", () => {
    const featurizer = alloyDescriptors();
    const out = new Float64Array(featurizer.features.length);
    const misses = (column: string, name: string, scale: number): number[] => {
      const at = featurizer.features.findIndex((feature) => feature.name === name);
      return table("mpea-mechanical/mpea.csv")
        .filter((row) => Number(row[column]) > 0)
        .map((row) => {
          featurizer.featurize(parseFormula(row["FORMULA"] as string), out, 0);
          return Math.abs(((out[at] as number) * scale) / Number(row[column]) - 1);
        })
        .sort((a, b) => a - b);
    };
    const density = misses("PROPERTY: Calculated Density (g/cm$^3$)", "density of the mixture", 1e-3);
    expect(density).toHaveLength(1545);
    expect(density[772]).toBeLessThan(0.005);
    expect(density[1468]).toBeLessThan(0.01);
    const modulus = misses("PROPERTY: Calculated Young modulus (GPa)", "mean Young's modulus", 1);
    expect(modulus).toHaveLength(729);
    expect(modulus[364]).toBeLessThan(0.04);
  });

  it("cover the as-cast alloys and glasses, and carry the moduli of glasses", () => {
    const missingIn = (featurizer: CompositionFeaturizer, formulas: readonly string[]): number => {
      const compositions = formulas.map(tryParseFormula).filter((composition) => composition !== undefined);
      expect(compositions.length).toBeGreaterThan(250);
      return compositions.filter((composition) => featurizer.missing(composition).length > 0).length;
    };
    const alloys = table("xiong-hea/phases.csv").map((row) => row["Alloys"] as string);
    const glasses = table("xiong-metallic-glass-properties/elastic-moduli.csv");
    // seven alloys with Nd, Pr, Tm or Yb, and one whose formula says iodine ("CoCrFeNITa")
    expect(missingIn(alloyDescriptors({ preset: "guo2011" }), alloys)).toBe(8);
    expect(
      missingIn(
        glassDescriptors(),
        glasses.map((row) => row["Alloy"] as string),
      ),
    ).toBeLessThan(6); // alloys of ytterbium

    const featurizer = glassDescriptors();
    const at = featurizer.features.findIndex((feature) => feature.name === "mean shear modulus");
    const out = new Float64Array(featurizer.features.length);
    const pairs = glasses.flatMap((row) => {
      const composition = tryParseFormula(row["Alloy"] as string);
      if (composition === undefined || !(Number(row["G"]) > 0)) return [];
      featurizer.featurize(composition, out, 0);
      return [[out[at] as number, Number(row["G"])] as const];
    });
    expect(correlation(pairs)).toBeGreaterThan(0.9);
  });
});

function correlation(pairs: readonly (readonly [number, number])[]): number {
  const mean = (f: (pair: readonly [number, number]) => number) =>
    pairs.reduce((sum, pair) => sum + f(pair), 0) / pairs.length;
  const [x, y] = [mean(([a]) => a), mean(([, b]) => b)];
  const covariance = mean(([a, b]) => (a - x) * (b - y));
  return covariance / Math.sqrt(mean(([a]) => (a - x) ** 2) * mean(([, b]) => (b - y) ** 2));
}
