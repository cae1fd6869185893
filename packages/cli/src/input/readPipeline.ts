import { FormatError, isMateriomeError } from "@materiome/core";
import {
  type CategoryEncoding,
  type FeatureStep,
  type NamedExpressions,
  readFeatureSteps,
} from "@materiome/core/features";
import { readJsonFile } from "./readJsonFile.ts";

/** What a file given to `--steps` holds. */
export interface PipelineFile {
  readonly steps: readonly FeatureStep[];
  readonly expressions: NamedExpressions;
  readonly encodings: { readonly [column: string]: CategoryEncoding };
}

const EMPTY: PipelineFile = { steps: [], expressions: {}, encodings: {} };
const KEYS = ["steps", "expressions", "encodings"];

/**
 * Reads `--steps FILE`: a list of steps, or `{ "expressions": { name: text }, "encodings": { column: order }, "steps": [] }`.
 *
 * @throws FormatError naming the file and the entry
 */
export async function readPipeline(path: string | undefined): Promise<PipelineFile> {
  if (path === undefined) return EMPTY;
  const data = await readJsonFile(path);
  const refuse = (what: string, cause?: unknown): never => {
    throw new FormatError(what, { location: { file: path }, cause });
  };
  const stepsOf = (list: unknown): FeatureStep[] => {
    try {
      return readFeatureSteps(list);
    } catch (cause) {
      if (!isMateriomeError(cause)) throw cause;
      return refuse(cause.message, cause);
    }
  };
  if (Array.isArray(data)) return { ...EMPTY, steps: stepsOf(data) };
  if (typeof data !== "object" || data === null) return refuse('expected a list of steps, or { "steps": [ … ] }');
  const file = data as Record<string, unknown>;
  const odd = Object.keys(file).find((key) => !KEYS.includes(key));
  if (odd !== undefined) refuse(`"${odd}" is unknown; expected ${KEYS.join(", ")}`);
  const { steps = [], expressions = {}, encodings = {} } = file;
  if (!isRecord(expressions) || !Object.values(expressions).every(isExpression)) {
    refuse('"expressions" must be { name: text } or { name: { "expression": text, "unit": text } }');
  }
  if (!isRecord(encodings) || !Object.values(encodings).every(isEncoding)) {
    refuse('"encodings" must be { column: "one-hot", "frequency", or the labels in their order }');
  }
  return {
    steps: stepsOf(steps),
    expressions: expressions as NamedExpressions,
    encodings: encodings as PipelineFile["encodings"],
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isExpression(value: unknown): boolean {
  if (typeof value === "string") return true;
  if (!isRecord(value) || typeof value["expression"] !== "string") return false;
  const { unit, outside } = value;
  const isUnit = unit === undefined || typeof unit === "string";
  return isUnit && (outside === undefined || outside === "error" || outside === "missing");
}

function isEncoding(value: unknown): boolean {
  const isOrder = Array.isArray(value) && value.every((label) => typeof label === "string");
  return isOrder || value === "one-hot" || value === "frequency";
}
