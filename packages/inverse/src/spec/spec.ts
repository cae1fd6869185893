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
  /**
   * Unit that the limits were written in, where the target itself carries none: the numbers are taken as the table's own
   * and the unit cannot be checked. {@link invert} notes it.
   */
  readonly assumedUnit?: string | undefined;
}

/**
 * The spec in words: `Tensile Strength >= 900 MPa`.
 *
 * @example
 * describeSpec({ target: "HV", unit: "HV", relation: "between", low: 200, high: 250 }); // "HV 200..250 HV"
 */
export function describeSpec(spec: Spec): string {
  const written = spec.unit === "" ? (spec.assumedUnit ?? "") : spec.unit;
  const unit = written === "" ? "" : ` ${written}`;
  if (spec.relation === "between") return `${spec.target} ${short(spec.low)}..${short(spec.high)}${unit}`;
  return `${spec.target} ${spec.relation} ${short(spec.relation === ">=" ? spec.low : spec.high)}${unit}`;
}

function short(value: number | undefined): string {
  return value === undefined ? "" : String(Number(value.toPrecision(6)));
}
