import { rollingStrainRate, totalStrainOf, zenerHollomon } from "./deformation.ts";
import { filmThickness, homologousTemperature } from "./deposition.ts";
import {
  arealEnergyDensity,
  buildRate,
  linearEnergyDensity,
  normalisedEnthalpy,
  volumetricEnergyDensity,
} from "./energyDensity.ts";
import { quenchSeverity } from "./quenchSeverity.ts";
import type { ScheduleFeatureOptions } from "./scheduleFeatureOptions.ts";
import type { DeformStep, Step, StepKind } from "./step.ts";
import { ABSOLUTE_ZERO_C } from "./stepFields.ts";
import { hollomonJaffe } from "./temperingParameter.ts";

/** A number of one step. */
export interface StepMeasure<S extends Step = never> {
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

export const STEP_MEASURES: readonly StepMeasure[] = [
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

export function lacking(field: string): string {
  return `${field} has no value`;
}
