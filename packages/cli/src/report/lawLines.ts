import { type SymbolicLaw, symbolicLawOf, type TrainedPropertyModel } from "@materiome/forward";
import { displayUnit } from "../terminal/displayUnit.ts";
import { figures, withError } from "../terminal/figures.ts";

/** A law that was found for a target, as the model itself or beside it. */
export interface FoundLaw {
  readonly target: string;
  /** `Yield strength = 72 MPa + …` */
  readonly equation: string;
  /** What is to be said of it, a sentence each. */
  readonly notes: readonly string[];
}

/** The laws of a training: its own models' and its rivals'. */
export function foundLaws({ metrics, reports, rivals }: TrainedPropertyModel): readonly FoundLaw[] {
  const own = metrics.targets.map(({ name, unit }, t) => ({ target: name, unit, report: reports[t] ?? null }));
  const others = rivals.map(({ target, metrics: { unit }, report }) => ({ target, unit, report }));
  return [...own, ...others].flatMap(({ target, unit, report }) => {
    const law = symbolicLawOf(report);
    return law === undefined
      ? []
      : [{ target, equation: `${target} = ${law.text}`, notes: notesOf(law, displayUnit(unit)) }];
  });
}

function quantity(value: number, unit: string): string {
  return `${figures(Number(value.toPrecision(3)))} ${unit}`.trim();
}

function notesOf(law: SymbolicLaw, unit: string): string[] {
  const { folds, resamples, others } = law.stability;
  const constants = law.constants.map(({ name, value, standardError, unit: own }) =>
    `${name} = ${withError(value, standardError)} ${displayUnit(own)}`.trim(),
  );
  const [first] = others;
  return [
    `Constants with standard errors, for the form as given: ${constants.join(", ")}.`,
    law.terms.length === 0
      ? "No law is clearly better than the mean."
      : `RMSE on inner folds ${quantity(law.rmse, unit)}, of the mean ${quantity(law.constantRmse, unit)}.`,
    `The same law in ${folds.same} of ${folds.of} folds and in ${resamples.same} of ${resamples.of} resamples${
      first === undefined ? "" : `; instead, ${first.count} times, terms ${first.terms.join(" and ") || "none"}`
    }.`,
  ];
}
