import { equivalentTime } from "./arrhenius.ts";
import { temperatureAfter } from "./continuity.ts";
import { rollingStrainRate, totalStrainOf, zenerHollomon } from "./deformation.ts";
import { filmThickness, homologousTemperature } from "./deposition.ts";
import {
  arealEnergyDensity,
  buildRate,
  linearEnergyDensity,
  normalisedEnthalpy,
  volumetricEnergyDensity,
} from "./energyDensity.ts";
import {
  coolingTime,
  meanCoolingRate,
  meanHeatingRate,
  peakTemperature,
  profileDuration,
  timeAbove,
} from "./profileMeasures.ts";
import { quenchSeverity } from "./quenchSeverity.ts";
import type { Schedule } from "./schedule.ts";
import { problemText } from "./schedule.ts";
import type { ScheduleFeatureOptions } from "./scheduleFeatureOptions.ts";
import { columnOf, type MappedStep, type ScheduleMapping } from "./scheduleMapping.ts";
import type { DeformStep, Step, StepKind } from "./step.ts";
import { ABSOLUTE_ZERO_C } from "./stepFields.ts";
import { hollomonJaffe, hollomonJaffeOf } from "./temperingParameter.ts";
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
    profile = compiled.profile ?? problemText(compiled.problems);
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

interface StepMeasure<S extends Step = never> {
  readonly kind: StepKind;
  readonly name: string;
  readonly unit: string;
  /** Alternatives: the mapping must have all fields of one. */
  readonly needs: readonly (readonly string[])[];
  /** True if the temperature before the step counts too. */
  readonly isAtTemperature?: boolean;
  readonly isOn: (options: ScheduleFeatureOptions) => boolean;
  readonly value: (
    step: S,
    beforeC: number | undefined,
    options: ScheduleFeatureOptions,
    material: string | undefined,
  ) => number | string;
}

const always = (): boolean => true;

function measure<K extends StepKind>(
  kind: K,
  rest: Omit<StepMeasure<Extract<Step, { kind: K }>>, "kind">,
): StepMeasure {
  return { kind, ...rest } as unknown as StepMeasure;
}

const STRAIN_FIELDS = [["strain"], ["thicknessInMm", "thicknessOutMm"], ["reduction"], ["areaRatio"]];
const ROLL_RATE = ["thicknessInMm", "thicknessOutMm", "rollRadiusMm", "rollSpeedMPerS"];

const STEP_MEASURES: readonly StepMeasure[] = [
  measure("hold", {
    name: "Hollomon–Jaffe parameter",
    unit: "K",
    needs: [["timeS"]],
    isAtTemperature: true,
    isOn: always,
    value: ({ temperatureC, timeS }, beforeC, { hollomonJaffeC }) => {
      const atC = temperatureC ?? beforeC;
      if (atC === undefined) return "its temperature is not known";
      return timeS === undefined ? lacking("timeS") : hollomonJaffe(atC - ABSOLUTE_ZERO_C, timeS, hollomonJaffeC);
    },
  }),
  measure("quench", {
    name: "severity of quench",
    unit: "1/in",
    needs: [["medium", "agitation"], ["severityPerIn"]],
    isOn: always,
    value: ({ medium, agitation, severityPerIn }) => {
      if (severityPerIn !== undefined) return severityPerIn;
      if (agitation === undefined) return lacking("agitation");
      const range = quenchSeverity(medium, agitation);
      return range === undefined
        ? `Grossmann's table has no ${medium} with agitation "${agitation}"`
        : (range.low + range.high) / 2;
    },
  }),
  measure("deform", {
    name: "equivalent strain",
    unit: "",
    needs: STRAIN_FIELDS,
    isOn: always,
    value: (step) => totalStrainOf(step)[0]?.strain ?? "nothing says how much it deforms",
  }),
  measure("deform", { name: "strain rate", unit: "1/s", needs: [ROLL_RATE], isOn: always, value: strainRateOf }),
  measure("deform", {
    name: "ln Zener–Hollomon",
    unit: "",
    needs: [["strainRatePerS"], ROLL_RATE],
    isAtTemperature: true,
    isOn: (options) => options.zenerHollomon !== undefined,
    value: (step, beforeC, options) => {
      const rate = strainRateOf(step);
      const atC = step.temperatureC ?? beforeC;
      if (typeof rate === "string") return rate;
      if (atC === undefined) return "its temperature is not known";
      // ln Z itself, not Z: Z overflows the scale of every model.
      const energy = options.zenerHollomon?.activationEnergyJPerMol ?? Number.NaN;
      return Math.log(rate) + Math.log(zenerHollomon(1, atC - ABSOLUTE_ZERO_C, energy));
    },
  }),
  measure("print", {
    name: "linear energy density",
    unit: "J/mm",
    needs: [["powerW", "speedMmPerS"]],
    isOn: always,
    value: ({ powerW, speedMmPerS }) =>
      ofFields({ powerW, speedMmPerS }, (f) => linearEnergyDensity(f.powerW, f.speedMmPerS)),
  }),
  measure("print", {
    name: "areal energy density",
    unit: "J/mm2",
    needs: [["powerW", "speedMmPerS", "hatchMm"]],
    isOn: always,
    value: ({ powerW, speedMmPerS, hatchMm }) =>
      ofFields({ powerW, speedMmPerS, hatchMm }, (f) => arealEnergyDensity(f.powerW, f.speedMmPerS, f.hatchMm)),
  }),
  measure("print", {
    name: "volumetric energy density",
    unit: "J/mm3",
    needs: [["powerW", "speedMmPerS", "hatchMm", "layerMm"]],
    isOn: always,
    value: ({ powerW, speedMmPerS, hatchMm, layerMm }) =>
      ofFields({ powerW, speedMmPerS, hatchMm, layerMm }, volumetricEnergyDensity),
  }),
  measure("print", {
    name: "build rate",
    unit: "mm3/s",
    needs: [["speedMmPerS", "hatchMm", "layerMm"]],
    isOn: always,
    value: ({ speedMmPerS, hatchMm, layerMm }) =>
      ofFields({ speedMmPerS, hatchMm, layerMm }, (f) => buildRate(f.speedMmPerS, f.hatchMm, f.layerMm)),
  }),
  measure("print", {
    name: "normalised enthalpy",
    unit: "",
    needs: [["powerW", "speedMmPerS", "spotMm"]],
    isOn: (options) => options.beamMaterial !== undefined,
    value: ({ powerW, speedMmPerS, spotMm }, _, { beamMaterial }, label) => {
      if (label === undefined) return `no value in column "${beamMaterial?.column}"`;
      const constants = beamMaterial?.materials[label];
      if (constants === undefined) return `no constants of the material "${label}"`;
      return ofFields({ powerW, speedMmPerS, spotMm }, (f) => normalisedEnthalpy(f, constants));
    },
  }),
  measure("deposit", {
    name: "film thickness",
    unit: "nm",
    needs: [["rateNmPerS", "timeS"]],
    isOn: always,
    value: ({ rateNmPerS, timeS, thicknessNm }) =>
      thicknessNm ?? ofFields({ rateNmPerS, timeS }, (f) => filmThickness(f.rateNmPerS, f.timeS)),
  }),
  measure("deposit", {
    name: "homologous temperature",
    unit: "",
    needs: [["temperatureC"]],
    isOn: (options) => options.meltingK !== undefined,
    value: ({ temperatureC }, _, { meltingK = Number.NaN }) =>
      ofFields({ temperatureC }, (f) => homologousTemperature(f.temperatureC - ABSOLUTE_ZERO_C, meltingK)),
  }),
];

function strainRateOf(step: DeformStep): number | string {
  if (step.strainRatePerS !== undefined) return step.strainRatePerS;
  const { thicknessInMm, thicknessOutMm, rollRadiusMm, rollSpeedMPerS, passes } = step;
  if (passes !== undefined && passes > 1) return "the strain rate of several passes follows from no total thicknesses";
  return ofFields({ thicknessInMm, thicknessOutMm, rollRadiusMm, rollSpeedMPerS }, rollingStrainRate);
}

/** Of fields that are all there; else which is lacking. */
function ofFields<F extends string>(
  fields: Readonly<Record<F, number | undefined>>,
  compute: (fields: Readonly<Record<F, number>>) => number,
): number | string {
  const name = Object.keys(fields).find((key) => fields[key as F] === undefined);
  return name === undefined ? compute(fields as Readonly<Record<F, number>>) : lacking(name);
}

function lacking(field: string): string {
  return `${field} has no value`;
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
  ofProfile("peak temperature of the history", "K", peakTemperature, "");
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
