import { DataError, DomainError } from "../errors/errors.ts";
import { temperatureAfter } from "./continuity.ts";
import { totalStrainOf } from "./deformation.ts";
import { type EmissionFactor, emissionKgPerMJ } from "./emissionFactors.ts";
import { buildRate, checkPositive } from "./energyDensity.ts";
import { suggestion } from "./readStep.ts";
import type { Schedule } from "./schedule.ts";
import type { Step } from "./step.ts";

/** What an estimate assumes. Nothing has a default: measure it, or take it from a source. */
export interface EnergyAssumptions {
  /** Mass of the load or part. */
  readonly massKg: number;
  /** Factors to choose carriers from, such as `EMISSION_FACTORS`. */
  readonly factors: readonly EmissionFactor[];
  /** For heat, hold and sinter steps. */
  readonly furnace?:
    | {
        /** Id of an emission factor. */
        readonly carrier: string;
        /** Mean specific heat of the load between start and end of heating. */
        readonly heatCapacityJPerKgK: number;
        /** Heat taken up by the load over energy used while heating, 0 < η ≤ 1. */
        readonly efficiency: number;
        /** Power that the furnace draws while it holds. */
        readonly holdingPowerW: number;
      }
    | undefined;
  /** For deform steps. */
  readonly forming?:
    | {
        readonly carrier: string;
        /** Mean flow stress. */
        readonly flowStressMPa: number;
        readonly densityKgPerM3: number;
        /** Work of deformation over energy used by the machine, 0 < η ≤ 1. */
        readonly efficiency: number;
      }
    | undefined;
  /** For print steps. */
  readonly beam?:
    | {
        readonly carrier: string;
        readonly densityKgPerM3: number;
        /** Power of the beam over power drawn for it, 0 < η ≤ 1. */
        readonly wallPlugEfficiency: number;
        /** Power of the machine besides the beam: pumps, chiller, heating. */
        readonly standingPowerW: number;
      }
    | undefined;
  /** For deposit and mill steps: their `powerW` is what the machine draws. */
  readonly machine?: { readonly carrier: string } | undefined;
}

/** Share of one step. */
export interface StepEnergy {
  /** From 1. */
  readonly step: number;
  readonly kind: Step["kind"];
  /** NaN where something is missing. */
  readonly energyMJ: number;
  readonly emissionsKg: number;
  /** Id of the emission factor; undefined for steps that use nothing. */
  readonly carrier: string | undefined;
  /** The formula used, or what is missing. */
  readonly how: string;
}

export interface EnergyEstimate {
  /** Of all steps; NaN if one of them is NaN. */
  readonly energyMJ: number;
  readonly emissionsKg: number;
  /** Of the steps that are known. */
  readonly knownEnergyMJ: number;
  readonly knownEmissionsKg: number;
  readonly steps: readonly StepEnergy[];
  /** What the model takes for granted, and the factors used with their source. */
  readonly assumptions: readonly string[];
}

/**
 * Energy and CO₂ of a process by a plain model, step by step:
 *
 * - heat: m c ΔT / η of the furnace; hold: holding power × time; sinter: both; cool and quench: 0;
 * - deform: σ ε m/ρ / η of the machine, ε the equivalent strain;
 * - print: (P/η + standing power) × time, time = m/ρ over v h t of scanning, without recoating;
 * - deposit, mill: power × time.
 *
 * Mixing, curing and drying are not modelled. A step that lacks something is NaN and says what; so are the totals.
 * Emissions are energy × factor of the step's carrier.
 *
 * @throws DomainError for a mass, efficiency, … out of range
 * @throws DataError for a carrier that no factor has
 * @example
 * estimateEnergy(schedule, {
 *   massKg: 100,
 *   factors: EMISSION_FACTORS,
 *   furnace: { carrier: "natural gas", heatCapacityJPerKgK: 650, efficiency: 0.4, holdingPowerW: 20e3 },
 * });
 */
export function estimateEnergy(schedule: Schedule, assumptions: EnergyAssumptions): EnergyEstimate {
  checkAssumptions(assumptions);
  const used = new Map<string, EmissionFactor>();
  const factorOf = (carrier: string): EmissionFactor => {
    const factor = assumptions.factors.find(({ id }) => id === carrier);
    if (factor === undefined) {
      const hint = suggestion(
        carrier,
        assumptions.factors.map(({ id }) => id),
      );
      throw new DataError(`estimateEnergy: no emission factor "${carrier}"${hint}`);
    }
    used.set(carrier, factor);
    return factor;
  };
  let temperatureC = schedule.startTemperatureC;
  const steps: StepEnergy[] = [];
  for (const [i, step] of schedule.steps.entries()) {
    const { joules, how, carrier } = stepEnergy(step, temperatureC, assumptions);
    temperatureC = temperatureAfter(step, temperatureC);
    const energyMJ = joules / 1e6;
    const emissionsKg = carrier === undefined ? energyMJ * 0 : energyMJ * emissionKgPerMJ(factorOf(carrier));
    steps.push({ step: i + 1, kind: step.kind, energyMJ, emissionsKg, carrier, how });
  }
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  const known = steps.filter(({ energyMJ }) => !Number.isNaN(energyMJ));
  return {
    energyMJ: sum(steps.map(({ energyMJ }) => energyMJ)),
    emissionsKg: sum(steps.map(({ emissionsKg }) => emissionsKg)),
    knownEnergyMJ: sum(known.map(({ energyMJ }) => energyMJ)),
    knownEmissionsKg: sum(known.map(({ emissionsKg }) => emissionsKg)),
    steps,
    assumptions: [...MODEL, ...mixedCounts([...used.values()]), ...[...used.values()].map(factorText)],
  };
}

const MODEL: readonly string[] = [
  "cooling and quenching use no energy; heat is not recovered",
  "specific heat and flow stress are means; heats of transformation are in the specific heat or left out",
  "printing counts the scanning of the part's volume, not recoating, supports, powder or gas",
  "no energy of raw material, transport, or machines at rest",
];

function mixedCounts(used: readonly EmissionFactor[]): string[] {
  const isMixed = new Set(used.map(({ counts }) => counts)).size > 1;
  return isMixed ? ["the total adds CO2 alone of some carriers to CO2 equivalents of others"] : [];
}

function factorText({ id, value, unit, counts, source, year, region }: EmissionFactor): string {
  return `${id}: ${value} ${unit} ${counts} (${region}, ${year}; ${source})`;
}

interface Share {
  readonly joules: number;
  readonly how: string;
  readonly carrier: string | undefined;
}

function stepEnergy(step: Step, beforeC: number | undefined, assumptions: EnergyAssumptions): Share {
  const { massKg, furnace, forming, beam, machine } = assumptions;
  const missing = (what: string): Share => ({ joules: Number.NaN, how: `missing: ${what}`, carrier: undefined });
  const heating = (toC: number): Share => {
    if (furnace === undefined) return missing("assumptions of the furnace");
    if (beforeC === undefined) return missing("the temperature before the step; set startTemperatureC");
    const { heatCapacityJPerKgK, efficiency, carrier } = furnace;
    const joules = (massKg * heatCapacityJPerKgK * Math.max(0, toC - beforeC)) / efficiency;
    return { joules, how: `m c ΔT / η, ΔT = ${toC} − ${beforeC} K`, carrier };
  };
  const holding = (timeS: number | undefined): Share => {
    if (furnace === undefined) return missing("assumptions of the furnace");
    if (timeS === undefined) return missing("timeS");
    return { joules: furnace.holdingPowerW * timeS, how: `holding power × ${timeS} s`, carrier: furnace.carrier };
  };
  switch (step.kind) {
    case "heat":
      return heating(step.temperatureC);
    case "hold":
      return holding(step.timeS);
    case "sinter": {
      const [up, at] = [heating(step.temperatureC), holding(step.timeS)];
      const lacks = [up, at].find(({ joules }) => Number.isNaN(joules));
      return lacks ?? { joules: up.joules + at.joules, how: `${up.how} + ${at.how}`, carrier: up.carrier };
    }
    case "cool":
    case "quench":
      return { joules: 0, how: "no energy", carrier: undefined };
    case "deform": {
      const strain = totalStrainOf(step)[0]?.strain;
      if (forming === undefined) return missing("assumptions of forming");
      if (strain === undefined) return missing("how much the step deforms");
      const { flowStressMPa, densityKgPerM3, efficiency, carrier } = forming;
      const joules = (1e6 * flowStressMPa * strain * massKg) / densityKgPerM3 / efficiency;
      return { joules, how: `σ ε V / η, ε = ${Number(strain.toPrecision(4))}`, carrier };
    }
    case "print": {
      const { powerW, speedMmPerS, hatchMm, layerMm } = step;
      if (beam === undefined) return missing("assumptions of the beam");
      if (powerW === undefined || speedMmPerS === undefined || hatchMm === undefined || layerMm === undefined) {
        return missing("one of powerW, speedMmPerS, hatchMm, layerMm");
      }
      const timeS = (1e9 * massKg) / beam.densityKgPerM3 / buildRate(speedMmPerS, hatchMm, layerMm);
      const joules = (powerW / beam.wallPlugEfficiency + beam.standingPowerW) * timeS;
      return { joules, how: `(P/η + standing power) × ${Number(timeS.toPrecision(4))} s`, carrier: beam.carrier };
    }
    case "deposit":
    case "mill":
      if (machine === undefined) return missing("the carrier of the machine");
      if (step.powerW === undefined || step.timeS === undefined) return missing("powerW or timeS");
      return { joules: step.powerW * step.timeS, how: "power × time", carrier: machine.carrier };
    case "mix":
    case "cure":
    case "dry":
      return missing(`a model of ${step.kind} steps`);
  }
}

function checkAssumptions({ massKg, furnace, forming, beam }: EnergyAssumptions): void {
  checkPositive("estimateEnergy", { massKg });
  if (furnace !== undefined) {
    const { heatCapacityJPerKgK, efficiency, holdingPowerW } = furnace;
    checkPositive("estimateEnergy, furnace", { heatCapacityJPerKgK, efficiency });
    checkPower("furnace", "holdingPowerW", holdingPowerW);
    checkEfficiency("furnace", "efficiency", efficiency);
  }
  if (forming !== undefined) {
    const { flowStressMPa, densityKgPerM3, efficiency } = forming;
    checkPositive("estimateEnergy, forming", { flowStressMPa, densityKgPerM3, efficiency });
    checkEfficiency("forming", "efficiency", efficiency);
  }
  if (beam !== undefined) {
    const { densityKgPerM3, wallPlugEfficiency, standingPowerW } = beam;
    checkPositive("estimateEnergy, beam", { densityKgPerM3, wallPlugEfficiency });
    checkPower("beam", "standingPowerW", standingPowerW);
    checkEfficiency("beam", "wallPlugEfficiency", wallPlugEfficiency);
  }
}

function checkPower(what: string, name: string, value: number): void {
  if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
    throw new DomainError(`estimateEnergy, ${what}: ${name} must be 0 or more, got ${value}`);
  }
}

function checkEfficiency(what: string, name: string, value: number): void {
  if (value > 1)
    throw new DomainError(`estimateEnergy, ${what}: ${name} is at most 1, got ${value}; percent? divide by 100`);
}
