import {
  type EnergyAssumptions,
  type EnergyEstimate,
  estimateEnergy,
  type ScheduleMapping,
  schedulesFromTable,
} from "@materiome/core/process";
import { type Point, tableOfPoints } from "../../space/points.ts";
import type { SearchSpace } from "../../space/searchSpace.ts";

/** How settings make a process, and what its energy is estimated from. */
export interface FootprintOptions {
  readonly schedule: ScheduleMapping;
  readonly assumptions: EnergyAssumptions;
}

/** Energy and emissions of one setting by the plain model of `estimateEnergy`. */
export interface Footprint extends Pick<EnergyEstimate, "energyMJ" | "emissionsKg" | "assumptions"> {
  /** What is missing or wrong, where a total is not a number. */
  readonly problems: readonly string[];
}

/**
 * Energy and CO₂ of each point, its inputs read as the steps of a schedule.
 *
 * @throws DataError for columns of the mapping that the model does not take
 */
export function footprintsOf(
  space: SearchSpace,
  points: readonly Point[],
  options: FootprintOptions,
): readonly Footprint[] {
  const table = tableOfPoints(space, points);
  const { schedules, problems } = schedulesFromTable(table, options.schedule, {
    onError: "record",
  });
  return points.map((_, i): Footprint => {
    const schedule = schedules[i];
    if (schedule === undefined) {
      const own = problems.filter(({ row }) => row === table.rowNumber(i));
      return {
        energyMJ: Number.NaN,
        emissionsKg: Number.NaN,
        assumptions: [],
        problems: own.map(({ step, field, message }) => `step ${step ?? "?"}, ${field ?? ""}: ${message}`),
      };
    }
    const { energyMJ, emissionsKg, assumptions, steps } = estimateEnergy(schedule, options.assumptions);
    const missing = steps
      .filter((step) => Number.isNaN(step.energyMJ))
      .map((s) => `step ${s.step}, ${s.kind}: ${s.how}`);
    return { energyMJ, emissionsKg, assumptions, problems: missing };
  });
}
