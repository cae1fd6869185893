import { FormatError } from "@materiome/core";
import { EMISSION_FACTORS, type EnergyAssumptions, readScheduleMapping } from "@materiome/core/process";
import type { FootprintOptions } from "@materiome/inverse";
import { readJsonFile } from "./readJsonFile.ts";

/**
 * Reads `--schedule FILE`, which says how settings are the steps of a process, and `--energy FILE`, what its energy is estimated
 * from: `{ "massKg": 100, "furnace": { "carrier": "natural gas", "heatCapacityJPerKgK": 650, "efficiency": 0.4, "holdingPowerW": 20000 } }`;
 * carriers are those of `EMISSION_FACTORS` unless the file has `factors` of its own.
 *
 * @throws FormatError for a file that is no such object; what the mapping throws
 */
export async function readFootprint(schedulePath: string, energyPath: string): Promise<FootprintOptions> {
  const { features: _, ...mapping } = ((await readJsonFile(schedulePath)) ?? {}) as { readonly features?: unknown };
  const schedule = readScheduleMapping(mapping, schedulePath);
  const data = (await readJsonFile(energyPath)) as Partial<EnergyAssumptions> | null;
  if (data === null || typeof data !== "object" || typeof data.massKg !== "number") {
    throw new FormatError('expected an object with at least "massKg", and "furnace", "forming", "beam" or "machine"', {
      location: { file: energyPath },
    });
  }
  return { schedule, assumptions: { factors: EMISSION_FACTORS, ...data } as EnergyAssumptions };
}
