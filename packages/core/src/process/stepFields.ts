import type { Step, StepKind, StepOf } from "./step.ts";

/** A number with a unit and a range; bounds named `above`/`below` are themselves not allowed. */
export interface NumberField {
  readonly type: "number";
  readonly unit: string;
  readonly above?: number;
  readonly atLeast?: number;
  readonly below?: number;
  readonly atMost?: number;
  readonly integer?: boolean;
  readonly required?: boolean;
}

export interface ChoiceField {
  readonly type: "choice";
  readonly choices: readonly string[];
  readonly required?: boolean;
}

export interface TextField {
  readonly type: "text";
  readonly required?: boolean;
}

export type StepField = NumberField | ChoiceField | TextField;

type FieldsOf<S extends Step> = { readonly [F in Exclude<keyof S, "kind">]-?: StepField };

export const ABSOLUTE_ZERO_C = -273.15;
/** Limit of what a step may claim: 6000 K, above the boiling point of tungsten. */
export const HOTTEST_C: number = 6000 + ABSOLUTE_ZERO_C;

const temperature: NumberField = { type: "number", unit: "degC", above: ABSOLUTE_ZERO_C, below: HOTTEST_C };
const text: TextField = { type: "text" };
const fraction: NumberField = { type: "number", unit: "fraction", above: 0, below: 1 };
const time = positive("s");
const rate = positive("K/s");

function positive(unit: string): NumberField {
  return { type: "number", unit, above: 0 };
}

function choice(...choices: readonly string[]): ChoiceField {
  return { type: "choice", choices };
}

function required<F extends StepField>(field: F): F {
  return { ...field, required: true };
}

const thermal = {
  treatment: choice(
    "normalise",
    "austenitise",
    "anneal",
    "homogenise",
    "solution",
    "age",
    "temper",
    "stress-relieve",
    "carburise",
    "nitride",
    "preheat",
  ),
  atmosphere: text,
};

/** The fields of every kind of step: the one place that reader, checks, mapping and variables work from. */
export const STEP_FIELDS: { readonly [K in StepKind]: FieldsOf<StepOf<K>> } = {
  heat: { temperatureC: required(temperature), rateKPerS: rate, timeS: time, ...thermal },
  hold: { temperatureC: temperature, timeS: time, ...thermal },
  cool: { temperatureC: required(temperature), rateKPerS: rate, timeS: time, ...thermal },
  quench: {
    medium: required(choice("water", "brine", "oil", "polymer", "salt", "lead", "gas", "air", "furnace")),
    agitation: choice("none", "mild", "moderate", "good", "strong", "violent"),
    temperatureC: temperature,
    rateKPerS: rate,
    severityPerIn: positive("1/in"),
  },
  deform: {
    method: required(choice("roll", "forge", "extrude", "draw", "swage", "press")),
    temperatureC: temperature,
    strain: positive(""),
    reduction: fraction,
    thicknessInMm: positive("mm"),
    thicknessOutMm: positive("mm"),
    areaRatio: { type: "number", unit: "", above: 1 },
    strainRatePerS: positive("1/s"),
    passes: { type: "number", unit: "", atLeast: 1, integer: true },
    rollRadiusMm: positive("mm"),
    rollSpeedMPerS: positive("m/s"),
  },
  print: {
    process: required(choice("lpbf", "ebm", "ded", "extrusion")),
    powerW: positive("W"),
    speedMmPerS: positive("mm/s"),
    hatchMm: positive("mm"),
    layerMm: positive("mm"),
    spotMm: positive("mm"),
    preheatC: temperature,
    feedGPerMin: positive("g/min"),
    atmosphere: text,
  },
  deposit: {
    method: required(choice("sputter", "evaporate", "arc", "pld", "cvd", "ald", "spin-coat")),
    temperatureC: temperature,
    pressurePa: positive("Pa"),
    rateNmPerS: positive("nm/s"),
    timeS: time,
    thicknessNm: positive("nm"),
    biasV: { type: "number", unit: "V" },
    powerW: positive("W"),
    speedRpm: positive("rpm"),
    atmosphere: text,
  },
  sinter: {
    method: required(choice("pressureless", "hip", "hot-press", "sps")),
    temperatureC: required(temperature),
    timeS: time,
    rateKPerS: rate,
    pressureMPa: positive("MPa"),
    atmosphere: text,
  },
  mill: {
    timeS: time,
    speedRpm: positive("rpm"),
    ballToPowderRatio: positive(""),
    powerW: positive("W"),
    atmosphere: text,
  },
  mix: { temperatureC: temperature, timeS: time, speedRpm: positive("rpm"), flowMlPerMin: positive("mL/min") },
  cure: {
    temperatureC: temperature,
    timeS: time,
    humidity: { type: "number", unit: "fraction", atLeast: 0, atMost: 1 },
    pressureMPa: positive("MPa"),
  },
  dry: { temperatureC: temperature, timeS: time, pressurePa: positive("Pa") },
};

/** The kinds of steps, in the order of the documentation. */
export const STEP_KINDS: readonly StepKind[] = Object.keys(STEP_FIELDS) as StepKind[];

/** Fields of one kind by name. */
export function fieldsOf(kind: StepKind): Readonly<Record<string, StepField>> {
  return STEP_FIELDS[kind];
}

const UNIT_ENDING = /(?:KPerS|PerS|MmPerS|MPerS|NmPerS|GPerMin|MlPerMin|PerIn|Rpm|MPa|Pa|Mm|Nm|C|S|W|V)$/;

/** Name of a field without its unit, under which a text may bring its own: "temperatureC" → "temperature". */
export function bareName(field: string): string {
  return field.replace(UNIT_ENDING, "");
}

/** What is wrong with a value of the field, as "expected …, found …; remedy"; undefined if nothing is. */
export function fieldProblem(field: StepField, value: unknown): string | undefined {
  const found = `found ${typeof value === "number" ? String(value) : JSON.stringify(value)}`;
  if (field.type === "text") return typeof value === "string" ? undefined : `expected a text, ${found}`;
  if (field.type === "choice") {
    if (typeof value === "string" && field.choices.includes(value)) return undefined;
    return `expected one of ${field.choices.join(", ")}, ${found}`;
  }
  const unit = field.unit === "" || field.unit === "fraction" ? "" : ` ${field.unit}`;
  if (typeof value !== "number" || !Number.isFinite(value))
    return `expected a finite number in${unit || " plain units"}, ${found}`;
  const { above, atLeast, below, atMost } = field;
  if (field.integer === true && !Number.isInteger(value)) return `expected a whole number, ${found}`;
  const low = (above !== undefined && !(value > above)) || (atLeast !== undefined && !(value >= atLeast));
  const high = (below !== undefined && !(value < below)) || (atMost !== undefined && !(value <= atMost));
  if (!low && !high) return undefined;
  return `expected ${rangeText(field)}${unit}, ${found}; ${remedy(field, low, value)}`;
}

/** "above 0", "above 0 and below 1". */
function rangeText({ above, atLeast, below, atMost }: NumberField): string {
  const parts = [
    above === undefined ? "" : `above ${above}`,
    atLeast === undefined ? "" : `at least ${atLeast}`,
    below === undefined ? "" : `below ${below}`,
    atMost === undefined ? "" : `at most ${atMost}`,
  ];
  return parts.filter((part) => part !== "").join(" and ");
}

function remedy(field: NumberField, low: boolean, value: number): string {
  if (field.unit === "fraction") {
    return value > 1 && value < 100 ? `a percentage? write ${value / 100}` : "write a fraction";
  }
  if (field.unit === "degC") {
    return low
      ? "below absolute zero; check the value and its unit"
      : "check the unit: the field is in degrees Celsius";
  }
  if (field.unit === "K/s" && value < 0)
    return `rates are speeds, the kind of step says the direction; write ${-value}`;
  return value === 0 && field.above === 0
    ? "leave it out, or its cell empty, if it is not known or was not done"
    : "check the value and its unit";
}
