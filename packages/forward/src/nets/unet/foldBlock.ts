import { EPSILON } from "../layers/normalise.ts";
import type { Parameters } from "../training/parameters.ts";
import type { Block } from "./unetSpec.ts";

/** A convolution with what its normalisation does by the stored statistics: filter [3, 3, inputs, outputs] and bias. */
export function foldBlock(
  parameters: Parameters,
  { name, outputs }: Block,
): { filter: Float32Array; bias: Float32Array } {
  const [plain, bias] = [parameters[`${name}.filter`], parameters[`${name}.shift`]];
  if (parameters[`${name}.scale`] === undefined) return { filter: plain as Float32Array, bias: bias as Float32Array };
  const of = (part: string): Float32Array => parameters[`${name}.${part}`] as Float32Array; // a block of this network
  const [scale, shift, mean, variance] = [of("scale"), of("shift"), of("mean"), of("variance")];
  const factor = Float64Array.from(scale, (s, c) => s / Math.sqrt(variance[c]! + EPSILON)); // one per output
  return {
    filter: of("filter").map((value, i) => value * factor[i % outputs]!), // outputs vary fastest
    bias: shift.map((b, c) => b - mean[c]! * factor[c]!), // one per output
  };
}
