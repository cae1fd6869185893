import { FormatError, isMateriomeError } from "../../errors/errors.ts";
import { nearestNames } from "../../text/nearestNames.ts";
import { type DropConstantOptions, dropConstant } from "./dropConstant.ts";
import { type DropCorrelatedOptions, dropCorrelated } from "./dropCorrelated.ts";
import type { FeatureStep } from "./featureStep.ts";
import { type ImputeFeaturesOptions, imputeFeatures, markMissing } from "./imputeFeatures.ts";
import { type PolynomialFeaturesOptions, polynomialFeatures } from "./polynomialFeatures.ts";
import { type PrincipalComponentsOptions, principalComponents } from "./principalComponents.ts";
import { type ScaleFeaturesOptions, scaleFeatures } from "./scaleFeatures.ts";
import { type SelectRelevantOptions, selectRelevant } from "./selectRelevant.ts";
import { type TransformFeaturesOptions, transformFeatures } from "./transformFeatures.ts";

type OptionKind = "number" | "text" | "texts" | "boolean";

interface StepEntry {
  /** One line for lists. */
  readonly description: string;
  readonly options: { readonly [name: string]: OptionKind };
  readonly create: (options: unknown) => FeatureStep;
}

const STEPS: ReadonlyMap<string, StepEntry> = new Map<string, StepEntry>([
  [
    "impute",
    {
      description: "fills missing values and marks them",
      options: { method: "text", value: "number", nNeighbours: "number" },
      create: (options) => imputeFeatures(options as ImputeFeaturesOptions),
    },
  ],
  ["mark-missing", { description: "marks missing values", options: {}, create: () => markMissing() }],
  [
    "scale",
    {
      description: "standard, robust or min-max scaling",
      options: { method: "text" },
      create: (options) => scaleFeatures(options as ScaleFeaturesOptions),
    },
  ],
  [
    "transform",
    {
      description: "log10, ln, sqrt, reciprocal or Yeo–Johnson",
      options: { transform: "text", features: "texts", keep: "boolean", outside: "text" },
      create: (options) => transformFeatures(options as TransformFeaturesOptions),
    },
  ],
  [
    "polynomial",
    {
      description: "products and powers of features",
      options: { degree: "number", interactionsOnly: "boolean", features: "texts" },
      create: (options) => polynomialFeatures(options as PolynomialFeaturesOptions),
    },
  ],
  [
    "drop-constant",
    {
      description: "drops constant and nearly constant features",
      options: { tolerance: "number", dominance: "number" },
      create: (options) => dropConstant(options as DropConstantOptions),
    },
  ],
  [
    "drop-correlated",
    {
      description: "drops features that correlate with an earlier one",
      options: { threshold: "number" },
      create: (options) => dropCorrelated(options as DropCorrelatedOptions),
    },
  ],
  [
    "select-relevant",
    {
      description: "keeps what tells most of the target and least of the others (needs a target)",
      options: { nFeatures: "number", nNeighbours: "number", maxRows: "number" },
      create: (options) => selectRelevant(options as SelectRelevantOptions),
    },
  ],
  [
    "pca",
    {
      description: "principal components in place of the features",
      options: { nComponents: "number", variance: "number", standardize: "boolean" },
      create: (options) => principalComponents(options as PrincipalComponentsOptions),
    },
  ],
]);

/** Names that {@link readFeatureSteps} knows, with a line on each and its options. */
export function featureSteps(): {
  readonly name: string;
  readonly description: string;
  readonly options: readonly string[];
}[] {
  return [...STEPS].map(([name, { description, options }]) => ({ name, description, options: Object.keys(options) }));
}

/**
 * Steps from plain data, as a person writes them in a JSON file: a list of `{ "step": name, …options }`.
 *
 * @throws FormatError naming the entry for an unknown step or option (what was likely meant), or an option of another type;
 * what the step itself refuses, with the entry named
 * @example
 * readFeatureSteps([{ step: "impute", method: "median" }, { step: "scale", method: "robust" }]);
 */
export function readFeatureSteps(data: unknown): FeatureStep[] {
  if (!Array.isArray(data)) throw new FormatError('steps: expected a list, as in [{ "step": "scale" }]');
  return (data as unknown[]).map((entry, k) => {
    const at = `step ${k + 1}`;
    if (typeof entry !== "object" || entry === null || Array.isArray(entry)) {
      throw new FormatError(`${at}: expected { "step": name, … }, found ${JSON.stringify(entry)}`);
    }
    const { step, ...options } = entry as Record<string, unknown>;
    const known = STEPS.get(typeof step === "string" ? step : "");
    if (known === undefined) throw new FormatError(`${at}: there is no step ${suggest(step, [...STEPS.keys()])}`);
    for (const [name, value] of Object.entries(options)) {
      const kind = Object.hasOwn(known.options, name) ? known.options[name] : undefined;
      if (kind === undefined) {
        throw new FormatError(`${at}: "${step}" has no option ${suggest(name, Object.keys(known.options))}`);
      }
      if (!isOfKind(value, kind)) {
        throw new FormatError(`${at}: ${name} of "${step}" is ${JSON.stringify(value)}, expected ${KINDS[kind]}`);
      }
    }
    try {
      return known.create(options);
    } catch (cause) {
      if (!isMateriomeError(cause)) throw cause;
      throw new FormatError(`${at}: ${cause.message}`, { cause });
    }
  });
}

const KINDS: Readonly<Record<OptionKind, string>> = {
  number: "a number",
  text: "a text",
  texts: "a list of texts",
  boolean: "true or false",
};

function isOfKind(value: unknown, kind: OptionKind): boolean {
  switch (kind) {
    case "number":
      return typeof value === "number";
    case "text":
      return typeof value === "string";
    case "texts":
      return Array.isArray(value) && value.every((text) => typeof text === "string");
    case "boolean":
      return typeof value === "boolean";
  }
}

function suggest(found: unknown, known: readonly string[]): string {
  const near = typeof found === "string" ? nearestNames(found, known, 1)[0] : undefined;
  const hint =
    near !== undefined ? `did you mean "${near}"?` : known.length > 0 ? `there are ${known.join(", ")}` : "it has none";
  return `${JSON.stringify(found) ?? "(none is named)"}; ${hint}`;
}
