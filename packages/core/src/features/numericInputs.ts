import type { EncodedInput } from "./encodedInput.ts";

/** The inputs by which a Jacobian differentiates, in its order of columns: the numeric ones, each in its fitted unit. */
export function numericInputs(inputs: readonly EncodedInput[]): readonly EncodedInput[] {
  return inputs.filter((input) => input.kind === "number");
}
