import type { Table } from "@materiome/core";
import type { ClassColumnEffect, ClassErrorIncrease, ClassExplanation, ClassScale } from "@materiome/forward";
import {
  type ByColumn,
  byColumn,
  type ElementPart,
  elementPart,
  type InteractionPart,
  interactionParts,
  orNull,
  type PartsOfColumn,
  partsOf,
  type RowElements,
  type RowParts,
  rowElements,
  rowParts,
} from "./explainParts.ts";

type ByClass<T> = Readonly<Record<string, T>>;

/** Effect on the probability of each class. */
interface ClassCurves {
  readonly accumulatedLocalEffect: {
    readonly grid: readonly number[];
    readonly effect: ByClass<readonly number[]>;
    readonly standardError: ByClass<readonly number[]>;
    readonly rows: readonly number[];
  };
  readonly partialDependence: { readonly grid: readonly number[]; readonly mean: ByClass<readonly number[]> };
}

/** `explain.json` of a model of classes: names as in that of numbers; what is one number there is one for each class here. */
export interface ClassExplainDocument {
  readonly kind: "classification";
  readonly target: { readonly name: string; readonly unit: string };
  readonly classes: readonly string[];
  /** The class asked for; null: each row is explained by the class predicted for it. */
  readonly class: string | null;
  /** What contributions add up to: the probability, or ln of it over the geometric mean of those of the other classes. */
  readonly scale: ClassScale;
  /** What is predicted of each class while nothing is known. */
  readonly base: ByClass<number>;
  /** Part of every probability that is the share of the class among the training rows, whatever the row. */
  readonly priorShare: number;
  /** Whether contributions are exact, or sampled with standard errors. */
  readonly contributionsAre: "exact" | "sampled";
  readonly background: { readonly rows: number; readonly of: number };
  /** Falling by the mean absolute contribution to the class explained. */
  readonly columns: readonly (PartsOfColumn & {
    readonly name: string;
    readonly unit: string;
    readonly meanAbsolute: number;
    readonly meanAbsoluteByClass: ByClass<number>;
  })[];
  readonly rows: readonly (RowParts & {
    /** Row of the file, the header being row 1. */
    readonly row: number;
    /** The most probable class. */
    readonly predicted: string;
    readonly probabilities: ByClass<number>;
    readonly measured: string | null;
    /** Class that `score` and `contributions` are of: `base` of it and the contributions add up to `score`. */
    readonly explained: string;
    readonly score: number;
    readonly contributions: ByColumn;
    readonly standardErrors?: ByColumn;
    readonly scoreByClass: ByClass<number>;
    readonly contributionsByClass: ByClass<ByColumn>;
    /** Amount, and what it changes in the probability of the class explained, and of each, against the median amount, the others scaled. */
    readonly elements?: RowElements<{ readonly change: number; readonly changeByClass: ByClass<number> }>;
  })[];
  /** Of columns of formulas and grades: their elements, falling by the mean absolute change of the probability of the class explained. */
  readonly elements: readonly {
    readonly column: string;
    readonly elements: readonly (ElementPart &
      Partial<ClassCurves> & {
        /** Null where no row is of several elements. */
        readonly meanAbsoluteChange: number | null;
        readonly meanAbsoluteChangeByClass: ByClass<number | null>;
      })[];
  }[];
  readonly permutationImportance:
    | {
        readonly rows: number;
        readonly logLoss: number;
        readonly accuracy: number;
        readonly groups: readonly (ClassErrorIncrease & { readonly columns: readonly string[] })[];
      }
    | { readonly missing: string };
  /** Measured rows of classes that the model does not have, which are not among those of the importance. */
  readonly rowsOfOtherClasses: number;
  /** Of the probability of each class. */
  readonly effects: readonly (ClassCurves & { readonly column: string; readonly unit: string })[];
  readonly interactions: readonly InteractionPart[];
  readonly correlatedColumns: readonly (readonly string[])[];
}

/** @param asked - class that is explained in every row */
export function classExplainDocument(
  explained: ClassExplanation,
  table: Table,
  asked: string | undefined,
): ClassExplainDocument {
  const { inputs, values, standardError, prediction, target, importance, noImportance, classes, scores } = explained;
  const { domain, probabilities } = prediction;
  const k = classes.length;
  const byClass = <T>(of: (c: number) => T): ByClass<T> =>
    Object.fromEntries(classes.map((label, c) => [label, of(c)]));
  const scoreOf = (i: number, c: number): number => scores.data[i * k + c] ?? Number.NaN;
  const curvesOf = ({ local, partial }: ClassColumnEffect): ClassCurves => ({
    accumulatedLocalEffect: {
      grid: Array.from(local.grid),
      effect: byClass((c) => Array.from(local.classes[c]?.effect ?? [])),
      standardError: byClass((c) => Array.from(local.classes[c]?.standardError ?? [])),
      rows: Array.from(local.counts),
    },
    partialDependence: {
      grid: Array.from(partial.grid),
      mean: byClass((c) => Array.from(partial.means[c] ?? [])),
    },
  });
  const labelOf = (code: number | undefined): string => classes[code ?? -1] ?? "";
  return {
    kind: "classification",
    target,
    classes,
    class: asked ?? null,
    scale: explained.scale,
    base: byClass((c) => explained.base[c] ?? Number.NaN),
    priorShare: explained.priorShare,
    contributionsAre: standardError === undefined ? "exact" : "sampled",
    background: { rows: explained.nBackground, of: explained.nTraining },
    columns: inputs
      .map(({ name, unit }, f) => ({
        name,
        unit,
        meanAbsolute: explained.meanAbsolute[f] ?? 0,
        meanAbsoluteByClass: byClass((c) => explained.classMeanAbsolute[c]?.[f] ?? 0),
        ...partsOf(explained.parts, name),
      }))
      .sort((a, b) => b.meanAbsolute - a.meanAbsolute),
    rows: Array.from(explained.explained, (code, i) => ({
      row: table.rowNumber(i),
      predicted: labelOf(explained.predicted[i]),
      probabilities: byClass((c) => probabilities.data[i * k + c] ?? Number.NaN),
      measured: explained.measured[i] ?? null,
      ...rowParts(inputs, domain, i),
      explained: labelOf(code),
      score: scoreOf(i, code),
      contributions: byColumn(inputs, values[code]?.data, i),
      ...(standardError === undefined ? {} : { standardErrors: byColumn(inputs, standardError[code]?.data, i) }),
      scoreByClass: byClass((c) => scoreOf(i, c)),
      contributionsByClass: byClass((c) => byColumn(inputs, values[c]?.data, i)),
      ...rowElements(explained.elements, i, ({ changes }) => {
        const change = orNull(changes[code]?.[i]);
        return change === null ? undefined : { change, changeByClass: byClass((c) => changes[c]?.[i] ?? Number.NaN) };
      }),
    })),
    elements: explained.elements.map(({ input: column, elements }) => ({
      column,
      elements: elements.map((effect) => ({
        ...elementPart(effect),
        meanAbsoluteChange: orNull(effect.meanAbsolute),
        meanAbsoluteChangeByClass: byClass((c) => orNull(effect.classMeanAbsolute[c])),
        ...(effect.curves === undefined ? {} : curvesOf(effect.curves)),
      })),
    })),
    permutationImportance:
      importance === undefined
        ? { missing: noImportance ?? "" }
        : {
            rows: importance.nRows,
            logLoss: importance.logLoss,
            accuracy: importance.accuracy,
            groups: importance.groups.map(({ inputs: columns, ...increase }) => ({ columns, ...increase })),
          },
    rowsOfOtherClasses: explained.nOtherClasses,
    effects: explained.effects.map((effect) => ({
      column: effect.input,
      unit: inputs.find(({ name }) => name === effect.input)?.unit ?? "",
      ...curvesOf(effect),
    })),
    interactions: interactionParts(explained.interactions),
    correlatedColumns: explained.correlated,
  };
}
