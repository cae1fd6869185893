import { StoredReader } from "../json/stored.ts";
import type { Json } from "../learner/portable.ts";
import { COLUMN_ROLES, type ColumnRole } from "../table/column.ts";
import { isCompositionKind } from "../table/compositionOfText.ts";
import type { EncodedInput, FormulaFeatures, TableEncoderOptions } from "./encodedInput.ts";

const read = new StoredReader("readTableEncoder");

/**
 * Checks the stored form of a table encoder. Version 1 knew `fractions` and `magpie` only, and gave an alloy of element
 * columns its Magpie statistics whatever `features` said.
 */
export function readTableEncoderState(
  data: unknown,
  type: string,
): { readonly inputs: readonly EncodedInput[]; readonly options: TableEncoderOptions } {
  const { version, params, state } = read.header(data, type, [1, 2]);
  const options = {
    features: readFormulaFeatures(params["features"], "params.features"),
    magpieImpute: read.oneOf(params["magpieImpute"], ["none", "mean"] as const, "params.magpieImpute"),
    unknownCategory: read.oneOf(
      params["unknownCategory"],
      ["error", "missing", "other"] as const,
      "params.unknownCategory",
    ),
  };
  const stored = params["elementColumns"];
  const inputs = readEncodedInputs(state["inputs"]);
  if (stored === undefined) return { inputs, options };
  const elements = read.record(stored, "elementColumns");
  const elementFeatures = version === 1 ? ["magpie"] : elements["features"];
  const balance = read.optionalText(elements["balance"], "elementColumns.balance");
  // Before the rule was stored, amounts without a balance element were scaled to 1.
  const rule = elements["normalise"] ?? (balance === undefined ? "to1" : "balance");
  const elementColumns = {
    balance,
    normalise: read.oneOf(rule, ["none", "to1", "balance"] as const, "elementColumns.normalise"),
    tolerance:
      elements["tolerance"] === undefined ? undefined : read.number(elements["tolerance"], "elementColumns.tolerance"),
    unit: read.optionalText(elements["unit"], "elementColumns.unit"),
    features: elementFeatures === null ? undefined : readFormulaFeatures(elementFeatures, "elementColumns.features"),
  };
  return { inputs, options: { ...options, elementColumns } };
}

export function readEncodedInputs(data: unknown): EncodedInput[] {
  return read.list(data, "state.inputs").map(readInput);
}

function readFormulaFeatures(data: unknown, what: string): FormulaFeatures[] {
  return read.list(data, what).map((entry) => {
    if (typeof entry === "string") return entry;
    const { name, options } = read.record(entry, what);
    const own = options === null ? undefined : (read.record(options, what) as { readonly [key: string]: Json });
    return { name: read.text(name, what), options: own };
  });
}

function readInput(data: unknown): EncodedInput {
  const input = read.record(data, "an input");
  const name = read.text(input["name"], "name of an input");
  const unit = read.text(input["unit"], `unit of "${name}"`);
  const header = read.optionalText(input["header"], `header of "${name}"`);
  const role: ColumnRole = read.oneOf(input["role"], COLUMN_ROLES, `role of "${name}"`);
  const info = { name, unit, role, ...(header === undefined ? {} : { header }) };
  const kind = read.oneOf(input["kind"], ["number", "category", "formula", "grade"] as const, `kind of "${name}"`);
  if (isCompositionKind(kind))
    return { ...info, kind, elements: read.texts(input["elements"], `elements of "${name}"`) };
  if (kind === "number") return { ...info, kind };
  const labels = read.texts(input["labels"], `labels of "${name}"`);
  if (input["encoding"] === undefined) return { ...info, kind, labels };
  const encoding = read.oneOf(input["encoding"], ["one-hot", "ordinal", "frequency"] as const, `encoding of "${name}"`);
  if (encoding !== "frequency") return { ...info, kind, labels, encoding };
  const frequencies = read
    .list(input["frequencies"], `frequencies of "${name}"`)
    .map((share) => read.number(share, `a frequency of "${name}"`));
  return { ...info, kind, labels, encoding, frequencies };
}
