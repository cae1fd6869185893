import type { MassFormula } from "./massFormula.ts";

const ANDREWS = "Andrews, J. Iron Steel Inst. 203, 721 (1965)";
const STEVEN = "Steven and Haynes, J. Iron Steel Inst. 183, 349 (1956)";
const CAPDEVILA =
  "Capdevila, Caballero, García de Andrés, ISIJ Int. 42, 894 (2002), doi:10.2355/isijinternational.42.894";
const EN_1011 = "EN 1011-2:2001, annex C";
const FE = ["Fe"] as const;

const ANDREWS_RANGE = { C: [0, 0.6], Mn: [0, 4.9], Cr: [0, 5], Ni: [0, 5], Mo: [0, 5.4] } as const;
const STEVEN_RANGE = {
  C: [0.1, 0.55],
  Si: [0.1, 0.35],
  Mn: [0.2, 1.7],
  Ni: [0, 5],
  Cr: [0, 3.5],
  Mo: [0, 1],
} as const;

/** The formulas of {@link steelDescriptors} as published, in mass percent. */
export const STEEL_FORMULAS: readonly MassFormula[] = [
  {
    name: "Ms (Andrews, linear)",
    unit: "degC",
    citation: ANDREWS,
    bases: FE,
    range: ANDREWS_RANGE,
    value: (w) => 539 - 423 * w("C") - 30.4 * w("Mn") - 17.7 * w("Ni") - 12.1 * w("Cr") - 7.5 * w("Mo"),
  },
  {
    name: "Ms (Andrews, product)",
    unit: "degC",
    citation: ANDREWS,
    bases: FE,
    range: ANDREWS_RANGE,
    value: (w) =>
      512 -
      453 * w("C") -
      16.9 * w("Ni") +
      15 * w("Cr") -
      9.5 * w("Mo") +
      217 * w("C") ** 2 -
      71.5 * w("C") * w("Mn") -
      67.6 * w("C") * w("Cr"),
  },
  {
    name: "Ms (Steven and Haynes)",
    unit: "degC",
    citation: STEVEN,
    bases: FE,
    range: STEVEN_RANGE,
    value: (w) => 561 - 474 * w("C") - 33 * w("Mn") - 17 * w("Cr") - 17 * w("Ni") - 21 * w("Mo"),
  },
  {
    name: "Ms (Capdevila)",
    unit: "degC",
    citation: CAPDEVILA,
    bases: FE,
    value: (w) =>
      764.2 -
      273.15 -
      302.6 * w("C") -
      30.6 * w("Mn") -
      16.6 * w("Ni") -
      8.9 * w("Cr") +
      2.4 * w("Mo") -
      11.3 * w("Cu") +
      8.58 * w("Co") +
      7.4 * w("W") -
      14.5 * w("Si"),
  },
  {
    name: "Bs (Steven and Haynes)",
    unit: "degC",
    citation: STEVEN,
    bases: FE,
    range: STEVEN_RANGE,
    value: (w) => 830 - 270 * w("C") - 90 * w("Mn") - 37 * w("Ni") - 70 * w("Cr") - 83 * w("Mo"),
  },
  {
    name: "Ac1 (Andrews)",
    unit: "degC",
    citation: ANDREWS,
    bases: FE,
    range: { C: [0, 0.6] },
    value: (w) =>
      723 - 10.7 * w("Mn") - 16.9 * w("Ni") + 29.1 * w("Si") + 16.9 * w("Cr") + 290 * w("As") + 6.38 * w("W"),
  },
  {
    name: "Ac3 (Andrews)",
    unit: "degC",
    citation: ANDREWS,
    bases: FE,
    range: { C: [0, 0.6] },
    value: (w) =>
      910 -
      203 * Math.sqrt(w("C")) -
      15.2 * w("Ni") +
      44.7 * w("Si") +
      104 * w("V") +
      31.5 * w("Mo") +
      13.1 * w("W") -
      30 * w("Mn") -
      11 * w("Cr") -
      20 * w("Cu") +
      700 * w("P") +
      400 * w("Al") +
      120 * w("As") +
      400 * w("Ti"),
  },
  {
    name: "carbon equivalent CE(IIW)",
    unit: "wt%",
    citation: `International Institute of Welding, document IX-535-67; ${EN_1011}`,
    bases: FE,
    value: (w) => w("C") + w("Mn") / 6 + (w("Cr") + w("Mo") + w("V")) / 5 + (w("Ni") + w("Cu")) / 15,
  },
  {
    name: "carbon equivalent Pcm",
    unit: "wt%",
    citation: "Ito and Bessyo, International Institute of Welding, document IX-576-68",
    bases: FE,
    range: {
      C: [0.07, 0.22],
      Si: [0, 0.6],
      Mn: [0.4, 1.4],
      Cu: [0, 0.5],
      Ni: [0, 1.2],
      Cr: [0, 1.2],
      Mo: [0, 0.7],
      V: [0, 0.12],
      Nb: [0, 0.04],
      Ti: [0, 0.05],
      B: [0, 0.005],
    },
    value: (w) =>
      w("C") +
      w("Si") / 30 +
      (w("Mn") + w("Cu") + w("Cr")) / 20 +
      w("Ni") / 60 +
      w("Mo") / 15 +
      w("V") / 10 +
      5 * w("B"),
  },
  {
    name: "carbon equivalent CET",
    unit: "wt%",
    citation: EN_1011,
    bases: FE,
    range: {
      C: [0.05, 0.32],
      Si: [0, 0.8],
      Mn: [0.5, 1.9],
      Cr: [0, 1.5],
      Cu: [0, 0.7],
      Mo: [0, 0.75],
      Nb: [0, 0.06],
      Ni: [0, 2.5],
      Ti: [0, 0.12],
      V: [0, 0.18],
      B: [0, 0.005],
    },
    value: (w) => w("C") + (w("Mn") + w("Mo")) / 10 + (w("Cr") + w("Cu")) / 20 + w("Ni") / 40,
  },
  {
    name: "carbon equivalent CEN",
    unit: "wt%",
    citation: "Yurioka, Suzuki, Ohshita, Saito, Weld. J. 62, 147s (1983)",
    bases: FE,
    value: (w) => {
      const accommodation = 0.75 + 0.25 * Math.tanh(20 * (w("C") - 0.12));
      const alloying =
        w("Si") / 24 +
        w("Mn") / 6 +
        w("Cu") / 15 +
        w("Ni") / 20 +
        (w("Cr") + w("Mo") + w("Nb") + w("V")) / 5 +
        5 * w("B");
      return w("C") + accommodation * alloying;
    },
  },
  {
    name: "PREN (16 N)",
    unit: "wt%",
    citation: "pitting resistance equivalent number, Cr + 3.3 Mo + 16 N",
    bases: ["Fe", "Ni"],
    value: (w) => w("Cr") + 3.3 * w("Mo") + 16 * w("N"),
  },
  {
    name: "PREN (W, 16 N)",
    unit: "wt%",
    citation: "pitting resistance equivalent number with tungsten, Cr + 3.3 (Mo + 0.5 W) + 16 N; ISO 15156-3",
    bases: ["Fe", "Ni"],
    value: (w) => w("Cr") + 3.3 * (w("Mo") + 0.5 * w("W")) + 16 * w("N"),
  },
  {
    name: "PREN (30 N)",
    unit: "wt%",
    citation: "pitting resistance equivalent number of austenitic steels, Cr + 3.3 Mo + 30 N",
    bases: ["Fe", "Ni"],
    value: (w) => w("Cr") + 3.3 * w("Mo") + 30 * w("N"),
  },
  {
    name: "Cr equivalent (Schaeffler, DeLong)",
    unit: "wt%",
    citation: "Schaeffler, Met. Prog. 56, 680 (1949)",
    bases: FE,
    value: (w) => w("Cr") + w("Mo") + 1.5 * w("Si") + 0.5 * w("Nb"),
  },
  {
    name: "Ni equivalent (Schaeffler)",
    unit: "wt%",
    citation: "Schaeffler, Met. Prog. 56, 680 (1949)",
    bases: FE,
    value: (w) => w("Ni") + 30 * w("C") + 0.5 * w("Mn"),
  },
  {
    name: "Ni equivalent (DeLong)",
    unit: "wt%",
    citation: "DeLong, Weld. J. 53, 273s (1974)",
    bases: FE,
    value: (w) => w("Ni") + 30 * w("C") + 30 * w("N") + 0.5 * w("Mn"),
  },
  {
    name: "Cr equivalent (WRC-1992)",
    unit: "wt%",
    citation: "Kotecki and Siewert, Weld. J. 71, 171s (1992)",
    bases: FE,
    value: (w) => w("Cr") + w("Mo") + 0.7 * w("Nb"),
  },
  {
    name: "Ni equivalent (WRC-1992)",
    unit: "wt%",
    citation: "Kotecki and Siewert, Weld. J. 71, 171s (1992)",
    bases: FE,
    value: (w) => w("Ni") + 35 * w("C") + 20 * w("N") + 0.25 * w("Cu"),
  },
  {
    name: "Cr equivalent (Hammar and Svensson)",
    unit: "wt%",
    citation: "Hammar and Svensson, Solidification and Casting of Metals, Metals Society (1979), p. 401",
    bases: FE,
    value: (w) => w("Cr") + 1.37 * w("Mo") + 1.5 * w("Si") + 2 * w("Nb") + 3 * w("Ti"),
  },
  {
    name: "Ni equivalent (Hammar and Svensson)",
    unit: "wt%",
    citation: "Hammar and Svensson, Solidification and Casting of Metals, Metals Society (1979), p. 401",
    bases: FE,
    value: (w) => w("Ni") + 0.31 * w("Mn") + 22 * w("C") + 14.2 * w("N") + w("Cu"),
  },
  {
    name: "Md30 (Angel)",
    unit: "degC",
    citation: "Angel, J. Iron Steel Inst. 177, 165 (1954)",
    bases: FE,
    value: (w) =>
      413 - 462 * (w("C") + w("N")) - 9.2 * w("Si") - 8.1 * w("Mn") - 13.7 * w("Cr") - 9.5 * w("Ni") - 18.5 * w("Mo"),
  },
  {
    name: "Md30 (Nohara, grain size 8)",
    unit: "degC",
    citation: "Nohara, Ono, Ohashi, Tetsu-to-Hagané 63, 772 (1977)",
    bases: FE,
    value: (w) =>
      551 -
      462 * (w("C") + w("N")) -
      9.2 * w("Si") -
      8.1 * w("Mn") -
      13.7 * w("Cr") -
      29 * (w("Ni") + w("Cu")) -
      18.5 * w("Mo") -
      68 * w("Nb"),
  },
  {
    name: "stacking fault energy (Schramm and Reed)",
    unit: "mJ/m2",
    citation: "Schramm and Reed, Metall. Trans. A 6, 1345 (1975), doi:10.1007/BF02641927",
    bases: FE,
    value: (w) => -53 + 6.2 * w("Ni") + 0.7 * w("Cr") + 3.2 * w("Mn") + 9.3 * w("Mo"),
  },
];
