import { FormatError, IncompatibleError } from "../errors/errors.ts";
import { COLUMN_ROLES, type ColumnRole } from "../table/column.ts";
import type { EncodedInput, TableEncoderOptions } from "./encodedInput.ts";

/** Checks the stored form of a table encoder. */
export function readTableEncoderState(
  data: unknown,
  type: string,
  version: number,
): { readonly inputs: readonly EncodedInput[]; readonly options: TableEncoderOptions } {
  const stored = record(data, "the encoder");
  if (stored["type"] !== type) {
    throw new FormatError(`readTableEncoder: expected "${type}", got ${JSON.stringify(stored["type"])}`);
  }
  if (stored["version"] !== version) {
    throw new IncompatibleError(
      `readTableEncoder: version ${JSON.stringify(stored["version"])} of "${type}" cannot be read, this release knows ${version}; train again or use the release that wrote it`,
    );
  }
  const params = record(stored["params"], "params");
  const inputs = record(stored["state"], "state")["inputs"];
  if (!Array.isArray(inputs)) throw new FormatError("readTableEncoder: state.inputs is missing");
  const features = texts(params["features"], "params.features");
  const options = {
    features: features.map((feature) => oneOf(feature, ["fractions", "magpie"] as const, "params.features")),
    magpieImpute: oneOf(params["magpieImpute"], ["none", "mean"] as const, "params.magpieImpute"),
    unknownCategory: oneOf(params["unknownCategory"], ["error", "missing", "other"] as const, "params.unknownCategory"),
  };
  const elements =
    params["elementColumns"] === undefined ? undefined : record(params["elementColumns"], "elementColumns");
  const elementColumns = elements && {
    balance: optionalText(elements["balance"], "elementColumns.balance"),
    unit: optionalText(elements["unit"], "elementColumns.unit"),
  };
  return { inputs: (inputs as unknown[]).map(readInput), options: { ...options, elementColumns } };
}

function readInput(data: unknown): EncodedInput {
  const input = record(data, "an input");
  const { name, unit, header } = input;
  if (typeof name !== "string" || typeof unit !== "string")
    throw new FormatError("readTableEncoder: an input needs name and unit");
  const role: ColumnRole = oneOf(input["role"], COLUMN_ROLES, `role of "${name}"`);
  const info = { name, unit, role, ...(typeof header === "string" ? { header } : {}) };
  const kind = oneOf(input["kind"], ["number", "category", "formula"] as const, `kind of "${name}"`);
  if (kind === "category") return { ...info, kind, labels: texts(input["labels"], `labels of "${name}"`) };
  if (kind === "formula") return { ...info, kind, elements: texts(input["elements"], `elements of "${name}"`) };
  return { ...info, kind };
}

function record(data: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof data === "object" && data !== null && !Array.isArray(data)) return data as Record<string, unknown>;
  throw new FormatError(`readTableEncoder: ${what} is missing or damaged`);
}

function texts(data: unknown, what: string): string[] {
  if (Array.isArray(data) && data.every((text): text is string => typeof text === "string")) return data;
  throw new FormatError(`readTableEncoder: ${what} must be a list of texts`);
}

function oneOf<T>(value: unknown, allowed: readonly T[], what: string): T {
  if (allowed.includes(value as T)) return value as T;
  throw new FormatError(`readTableEncoder: ${what} is ${JSON.stringify(value)}, expected ${allowed.join(" or ")}`);
}

function optionalText(value: unknown, what: string): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "string") return value;
  throw new FormatError(`readTableEncoder: ${what} must be a text`);
}
