import {
  atomicFractionsFromMass,
  type RangedFeaturizer,
  steelDescriptors,
  titaniumDescriptors,
  withBalance,
} from "@materiome/core/composition";
import { describe, expect, it } from "vitest";

/** Composition from mass percent, the rest the balance element. */
function alloy(balance: string, percent: Readonly<Record<string, number>>) {
  const fractions = new Map(Object.entries(percent).map(([symbol, x]) => [symbol, x / 100]));
  return atomicFractionsFromMass(withBalance(fractions, balance));
}

function valuesOf(featurizer: RangedFeaturizer, composition: ReadonlyMap<string, number>): Record<string, number> {
  const out = new Float64Array(featurizer.features.length);
  featurizer.featurize(composition, out, 0);
  return Object.fromEntries(featurizer.features.map(({ name }, i) => [name, out[i] as number]));
}

describe("steelDescriptors", () => {
  it("computes each formula of a low-alloy steel by hand", () => {
    const values = valuesOf(
      steelDescriptors(),
      alloy("Fe", { C: 0.16, Si: 0.25, Mn: 1, Ni: 0.5, Cr: 0.4, Mo: 0.2, V: 0.1, Cu: 0.3, B: 0.002, N: 0.01 }),
    );
    // 0.16² = 0.0256; √0.16 = 0.4
    const expected = {
      "Ms (Andrews, linear)": 539 - 67.68 - 30.4 - 8.85 - 4.84 - 1.5,
      "Ms (Andrews, product)": 512 - 72.48 - 8.45 + 6 - 1.9 + 5.5552 - 11.44 - 4.3264,
      "Ms (Steven and Haynes)": 561 - 75.84 - 33 - 6.8 - 8.5 - 4.2,
      "Ms (Capdevila)": 764.2 - 273.15 - 48.416 - 30.6 - 8.3 - 3.56 + 0.48 - 3.39 - 3.625,
      "Bs (Steven and Haynes)": 830 - 43.2 - 90 - 18.5 - 28 - 16.6,
      "Ac1 (Andrews)": 723 - 10.7 - 8.45 + 7.275 + 6.76,
      "Ac3 (Andrews)": 910 - 81.2 - 7.6 + 11.175 + 10.4 + 6.3 - 30 - 4.4 - 6,
      "carbon equivalent CE(IIW)": 0.16 + 1 / 6 + 0.7 / 5 + 0.8 / 15,
      "carbon equivalent Pcm": 0.16 + 0.25 / 30 + 1.7 / 20 + 0.5 / 60 + 0.2 / 15 + 0.01 + 0.01,
      "carbon equivalent CET": 0.16 + 0.12 + 0.035 + 0.0125,
    };
    for (const [name, value] of Object.entries(expected)) expect(values[name], name).toBeCloseTo(value, 8);
    const accommodation = 0.75 + 0.25 * Math.tanh(0.8);
    const alloying = 0.25 / 24 + 1 / 6 + 0.02 + 0.025 + 0.7 / 5 + 0.01;
    expect(values["carbon equivalent CEN"]).toBeCloseTo(0.16 + accommodation * alloying, 8);
  });

  it("computes each formula of an austenitic steel by hand", () => {
    const values = valuesOf(
      steelDescriptors(),
      alloy("Fe", { C: 0.02, Si: 0.5, Mn: 1.5, Ni: 11, Cr: 17, Mo: 2.5, N: 0.05, Nb: 0.1, Cu: 0.2, W: 1, Ti: 0.1 }),
    );
    const expected = {
      "PREN (16 N)": 17 + 8.25 + 0.8,
      "PREN (W, 16 N)": 17 + 9.9 + 0.8,
      "PREN (30 N)": 17 + 8.25 + 1.5,
      "Cr equivalent (Schaeffler, DeLong)": 17 + 2.5 + 0.75 + 0.05,
      "Ni equivalent (Schaeffler)": 11 + 0.6 + 0.75,
      "Ni equivalent (DeLong)": 11 + 0.6 + 1.5 + 0.75,
      "Cr equivalent (WRC-1992)": 17 + 2.5 + 0.07,
      "Ni equivalent (WRC-1992)": 11 + 0.7 + 1 + 0.05,
      "Cr equivalent (Hammar and Svensson)": 17 + 3.425 + 0.75 + 0.2 + 0.3,
      "Ni equivalent (Hammar and Svensson)": 11 + 0.465 + 0.44 + 0.71 + 0.2,
      "Md30 (Angel)": 413 - 32.34 - 4.6 - 12.15 - 232.9 - 104.5 - 46.25,
      "Md30 (Nohara, grain size 8)": 551 - 32.34 - 4.6 - 12.15 - 232.9 - 324.8 - 46.25 - 6.8,
      "stacking fault energy (Schramm and Reed)": -53 + 68.2 + 11.9 + 4.8 + 23.25,
    };
    for (const [name, value] of Object.entries(expected)) expect(values[name], name).toBeCloseTo(value, 8);
  });

  it("is not defined for other metals, and says so; PREN is for nickel alloys", () => {
    const nickel = alloy("Ni", { Cr: 22, Mo: 9, Fe: 3 });
    const values = valuesOf(steelDescriptors(), nickel);
    expect(values["Ms (Andrews, linear)"]).toBeNaN();
    expect(values["PREN (16 N)"]).toBeCloseTo(22 + 29.7, 8);
    const [reason = ""] = steelDescriptors().missing(nickel);
    expect(reason).toContain("the largest part by mass is Ni");
    expect(reason).toContain("Ms (Andrews, linear)");
    expect(reason).not.toContain("PREN");
    expect(steelDescriptors().missing(alloy("Fe", { C: 0.4 }))).toEqual([]);
  });

  it("tells where a composition lies outside the data of a formula, and computes it all the same", () => {
    const stainless = alloy("Fe", { C: 0.2, Si: 0.2, Mn: 1, Cr: 13 });
    expect(steelDescriptors().validity(stainless)).toContain(
      "Ms (Andrews, linear) was fitted elsewhere: Cr 13 % (0 to 5 %)",
    );
    expect(valuesOf(steelDescriptors(), stainless)["Ms (Andrews, linear)"]).toBeCloseTo(266.7, 8);
    expect(steelDescriptors().validity(alloy("Fe", { C: 0.2, Si: 0.2, Mn: 1 }))).toEqual([]);
    const pcm = steelDescriptors({ formulas: ["carbon equivalent Pcm"] });
    for (const C of [0.07, 0.22]) {
      for (const Mn of [0.4, 1.4]) {
        for (const Cr of [0.5, 1.2]) expect(pcm.validity(alloy("Fe", { C, Mn, Cr, Ni: 1.2 }))).toEqual([]); // at the limits
      }
    }
  });
});

describe("chosen formulas", () => {
  it("come in the order asked for, and misspelt ones are refused", () => {
    const featurizer = steelDescriptors({ formulas: ["PREN (16 N)", "carbon equivalent CET"] });
    expect(featurizer.features).toEqual([
      { name: "PREN (16 N)", unit: "wt%" },
      { name: "carbon equivalent CET", unit: "wt%" },
    ]);
    expect(() => steelDescriptors({ formulas: ["carbon equivalent CTE"] })).toThrow(
      'no formula "carbon equivalent CTE"; did you mean carbon equivalent CET',
    );
  });
});

describe("titaniumDescriptors", () => {
  it("weighs the stabilisers", () => {
    const values = valuesOf(titaniumDescriptors(), alloy("Ti", { Al: 6, V: 4, Fe: 0.2, O: 0.15, Sn: 3, Zr: 6, Mo: 1 }));
    expect(values["Mo equivalent (Bania)"]).toBeCloseTo(1 + 2.68 + 0.58 - 6, 8);
    expect(values["Al equivalent (Rosenberg)"]).toBeCloseTo(6 + 1 + 1 + 1.5, 8);
  });
});
