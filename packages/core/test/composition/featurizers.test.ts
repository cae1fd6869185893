import { readFileSync } from "node:fs";
import { DataError } from "@materiome/core";
import {
  type Composition,
  type CompositionFeaturizer,
  compositionFeaturizer,
  compositionFeaturizers,
  ELEMENT_SYMBOLS,
  featurizeCompositions,
  fractionsFeaturizer,
  guessOxidationStates,
  ionicFeaturizer,
  parseFormula,
  stoichiometryFeaturizer,
  valenceFeaturizer,
  wardFeaturizer,
} from "@materiome/core/composition";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const fixture = JSON.parse(
  readFileSync(new URL("../fixtures/composition/featurizers.json", import.meta.url), "utf8"),
) as {
  readonly tolerance: number;
  readonly expected: Record<string, Record<string, Record<string, number | null>>>;
};

function run(featurizer: CompositionFeaturizer, composition: Composition): Float64Array {
  const out = new Float64Array(featurizer.features.length + 2).fill(-7);
  featurizer.featurize(composition, out, 1);
  expect([out[0], out.at(-1)]).toEqual([-7, -7]); // nothing outside its place
  return out.slice(1, -1);
}

function named(featurizer: CompositionFeaturizer, formula: string): Record<string, number> {
  const values = run(featurizer, parseFormula(formula));
  return Object.fromEntries(featurizer.features.map(({ name }, k) => [name, values[k]]));
}

describe("composition featurizers", () => {
  it("have no deviations, not even of rounding, where all elements have one value of a property", () => {
    const magpie = compositionFeaturizer("magpie");
    for (let k = 1; k < 60; k++) {
      const found = named(magpie, `Fe${100 - 1.37 * k}Cr${k}Mo${(0.37 * k).toFixed(2)}`); // all three are body-centred cubic
      expect([found["mean SpaceGroupNumber"], found["avg_dev SpaceGroupNumber"]]).toEqual([229, 0]);
    }
  });

  it("equal an independent computation in NumPy", () => {
    let compared = 0;
    for (const [formula, sets] of Object.entries(fixture.expected)) {
      for (const [name, expected] of Object.entries(sets)) {
        const ours = named(compositionFeaturizer(name as "ward"), formula);
        for (const key of Object.keys(expected)) expect(ours, `${name} of ${formula}`).toHaveProperty([key]);
        for (const [key, value] of Object.entries(ours)) {
          const wanted = key in expected ? expected[key] : 0; // the fixture leaves out zeros of the set "meredig"
          const at = `${key} (${name}) of ${formula}`;
          if (wanted === null) expect(value, at).toBeNaN();
          else {
            expect(Math.abs(value - wanted), `${at}: ${value}, not ${wanted}`).toBeLessThanOrEqual(
              fixture.tolerance * Math.max(1, Math.abs(wanted)),
            );
          }
          compared++;
        }
      }
    }
    expect(compared).toBe(21 * (6 + 8 + 3 + 120 + 55 + 145));
  });

  // Integers and halves up to 8 of up to six elements, so that ties for the mode occur.
  const amounts = fc.uniqueArray(
    fc.tuple(fc.constantFrom(...ELEMENT_SYMBOLS.slice(0, 100)), fc.integer({ min: 1, max: 16 })),
    { minLength: 1, maxLength: 6, selector: ([symbol]) => symbol },
  );

  it.each(compositionFeaturizers().map(({ name }) => name))("%s depends on neither order nor scale", (name) => {
    const featurizer = compositionFeaturizer(name);
    const close = (a: Float64Array, b: Float64Array): void => {
      for (const [k, x] of a.entries()) {
        if (Number.isNaN(x)) expect(b[k], featurizer.features[k].name).toBeNaN();
        else
          expect(Math.abs(x - b[k]), featurizer.features[k].name).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(x)));
      }
    };
    fc.assert(
      fc.property(amounts, fc.constantFrom(0.25, 3, 100), fc.nat(), (entries, scale, turn) => {
        const plain = run(featurizer, new Map(entries));
        const at = turn % entries.length;
        close(plain, run(featurizer, new Map([...entries.slice(at), ...entries.slice(0, at)].reverse())));
        close(plain, run(featurizer, new Map(entries.map(([symbol, x]) => [symbol, scale * x]))));
        close(plain, run(featurizer, new Map([...entries, ["Og", 0]])));
      }),
      { seed: 3, numRuns: 60 },
    );
  });

  it.each(compositionFeaturizers().map(({ name }) => name))("%s says why a number is NaN, and only then", (name) => {
    const featurizer = compositionFeaturizer(name);
    fc.assert(
      fc.property(amounts, (entries) => {
        const composition = new Map(entries);
        expect(featurizer.missing(composition).length > 0).toBe(run(featurizer, composition).some(Number.isNaN));
      }),
      { seed: 4, numRuns: 60 },
    );
  });

  it.each(compositionFeaturizers().map(({ name }) => name))("%s refuses what is no composition", (name) => {
    const featurizer = compositionFeaturizer(name);
    const out = new Float64Array(featurizer.features.length);
    const refuse = (composition: Composition, message: RegExp): void => {
      expect(() => featurizer.featurize(composition, out, 0)).toThrow(DataError);
      expect(() => featurizer.featurize(composition, out, 0)).toThrow(message);
    };
    refuse(new Map(), /empty|no element has an amount/);
    refuse(new Map([["Fe", 0]]), /no element has an amount/);
    refuse(new Map([["Fe", -1]]), /amount of Fe is -1/);
    refuse(new Map([["Fe", Number.NaN]]), /amount of Fe is NaN/);
    refuse(new Map([["Xx", 1]]), /no element "Xx"; did you mean Xe\?/);
  });
});

describe("fractionsFeaturizer", () => {
  it("sums to 1, with the others in one feature", () => {
    const featurizer = fractionsFeaturizer({ elements: ["O", "Fe"] });
    expect(featurizer.features.map(({ name }) => name)).toEqual(["fraction O", "fraction Fe", "fraction of others"]);
    const [o, fe, others] = run(featurizer, parseFormula("BaFe2CuO6"));
    expect([o, fe, others]).toEqual([0.6, 0.2, 0.2]);
    const all = run(fractionsFeaturizer(), parseFormula("BaFe2CuO6"));
    expect(all).toHaveLength(118);
    expect(all.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 14);
  });

  it("refuses elements that do not exist or stand twice", () => {
    expect(() => fractionsFeaturizer({ elements: ["FE"] })).toThrow(/no element "FE"; did you mean Fe/);
    expect(() => fractionsFeaturizer({ elements: ["Fe", "Fe"] })).toThrow(/listed twice/);
  });
});

describe("stoichiometryFeaturizer", () => {
  it("computes norms of the fractions", () => {
    // Of n equal fractions the p-norm is n^(1/p − 1).
    const values = run(stoichiometryFeaturizer({ norms: [0, 1, 2, 3] }), parseFormula("CoCrFeNi"));
    for (const [k, wanted] of [4, 1, 1 / 2, 4 ** (1 / 3 - 1)].entries()) expect(values[k]).toBeCloseTo(wanted, 14);
    expect(run(stoichiometryFeaturizer(), parseFormula("Si"))).toEqual(new Float64Array(6).fill(1));
    expect(() => stoichiometryFeaturizer({ norms: [0.5] })).toThrow(/0 or at least 1/);
  });
});

describe("valenceFeaturizer", () => {
  it("counts electrons by orbital", () => {
    // Na 3s1, Cl 3s2 3p5.
    expect([...run(valenceFeaturizer(), parseFormula("NaCl"))]).toEqual([1.5, 2.5, 0, 0, 3 / 8, 5 / 8, 0, 0]);
    expect(() => valenceFeaturizer({ statistics: ["sum" as "mean"] })).toThrow(/no statistic "sum"/);
  });
});

describe("ionicFeaturizer", () => {
  it("is Pauling's ionic character", () => {
    const salt = 1 - Math.exp(-((3.16 - 0.93) ** 2) / 4);
    const [possible, maximum, mean] = run(ionicFeaturizer(), parseFormula("NaCl"));
    expect(possible).toBe(1);
    expect(maximum).toBeCloseTo(salt, 14);
    expect(mean).toBeCloseTo(salt / 4, 14);
    expect([...run(ionicFeaturizer(), parseFormula("Ar"))]).toEqual([1, 0, 0]);
    expect(run(ionicFeaturizer(), parseFormula("CoCrFeNi"))[0]).toBe(0);
    expect(ionicFeaturizer().missing(parseFormula("ArF2")).join()).toMatch(
      /Electronegativity.*Ar.*oxidation state.*Ar/,
    );
  });
});

describe("guessOxidationStates", () => {
  it.each([
    ["Fe2O3", { Fe: 3, O: -2 }],
    ["BaTiO3", { Ba: 2, Ti: 4, O: -2 }],
    ["LiFePO4", { Li: 1, Fe: 2, P: 5, O: -2 }],
    ["Cu2O", { Cu: 1, O: -2 }],
    ["CH4", { C: -4, H: 1 }],
    ["NaH", { Na: 1, H: -1 }],
    ["CsPbI3", { Cs: 1, Pb: 2, I: -1 }],
    ["FeS2", { Fe: 2, S: -1 }],
    ["NH4NO3", { N: 1, H: 1, O: -2 }],
    ["KO2", undefined],
    ["H2O2", undefined],
    ["Ni3Al", undefined],
    ["K4[Fe(CN)6]", undefined],
    ["CoCrFeNi", undefined],
    ["Fe", undefined],
  ])("of %s", (formula, expected) => {
    const guess = guessOxidationStates(parseFormula(formula));
    if (formula !== "K4[Fe(CN)6]") expect(guess && Object.fromEntries(guess)).toEqual(expected);
    if (guess !== undefined) {
      let charge = 0;
      for (const [element, amount] of parseFormula(formula)) charge += amount * (guess.get(element) ?? Number.NaN);
      expect(charge).toBeCloseTo(0, 9);
    }
  });

  it("lets one element be mixed, unless told otherwise", () => {
    const magnetite = parseFormula("Fe3O4");
    expect(guessOxidationStates(magnetite)?.get("Fe")).toBeCloseTo(8 / 3, 12);
    expect(guessOxidationStates(magnetite, { mixedValence: false })).toBeUndefined();
    expect(guessOxidationStates(parseFormula("La0.7Sr0.3MnO3"))?.get("Mn")).toBeCloseTo(3.3, 12);
    expect(guessOxidationStates(parseFormula("Cu2O"), { states: "common" })).toBeUndefined();
    expect(() => guessOxidationStates(parseFormula("ArF2"))).toThrow(/no oxidation state is known for Ar/);
  });
});

describe("compositionFeaturizer", () => {
  it("knows names and presets, and suggests where it does not", () => {
    expect(wardFeaturizer().features).toHaveLength(145);
    expect(compositionFeaturizer("magpie").features).toHaveLength(132);
    for (const { name, presets } of compositionFeaturizers()) {
      for (const preset of presets) expect(compositionFeaturizer(name, preset).features.length).toBeGreaterThan(0);
      const names = compositionFeaturizer(name).features.map((feature) => feature.name);
      expect(new Set(names).size).toBe(names.length);
    }
    const imputed = run(compositionFeaturizer("magpie", "matminer"), parseFormula("ArF2"));
    expect(imputed.some(Number.isNaN)).toBe(false);
    expect(() => compositionFeaturizer("magpy" as "magpie")).toThrow(/did you mean magpie\?/);
    expect(() => compositionFeaturizer("toString" as "magpie")).toThrow(DataError);
    expect(() => compositionFeaturizer("magpie", "matmina")).toThrow(/did you mean matminer\?/);
    expect(() => compositionFeaturizer("magpie", { properties: ["Numbr" as "Number"] })).toThrow(/did you mean Number/);
  });
});

describe("featurizeCompositions", () => {
  it("makes one matrix, NaN where there is no composition", () => {
    const matrix = featurizeCompositions(stoichiometryFeaturizer(), [parseFormula("NaCl"), undefined], ["formula"]);
    expect([matrix.rows, matrix.columns]).toEqual([2, 6]);
    expect(matrix.features[0]).toEqual({ name: "0-norm", unit: "", source: ["formula"] });
    expect(matrix.data[0]).toBe(2);
    expect(matrix.data.subarray(6).every(Number.isNaN)).toBe(true);
    expect(() => featurizeCompositions(stoichiometryFeaturizer(), [new Map()])).toThrow(/composition 0/);
  });
});
