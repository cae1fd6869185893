import { FormatError } from "../errors/errors.ts";
import { ProblemList } from "../errors/problemList.ts";
import { isRecord } from "./readStep.ts";

/** CO₂ per energy of one carrier, with where it comes from. Plain JSON, to be edited. */
export interface EmissionFactor {
  /** By which an estimate names it. */
  readonly id: string;
  readonly value: number;
  readonly unit: EmissionUnit;
  /** What is counted: carbon dioxide of burning, or greenhouse gases as CO₂ equivalents. */
  readonly counts: "CO2" | "CO2e";
  readonly source: string;
  readonly year: number;
  readonly region: string;
}

export type EmissionUnit = "kg/TJ" | "kg/GJ" | "kg/MJ" | "kg/kWh" | "g/kWh";

const KG_PER_MJ: Readonly<Record<EmissionUnit, number>> = {
  "kg/TJ": 1e-6,
  "kg/GJ": 1e-3,
  "kg/MJ": 1,
  "kg/kWh": 1 / 3.6,
  "g/kWh": 1 / 3600,
};

const IPCC = "2006 IPCC Guidelines for National Greenhouse Gas Inventories, Vol. 2, Table 2.2 (net calorific value)";
const ember = (edition: number): string =>
  `Ember, Yearly Electricity Data, edition of ${edition}: life-cycle carbon intensity of generation, without losses of the grid`;

function fuel(id: string, value: number): EmissionFactor {
  return { id, value, unit: "kg/TJ", counts: "CO2", source: IPCC, year: 2006, region: "world (default)" };
}

function grid(region: string, value: number, edition = 2024): EmissionFactor {
  const id = `electricity ${region}`;
  return { id, value, unit: "g/kWh", counts: "CO2e", source: ember(edition), year: 2023, region };
}

/**
 * Published factors to start from: fuels burnt (IPCC defaults) and grid electricity of 2023 (Ember; later editions revise
 * that year by a few per cent). Copy, edit, add the factor of the own contract; read with {@link readEmissionFactors}.
 */
export const EMISSION_FACTORS: readonly EmissionFactor[] = [
  fuel("natural gas", 56100),
  fuel("liquefied petroleum gas", 63100),
  fuel("diesel oil", 74100),
  fuel("residual fuel oil", 77400),
  fuel("other bituminous coal", 94600),
  fuel("anthracite", 98300),
  fuel("coke oven coke", 107000),
  grid("world", 481),
  grid("Australia", 549),
  grid("Austria", 111),
  grid("Belgium", 138),
  grid("Brazil", 98),
  grid("Canada", 170),
  grid("China", 582),
  grid("Czechia", 450),
  grid("Denmark", 152),
  grid("Finland", 79),
  grid("France", 56),
  grid("Germany", 381),
  grid("India", 713),
  grid("Italy", 331, 2025),
  grid("Norway", 30, 2025),
  grid("Poland", 662, 2025),
  grid("Spain", 174, 2025),
  grid("Sweden", 41, 2025),
  grid("United States", 369),
];

/** The factor in kg per MJ of the carrier. */
export function emissionKgPerMJ({ value, unit }: EmissionFactor): number {
  return value * KG_PER_MJ[unit];
}

/**
 * Emission factors from parsed JSON: `{ version: 1, factors: [{ id, value, unit, counts, source, year, region }] }`.
 *
 * @throws FormatError listing everything that is wrong
 * @example
 * readEmissionFactors({ version: 1, factors: [...EMISSION_FACTORS, own] });
 */
export function readEmissionFactors(data: unknown, file?: string): readonly EmissionFactor[] {
  const problems = new ProblemList(file);
  if (!isRecord(data) || data["version"] !== 1 || !Array.isArray(data["factors"])) {
    throw new FormatError("emission factors are an object { version: 1, factors: [...] }", { location: { file } });
  }
  const seen = new Set<unknown>();
  for (const [i, factor] of (data["factors"] as unknown[]).entries()) {
    const at = `factor ${i + 1}`;
    if (!isRecord(factor)) {
      problems.add(`${at}: expected an object, found ${JSON.stringify(factor)}`);
      continue;
    }
    const { id, value, unit, counts, year } = factor;
    for (const key of ["id", "source", "region"]) {
      const text = factor[key];
      if (typeof text !== "string" || text.trim() === "")
        problems.add(`${at}, ${key}: expected a text, found ${JSON.stringify(text)}`);
    }
    if (seen.has(id)) problems.add(`${at}, id: ${JSON.stringify(id)} is there twice; rename one`);
    seen.add(id);
    if (typeof value !== "number" || !(value >= 0 && value < Number.POSITIVE_INFINITY)) {
      problems.add(`${at}, value: expected a number of 0 or more, found ${JSON.stringify(value)}`);
    }
    if (typeof unit !== "string" || !Object.hasOwn(KG_PER_MJ, unit)) {
      problems.add(`${at}, unit: expected one of ${Object.keys(KG_PER_MJ).join(", ")}, found ${JSON.stringify(unit)}`);
    }
    if (counts !== "CO2" && counts !== "CO2e") {
      problems.add(`${at}, counts: expected CO2 or CO2e, found ${JSON.stringify(counts)}`);
    }
    if (!Number.isInteger(year)) problems.add(`${at}, year: expected a year, found ${JSON.stringify(year)}`);
  }
  problems.throwIfAny();
  return data["factors"] as readonly EmissionFactor[];
}
