import { DataError } from "../../errors/errors.ts";
import { suggestionText } from "../../text/suggestionText.ts";
import { massFractions } from "../composition.ts";
import type { CompositionFeaturizer } from "../compositionFeaturizer.ts";
import type { Composition } from "../parseFormula.ts";

/** Mass percent of an element, 0 where the composition does not list it. */
export type MassPercent = (symbol: string) => number;

/** Mass percent that the way from mass to atomic fractions and back may add to a limit. */
const ROUNDING = 1e-9;

/** An empirical formula in mass percent. */
export interface MassFormula {
  readonly name: string;
  readonly unit: string;
  readonly citation: string;
  /** The formula is of alloys whose largest part by mass is one of these. */
  readonly bases: readonly string[];
  /** Lowest and highest mass percent in the source's data, for the elements it names. */
  readonly range?: Readonly<Record<string, readonly [number, number]>> | undefined;
  value(w: MassPercent): number;
}

/** A featurizer of formulas that knows on what alloys they were fitted. */
export interface RangedFeaturizer extends CompositionFeaturizer {
  /**
   * Where the composition lies outside the data that a formula was fitted to, one sentence per formula. The number is
   * computed all the same; formulas whose source gives no range never appear.
   */
  validity(composition: Composition): readonly string[];
}

export interface FormulasOptions {
  /** Names of the formulas to compute, in this order. @defaultValue all */
  readonly formulas?: readonly string[] | undefined;
}

/** Formulas of the given names, all where none are given. */
export function chosenFormulas(
  where: string,
  formulas: readonly MassFormula[],
  options: FormulasOptions,
): readonly MassFormula[] {
  if (options.formulas === undefined) return formulas;
  return options.formulas.map((name) => {
    const found = formulas.find((formula) => formula.name === name);
    if (found !== undefined) return found;
    const names = formulas.map((formula) => formula.name);
    throw new DataError(`${where}: no formula "${name}"; ${suggestionText(name, names, "there are")}`);
  });
}

/** Numbers are NaN where the base metal is another than the formula's. */
export function formulaFeaturizer(name: string, formulas: readonly MassFormula[]): RangedFeaturizer {
  return {
    name,
    features: formulas.map(({ name, unit }) => ({ name, unit })),
    citations: [...new Set(formulas.map((formula) => formula.citation))],
    featurize(composition: Composition, out: Float64Array, offset: number): void {
      const { w, base } = massPercent(composition);
      for (const [i, formula] of formulas.entries()) {
        out[offset + i] = formula.bases.includes(base) ? formula.value(w) : Number.NaN;
      }
    },
    missing(composition: Composition): readonly string[] {
      const { base } = massPercent(composition);
      const without = formulas.filter((formula) => !formula.bases.includes(base));
      if (without.length === 0) return [];
      const bases = [...new Set(without.flatMap((formula) => formula.bases))].join(" or ");
      return [
        `the largest part by mass is ${base}, the formulas are of alloys of ${bases}, so these are NaN: ${without.map((formula) => formula.name).join(", ")}`,
      ];
    },
    validity(composition: Composition): readonly string[] {
      const { w, base } = massPercent(composition);
      return formulas.flatMap((formula) => {
        if (!formula.bases.includes(base)) return [];
        const outside = Object.entries(formula.range ?? {})
          .filter(([symbol, [low, high]]) => w(symbol) < low - ROUNDING || w(symbol) > high + ROUNDING)
          .map(([symbol, [low, high]]) => `${symbol} ${Number(w(symbol).toPrecision(3))} % (${low} to ${high} %)`);
        return outside.length === 0 ? [] : [`${formula.name} was fitted elsewhere: ${outside.join(", ")}`];
      });
    },
  };
}

function massPercent(composition: Composition): { readonly w: MassPercent; readonly base: string } {
  const fractions = massFractions(composition);
  let base = "";
  let most = 0;
  for (const [symbol, fraction] of fractions) {
    if (fraction > most) {
      most = fraction;
      base = symbol;
    }
  }
  return { w: (symbol) => 100 * (fractions.get(symbol) ?? 0), base };
}
