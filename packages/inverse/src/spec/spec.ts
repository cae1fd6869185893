/**
 * What a property is to be, in the unit of the model's target: at least `low`, at most `high`, or between both.
 * Limits count as met (a continuous quantity hits them with probability 0 anyway).
 */
export interface Spec {
  readonly target: string;
  readonly unit: string;
  readonly relation: ">=" | "<=" | "between";
  readonly low?: number | undefined;
  readonly high?: number | undefined;
}

/**
 * The spec in words: `Tensile Strength >= 900 MPa`.
 *
 * @example
 * describeSpec({ target: "HV", unit: "HV", relation: "between", low: 200, high: 250 }); // "HV 200..250 HV"
 */
export function describeSpec(spec: Spec): string {
  const unit = spec.unit === "" ? "" : ` ${spec.unit}`;
  if (spec.relation === "between") return `${spec.target} ${short(spec.low)}..${short(spec.high)}${unit}`;
  return `${spec.target} ${spec.relation} ${short(spec.relation === ">=" ? spec.low : spec.high)}${unit}`;
}

function short(value: number | undefined): string {
  return value === undefined ? "" : String(Number(value.toPrecision(6)));
}
