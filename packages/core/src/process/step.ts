/** What a thermal step is for, in the words of heat treatment; it changes no number. */
export type Treatment =
  | "normalise"
  | "austenitise"
  | "anneal"
  | "homogenise"
  | "solution"
  | "age"
  | "temper"
  | "stress-relieve"
  | "carburise"
  | "nitride"
  | "preheat";

export type QuenchMedium = "water" | "brine" | "oil" | "polymer" | "salt" | "lead" | "gas" | "air" | "furnace";
/** Stirring of the bath, as Grossmann's table has it. */
export type Agitation = "none" | "mild" | "moderate" | "good" | "strong" | "violent";

interface ThermalInfo {
  readonly treatment?: Treatment | undefined;
  readonly atmosphere?: string | undefined;
}

/** To a higher temperature, at a rate or within a time. */
export interface HeatStep extends ThermalInfo {
  readonly kind: "heat";
  readonly temperatureC: number;
  /** Speed of heating, positive. */
  readonly rateKPerS?: number | undefined;
  readonly timeS?: number | undefined;
}

/** At the temperature reached. */
export interface HoldStep extends ThermalInfo {
  readonly kind: "hold";
  readonly temperatureC?: number | undefined;
  readonly timeS?: number | undefined;
}

/** To a lower temperature, at a rate or within a time. */
export interface CoolStep extends ThermalInfo {
  readonly kind: "cool";
  readonly temperatureC: number;
  /** Speed of cooling, positive. */
  readonly rateKPerS?: number | undefined;
  readonly timeS?: number | undefined;
}

/** Into a medium. */
export interface QuenchStep {
  readonly kind: "quench";
  readonly medium: QuenchMedium;
  readonly agitation?: Agitation | undefined;
  /** Temperature at the end. */
  readonly temperatureC?: number | undefined;
  /** Mean speed of cooling, positive. */
  readonly rateKPerS?: number | undefined;
  /** Grossmann's H, 1/in, where it was measured. */
  readonly severityPerIn?: number | undefined;
}

/** Plastic deformation. Say how much by one of strain, reduction, thicknesses, or area ratio. */
export interface DeformStep {
  readonly kind: "deform";
  readonly method: "roll" | "forge" | "extrude" | "draw" | "swage" | "press";
  readonly temperatureC?: number | undefined;
  /** Von Mises equivalent true strain, of all passes together. */
  readonly strain?: number | undefined;
  /** (h₀ − h₁)/h₀ of the height (roll, forge, press) or of the section (extrude, draw, swage), of all passes together. */
  readonly reduction?: number | undefined;
  /** Height before, or the diameter of a bar (extrude, draw, swage). */
  readonly thicknessInMm?: number | undefined;
  readonly thicknessOutMm?: number | undefined;
  /** Section before over section after. */
  readonly areaRatio?: number | undefined;
  readonly strainRatePerS?: number | undefined;
  readonly passes?: number | undefined;
  readonly rollRadiusMm?: number | undefined;
  /** Speed of the roll's surface. */
  readonly rollSpeedMPerS?: number | undefined;
}

/** Additive manufacturing. */
export interface PrintStep {
  readonly kind: "print";
  readonly process: "lpbf" | "ebm" | "ded" | "extrusion";
  readonly powerW?: number | undefined;
  readonly speedMmPerS?: number | undefined;
  readonly hatchMm?: number | undefined;
  readonly layerMm?: number | undefined;
  /** Beam diameter. */
  readonly spotMm?: number | undefined;
  readonly preheatC?: number | undefined;
  readonly feedGPerMin?: number | undefined;
  readonly atmosphere?: string | undefined;
}

/** A film grown from vapour or solution. */
export interface DepositStep {
  readonly kind: "deposit";
  readonly method: "sputter" | "evaporate" | "arc" | "pld" | "cvd" | "ald" | "spin-coat";
  /** Temperature of the substrate. */
  readonly temperatureC?: number | undefined;
  readonly pressurePa?: number | undefined;
  readonly rateNmPerS?: number | undefined;
  readonly timeS?: number | undefined;
  readonly thicknessNm?: number | undefined;
  readonly biasV?: number | undefined;
  readonly powerW?: number | undefined;
  readonly speedRpm?: number | undefined;
  readonly atmosphere?: string | undefined;
}

/** Powder to solid: heating (if a rate is given) and holding. */
export interface SinterStep {
  readonly kind: "sinter";
  readonly method: "pressureless" | "hip" | "hot-press" | "sps";
  readonly temperatureC: number;
  readonly timeS?: number | undefined;
  readonly rateKPerS?: number | undefined;
  readonly pressureMPa?: number | undefined;
  readonly atmosphere?: string | undefined;
}

export interface MillStep {
  readonly kind: "mill";
  readonly timeS?: number | undefined;
  readonly speedRpm?: number | undefined;
  /** Mass of balls over mass of powder. */
  readonly ballToPowderRatio?: number | undefined;
  readonly powerW?: number | undefined;
  readonly atmosphere?: string | undefined;
}

/** Mixing, stirring, or flow synthesis. */
export interface MixStep {
  readonly kind: "mix";
  readonly temperatureC?: number | undefined;
  readonly timeS?: number | undefined;
  readonly speedRpm?: number | undefined;
  /** Total flow through the mixer. */
  readonly flowMlPerMin?: number | undefined;
}

/** Hardening by reaction: concrete, resins, paint. */
export interface CureStep {
  readonly kind: "cure";
  readonly temperatureC?: number | undefined;
  readonly timeS?: number | undefined;
  /** Relative humidity, 0 … 1. */
  readonly humidity?: number | undefined;
  readonly pressureMPa?: number | undefined;
}

export interface DryStep {
  readonly kind: "dry";
  readonly temperatureC?: number | undefined;
  readonly timeS?: number | undefined;
  readonly pressurePa?: number | undefined;
}

/** One step of a process. Every field carries its unit in its name; times and rates are positive. */
export type Step =
  | HeatStep
  | HoldStep
  | CoolStep
  | QuenchStep
  | DeformStep
  | PrintStep
  | DepositStep
  | SinterStep
  | MillStep
  | MixStep
  | CureStep
  | DryStep;

export type StepKind = Step["kind"];

/** A step of one kind. */
export type StepOf<K extends StepKind> = Extract<Step, { readonly kind: K }>;
