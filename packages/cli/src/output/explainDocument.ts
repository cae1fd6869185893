import type { Table } from "@materiome/core";
import type { ColumnEffect, ErrorIncrease, Explanation } from "@materiome/forward";
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

interface EffectCurve {
  readonly grid: readonly number[];
  readonly effect: readonly number[];
  readonly standardError: readonly number[];
  readonly rows: readonly number[];
}

/** `explain.json`: numbers in the unit of the target, settings in the units of the columns; null is missing. */
export interface ExplainDocument {
  readonly target: { readonly name: string; readonly unit: string };
  /** What is predicted while nothing is known; contributions of a row add up from here to its prediction. */
  readonly base: number;
  /** Whether contributions are exact, or sampled with standard errors. */
  readonly contributionsAre: "exact" | "sampled";
  readonly background: { readonly rows: number; readonly of: number };
  /** Falling by the mean absolute contribution. */
  readonly columns: readonly (PartsOfColumn & {
    readonly name: string;
    readonly unit: string;
    readonly meanAbsolute: number;
  })[];
  readonly rows: readonly (RowParts & {
    /** Row of the file, the header being row 1. */
    readonly row: number;
    readonly predicted: number;
    readonly lower: number | null;
    readonly upper: number | null;
    readonly measured: number | null;
    readonly contributions: ByColumn;
    readonly standardErrors?: ByColumn;
    /** Amount, and what it changes against the median amount, the others scaled. */
    readonly elements?: RowElements<{ readonly change: number }>;
  })[];
  /** Of columns of formulas and grades: their elements, falling by the mean absolute change. */
  readonly elements: readonly {
    readonly column: string;
    readonly elements: readonly (ElementPart & {
      /** Null where no row is of several elements. */
      readonly meanAbsoluteChange: number | null;
      readonly accumulatedLocalEffect?: EffectCurve;
      readonly partialDependence?: { readonly grid: readonly number[]; readonly mean: readonly number[] };
    })[];
  }[];
  readonly permutationImportance:
    | {
        readonly rows: number;
        readonly mae: number;
        readonly rmse: number;
        readonly groups: readonly (ErrorIncrease & { readonly columns: readonly string[] })[];
      }
    | { readonly missing: string };
  readonly effects: readonly {
    readonly column: string;
    readonly unit: string;
    readonly accumulatedLocalEffect: EffectCurve;
    readonly partialDependence: { readonly grid: readonly number[]; readonly mean: readonly number[] };
  }[];
  readonly interactions: readonly InteractionPart[];
  readonly correlatedColumns: readonly (readonly string[])[];
}

export function explainDocument(explained: Explanation, table: Table, targetIndex: number): ExplainDocument {
  const { inputs, values, standardError, prediction, target, importance, noImportance } = explained;
  const { lower, upper, mean, domain } = prediction;
  const ofTarget = (data: Float64Array | undefined, i: number): number | null =>
    data?.[i * mean.columns + targetIndex] ?? null;
  return {
    target,
    base: explained.base,
    contributionsAre: standardError === undefined ? "exact" : "sampled",
    background: { rows: explained.nBackground, of: explained.nTraining },
    columns: inputs
      .map(({ name, unit }, c) => ({
        ...{ name, unit, meanAbsolute: explained.meanAbsolute[c] ?? 0 },
        ...partsOf(explained.parts, name),
      }))
      .sort((a, b) => b.meanAbsolute - a.meanAbsolute),
    rows: Array.from(explained.predicted, (predicted, i) => ({
      row: table.rowNumber(i),
      predicted,
      lower: ofTarget(lower?.data, i),
      upper: ofTarget(upper?.data, i),
      measured: orNull(explained.measured[i]),
      ...rowParts(inputs, domain, i),
      contributions: byColumn(inputs, values.data, i),
      ...(standardError === undefined ? {} : { standardErrors: byColumn(inputs, standardError.data, i) }),
      ...rowElements(explained.elements, i, ({ changes }) => {
        const change = orNull(changes[i]);
        return change === null ? undefined : { change };
      }),
    })),
    elements: explained.elements.map(({ input: column, elements }) => ({
      column,
      elements: elements.map((effect) => ({
        ...elementPart(effect),
        meanAbsoluteChange: orNull(effect.meanAbsolute),
        ...(effect.curves === undefined ? {} : curvesOf(effect.curves)),
      })),
    })),
    permutationImportance:
      importance === undefined
        ? { missing: noImportance ?? "" }
        : {
            rows: importance.nRows,
            mae: importance.mae,
            rmse: importance.rmse,
            groups: importance.groups.map(({ inputs: columns, ...increase }) => ({ columns, ...increase })),
          },
    effects: explained.effects.map(({ local, partial }) => ({
      column: local.input,
      unit: inputs.find((input) => input.name === local.input)?.unit ?? "",
      ...curvesOf({ local, partial }),
    })),
    interactions: interactionParts(explained.interactions),
    correlatedColumns: explained.correlated,
  };
}

function curvesOf({ local, partial }: ColumnEffect): {
  readonly accumulatedLocalEffect: EffectCurve;
  readonly partialDependence: { readonly grid: readonly number[]; readonly mean: readonly number[] };
} {
  return {
    accumulatedLocalEffect: {
      grid: Array.from(local.grid),
      effect: Array.from(local.effect),
      standardError: Array.from(local.standardError),
      rows: Array.from(local.counts),
    },
    partialDependence: { grid: Array.from(partial.grid), mean: Array.from(partial.mean) },
  };
}
