import { readTable, type Table } from "@materiome/core";

/** Heat treatments of steels; the row of b lacks its second thickness. */
export const steel: Table = readTable(
  "heat,T_A (°F),T_T (°C),t_T (min),cooling,t in (mm),t out (mm)\n" +
    "a,1580,600,120,OQ,20,10\nb,1562,550,,WQ,20,\nc,1580,,,OQ,,\n",
  { file: "steel.csv" },
);
/** What the columns of {@link steel} mean. */
export const steelMapping = {
  version: 1,
  startTemperatureC: 20,
  steps: [
    { kind: "heat", temperature: { column: "T_A" }, rate: "6 K/min", treatment: "austenitise" },
    { kind: "hold", time: "30 min" },
    {
      kind: "deform",
      method: "roll",
      thicknessIn: { column: "t in" },
      thicknessOut: { column: "t out" },
      optional: true,
      strainRatePerS: 2,
    },
    { kind: "quench", medium: { column: "cooling", values: { OQ: "oil", WQ: "water" } }, agitation: "none" },
    { kind: "heat", temperature: { column: "T_T" }, rate: "6 K/min", treatment: "temper", optional: true },
    { kind: "hold", temperature: { column: "T_T" }, time: { column: "t_T" }, treatment: "temper", optional: true },
  ],
};

/** Rows as of {@link steel}, without the half-measured one. */
export function sound(): Table {
  return readTable(
    "heat,T_A (°F),T_T (°C),t_T (min),cooling,t in (mm),t out (mm)\na,1580,600,120,OQ,20,10\nc,1580,,,WQ,,\n",
    { file: "steel.csv" },
  );
}

/** Features of {@link steelMapping} with the constants they need. */
export const steelFeatures = {
  profile: { quench: "jump", quenchToC: 20 },
  aboveC: [500],
  arrhenius: { activationEnergyJPerMol: 250e3, referenceC: 600 },
  zenerHollomon: { activationEnergyJPerMol: 312e3 },
} as const;
