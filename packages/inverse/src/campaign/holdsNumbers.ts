import type { FixedInput } from "../space/searchSpace.ts";
import { isNumeric, type Variable } from "../space/variable.ts";

/** True if the settings of a variable or given input are numbers, not texts. */
export function holdsNumbers(input: Variable | FixedInput): boolean {
  return "value" in input ? input.columnKind === "number" : isNumeric(input);
}
