import { equivalentTime } from "./arrhenius.ts";
import { temperatureAfter } from "./continuity.ts";
import { totalStrainOf } from "./deformation.ts";
import {
  coolingTime,
  meanCoolingRate,
  meanHeatingRate,
  peakTemperature,
  profileDuration,
  timeAbove,
} from "./profileMeasures.ts";
import { placedMessage, type Schedule } from "./schedule.ts";
import type { ScheduleFeatureOptions } from "./scheduleFeatureOptions.ts";
import { columnOf, type MappedStep, type ScheduleMapping } from "./scheduleMapping.ts";
import type { Step, StepKind } from "./step.ts";
import { ABSOLUTE_ZERO_C } from "./stepFields.ts";
import { lacking, STEP_MEASURES, type StepMeasure } from "./stepMeasures.ts";
import { hollomonJaffeOf } from "./temperingParameter.ts";
import { compileProfile, type ThermalProfile } from "./thermalProfile.ts";

/** What a feature is computed from: the schedule of one row, and its steps by their place in the mapping. */
export interface RowProcess {
  readonly schedule: Schedule;
  readonly steps: readonly (Step | undefined)[];
  /** Temperature before each of these steps. */
  readonly before: readonly (number | undefined)[];
  readonly profile: ThermalProfile | string;
  readonly material: string | undefined;
}

/** One number of a schedule, or the reason why there is none. */
export interface ScheduleFeature {
  readonly name: string;
  readonly unit: string;
  readonly source: readonly string[];
  readonly compute: (row: RowProcess) => number | string;
}

/** The row as features see it. */
export function rowProcess(
  schedule: Schedule,
  mapped: readonly number[],
  nMapped: number,
  options: ScheduleFeatureOptions,
  material: string | undefined,
): RowProcess {
  const steps: (Step | undefined)[] = Array.from({ length: nMapped });
  const before: (number | undefined)[] = Array.from({ length: nMapped });
  let temperatureC = schedule.startTemperatureC;
  for (const [i, step] of schedule.steps.entries()) {
    const k = mapped[i] ?? i;
    steps[k] = step;
    before[k] = temperatureC;
    temperatureC = temperatureAfter(step, temperatureC);
  }
  let profile: ThermalProfile | string = "no profile was asked for";
  if (options.profile !== undefined) {
    const compiled = compileProfile(schedule, options.profile);
    profile = compiled.profile ?? compiled.problems.map(placedMessage).join("; ");
  }
  return { schedule, steps, before, profile, material };
}

/** The features of a mapping: those for which it has the fields and the options the constants. */
export function scheduleFeatures(mapping: ScheduleMapping, options: ScheduleFeatureOptions): ScheduleFeature[] {
  const features = mapping.steps.flatMap((step, k) =>
    STEP_MEASURES.filter(
      (measure) => measure.kind === step.kind && isMapped(measure, step) && measure.isOn(options),
    ).map(
      (measure): ScheduleFeature => ({
        name: `${stepLabel(step, k)}: ${measure.name}`,
        unit: measure.unit,
        source: sourcesOf(mapping, k, measure, options),
        compute: (row) => {
          const found = row.steps[k];
          if (found === undefined) return `step ${k + 1} is absent`;
          const value = measure.value(found as never, row.before[k], options, row.material);
          return typeof value === "string" ? `step ${k + 1}: ${value}` : value;
        },
      }),
    ),
  );
  return [...features, ...wholeFeatures(mapping, options)];
}

function isMapped(measure: StepMeasure, step: MappedStep): boolean {
  return measure.needs.some((fields) => fields.every((field) => step.fields[field] !== undefined));
}

function stepLabel(step: MappedStep, k: number): string {
  const { treatment } = step.fields;
  return `step ${k + 1} ${typeof treatment === "string" ? treatment : step.kind}`;
}

function sourcesOf(
  mapping: ScheduleMapping,
  k: number,
  measure: StepMeasure,
  options: ScheduleFeatureOptions,
): string[] {
  const step = mapping.steps[k] as MappedStep;
  const names = new Set(measure.needs.flat().flatMap((field) => columnOf(step, field)?.column ?? []));
  if (measure.isAtTemperature === true) {
    const own = step.fields["temperatureC"] === undefined ? mapping.steps.slice(0, k).findLast(saysTemperature) : step;
    const column = own === undefined ? mapping.startTemperatureC : columnOf(own, "temperatureC");
    if (typeof column === "object") names.add(column.column);
  }
  if (measure.name === "normalised enthalpy" && options.beamMaterial !== undefined)
    names.add(options.beamMaterial.column);
  return [...names];
}

function saysTemperature(step: MappedStep): boolean {
  return step.fields["temperatureC"] !== undefined;
}

/** Measures of the schedule as a whole. */
function wholeFeatures(mapping: ScheduleMapping, options: ScheduleFeatureOptions): ScheduleFeature[] {
  const columnsOf = (fields: readonly string[]): string[] => {
    const names = mapping.steps.flatMap((step) => fields.flatMap((field) => columnOf(step, field)?.column ?? []));
    const start = mapping.startTemperatureC;
    if (fields.includes("temperatureC") && typeof start === "object") names.push(start.column);
    return [...new Set(names)];
  };
  const kinds = new Set(mapping.steps.map((step) => step.kind));
  const out: ScheduleFeature[] = [];
  if (mapping.steps.some(saysTemperature)) {
    out.push({
      name: "peak temperature",
      unit: "degC",
      source: columnsOf(["temperatureC"]),
      compute: ({ steps }) => {
        const temperatures = steps.flatMap((step) =>
          step !== undefined && "temperatureC" in step ? (step.temperatureC ?? []) : [],
        );
        return temperatures.length === 0 ? "no step says a temperature" : Math.max(...temperatures);
      },
    });
  }
  if (mapping.steps.some((step) => step.kind === "hold" && step.fields["timeS"] !== undefined)) {
    out.push({
      name: "total time of holding",
      unit: "s",
      source: columnsOf(["timeS"]),
      compute: ({ steps }) =>
        sumOver(steps, "hold", (step) => (step.kind === "hold" ? step.timeS : undefined), "timeS"),
    });
  }
  if (kinds.has("deform")) {
    out.push({
      name: "total equivalent strain",
      unit: "",
      source: columnsOf(["strain", "thicknessInMm", "thicknessOutMm", "reduction", "areaRatio"]),
      compute: ({ steps }) =>
        sumOver(
          steps,
          "deform",
          (step) => (step.kind === "deform" ? totalStrainOf(step)[0]?.strain : undefined),
          "strain",
        ),
    });
  }
  const { profile, aboveC = [], arrhenius, hollomonJaffeC } = options;
  if (profile === undefined) return out;
  const source = columnsOf([
    "temperatureC",
    "timeS",
    "rateKPerS",
    "strain",
    "strainRatePerS",
    "thicknessInMm",
    "thicknessOutMm",
    "reduction",
    "areaRatio",
  ]);
  const ofProfile = (name: string, unit: string, compute: (profile: ThermalProfile) => number, none: string): void => {
    out.push({
      name,
      unit,
      source,
      compute: (row) => {
        if (typeof row.profile === "string") return row.profile;
        const value = compute(row.profile);
        return Number.isFinite(value) ? value : none;
      },
    });
  };
  ofProfile("duration", "s", profileDuration, "");
  ofProfile("peak temperature of the history", "degC", (p) => peakTemperature(p) + ABSOLUTE_ZERO_C, "");
  ofProfile("mean heating rate", "K/s", meanHeatingRate, "the history never heats, or only jumps");
  ofProfile("mean cooling rate", "K/s", meanCoolingRate, "the history never cools, or only jumps");
  ofProfile("t8/5", "s", (p) => coolingTime(p), "the history does not cool through 800 and 500 °C");
  for (const above of aboveC)
    ofProfile(`time above ${above} °C`, "s", (p) => timeAbove(p, above - ABSOLUTE_ZERO_C), "");
  if (arrhenius !== undefined) {
    const { activationEnergyJPerMol, referenceC } = arrhenius;
    const name = `equivalent time at ${referenceC} °C, ${activationEnergyJPerMol / 1000} kJ/mol`;
    ofProfile(name, "s", (p) => equivalentTime(p, activationEnergyJPerMol, referenceC - ABSOLUTE_ZERO_C), "");
  }
  ofProfile(
    "Hollomon–Jaffe parameter of the history",
    "K",
    (p) =>
      profileDuration(p) > 0
        ? hollomonJaffeOf(p, { referenceK: peakTemperature(p), c: hollomonJaffeC }).parameter
        : Number.NaN,
    "the history lasts no time",
  );
  return out;
}

function sumOver(
  steps: readonly (Step | undefined)[],
  kind: StepKind,
  value: (step: Step) => number | undefined,
  field: string,
): number | string {
  let sum = 0;
  for (const [k, step] of steps.entries()) {
    if (step?.kind !== kind) continue;
    const part = value(step);
    if (part === undefined) return `step ${k + 1}: ${lacking(field)}`;
    sum += part;
  }
  return sum;
}
