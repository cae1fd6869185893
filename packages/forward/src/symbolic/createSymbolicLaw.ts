import { type FeatureMatrix, type Json, type Random, type RunContext, takeRows } from "@materiome/core";
import type { TrainingSet } from "../learner/checkTraining.ts";
import { membersOf } from "../learner/checkTraining.ts";
import { type ChoiceRule, nestedChoice } from "../learner/chooseByFolds.ts";
import { optionCheck } from "../learner/classifier.ts";
import { innerFolds, rowsOutside, scatter } from "../learner/heldOutByFolds.ts";
import { createForwardModel, type ForwardModel, type HeldOut } from "../learner/regressionModel.ts";
import { checkFoldsAndLevel, createRegressor, type ForwardLearner, takeTraining } from "../learner/regressor.ts";
import { calibrate } from "../uncertainty/calibration.ts";
import { describeLaw, termTexts } from "./describeLaw.ts";
import { type ExpressionSpace, expressionSpace } from "./expressionSpace.ts";
import { type FittedForm, fitForm } from "./fitForm.ts";
import { type LawPredictor, lawPredictor } from "./lawPredictor.ts";
import { quantitiesOf, type Unitless, valuesOf } from "./quantities.ts";
import { type Complexity, searchForms } from "./searchForms.ts";
import type { SymbolicLaw } from "./symbolicLaw.ts";

export interface SymbolicLawOptions {
  /** Terms beside the constant, at most: 1, 2 or 3. @defaultValue 3 */
  readonly mostTerms?: number | undefined;
  /**
   * Most complex terms: 0, features as they are; 1, a function of a feature or one operation of two; 2, products and quotients of
   * those, and functions of sums and ratios. @defaultValue 2
   */
  readonly mostLevel?: number | undefined;
  /**
   * What a feature without a unit is. `own`: a quantity whose unit nobody wrote down; it is multiplied, divided and raised to
   * powers, but neither added to another in a term nor put into a function where that unit would matter. `number`: a plain number.
   * @defaultValue "own"
   */
  readonly unitless?: Unitless | undefined;
  /**
   * `oneStandardError`: the simplest law within one standard error of the best on the inner folds; `least`: the best.
   * @defaultValue "oneStandardError"
   */
  readonly rule?: ChoiceRule | undefined;
  /** Resamples of the rows in which the search is repeated, to see whether it finds the same law. @defaultValue 20 */
  readonly resamples?: number | undefined;
  /** Inner folds; fewer where there are fewer rows or groups. @defaultValue 5 */
  readonly folds?: number | undefined;
  /** Probability of the intervals. @defaultValue 0.9 */
  readonly level?: number | undefined;
}

const WHO = "symbolic law";

/**
 * A law in one line, c₀ + c₁ φ₁ + … with up to three terms φ made of the features: their powers (½, 1, 2, 3 and the inverse ones),
 * sums and differences, products, quotients, logarithms, exponentials, and exp(±Q / R T) of temperatures. A readable rival
 * of other learners: `symbolicLawOf(model.report).text`.
 *
 * Units decide what can be written: only quantities of one kind are added, functions take plain numbers, °C counts in kelvin.
 * The logarithm of a quantity, which moves only the constant when its unit changes, is a term by itself at most. So the law is the same
 * in any units. Candidates are built by complexity, screened by correlation with the target and with what smaller laws leave,
 * and tried in all subsets (SISSO). How many terms of what complexity is chosen by inner folds of whole groups; held-out
 * rows are predicted by the law that the other folds give, so the intervals know what the search costs.
 *
 * Roots, logarithms and quotients are taken only of quantities, and sums of them, that are above 0 in all training rows, by a
 * hundredth of their range. A new row where one is not is refused. Refuses missing values and weights.
 *
 * @throws DomainError for options outside their range, missing inputs, and rows to predict where the law does not hold; `fit`
 * throws DataError for fewer than 3 rows or groups
 * @see Ouyang et al., Phys. Rev. Mater. 2, 083802 (2018), doi:10.1103/PhysRevMaterials.2.083802; one standard error: Breiman
 * et al., Classification and Regression Trees (1984), section 3.4.3
 * @example
 * const model = await createSymbolicLaw().fit(x, y, { random: createRandom(1) });
 * console.log(symbolicLawOf(model.report)?.text); // "72 MPa + 620 MPa·µm^½ / √d"
 */
export function createSymbolicLaw(options: SymbolicLawOptions = {}): ForwardLearner {
  const {
    mostTerms = 3,
    mostLevel = 2,
    unitless = "own",
    rule = "oneStandardError",
    resamples = 20,
    folds = 5,
    level = 0.9,
  } = options;
  const check = optionCheck("createSymbolicLaw");
  check("mostTerms", mostTerms, [1, 2, 3].includes(mostTerms), "1, 2 or 3");
  check("mostLevel", mostLevel, [0, 1, 2].includes(mostLevel), "0, 1 or 2");
  check("unitless", unitless, unitless === "own" || unitless === "number", '"own" or "number"');
  check("rule", rule, rule === "least" || rule === "oneStandardError", '"least" or "oneStandardError"');
  check("resamples", resamples, Number.isInteger(resamples) && resamples >= 0, "a whole number of at least 0");
  checkFoldsAndLevel(check, folds, level);
  return createRegressor({
    name: WHO,
    type: "materiome/symbolic-law-learner",
    module: import.meta.url,
    settings: { mostTerms, mostLevel, unitless, rule, resamples, folds, level },
    fit: fitLaws,
  });
}

type Settings = Readonly<
  Record<"mostTerms" | "mostLevel" | "resamples" | "folds" | "level", number> & { unitless: Unitless; rule: ChoiceRule }
>;

/** Complexities in the order in which a simpler one is preferred. */
function complexitiesOf({ mostTerms, mostLevel }: Settings): readonly Complexity[] {
  const all: Complexity[] = [{ nTerms: 0, level: 0 }];
  for (let nTerms = 1; nTerms <= mostTerms; nTerms++) {
    for (let level = 0; level <= mostLevel; level++) all.push({ nTerms, level });
  }
  const weight = ({ nTerms, level }: Complexity): number => nTerms * 2 ** level;
  return all.sort((a, b) => weight(a) - weight(b) || a.nTerms - b.nTerms);
}

/** The best law of each complexity in some rows. */
interface Laws {
  readonly space: ExpressionSpace;
  form(complexity: number): FittedForm;
  predictor(complexity: number): LawPredictor;
}

function lawsOf(rows: TrainingSet, unitless: Unitless, complexities: readonly Complexity[]): Laws {
  const { x, y, unit } = rows;
  const quantities = quantitiesOf(x.features, unitless);
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
  const target = y.map((value) => value - mean);
  const space = expressionSpace(quantities, valuesOf(quantities, x), target);
  const forms = searchForms(space, target, complexities);
  const fitted = new Map<string, FittedForm>();
  const form = (c: number): FittedForm => {
    const terms = forms[c] ?? [];
    const key = terms.map((term) => term.key).join(" + ");
    const known = fitted.get(key) ?? fitForm(space, terms, x, y, unit);
    fitted.set(key, known);
    return known;
  };
  return { space, form, predictor: (c) => lawPredictor(form(c)) };
}

async function fitLaws(settings: Settings, rows: TrainingSet, run: RunContext): Promise<ForwardModel> {
  const { x, y } = rows;
  const complexities = complexitiesOf(settings);
  const folds = innerFolds(rows, settings.folds, run.random.fork("inner split"));
  const heldOut: HeldOut = { mean: new Float64Array(x.rows), variance: new Float64Array(x.rows) };
  const found: (readonly string[])[] = [];
  const { candidate, fits, losses } = nestedChoice<Laws>(
    folds,
    {
      fitWithout(left) {
        const kept = rowsOutside(folds, left);
        return lawsOf(
          left.length === 0 ? rows : takeTraining(rows, kept, takeRows(x, kept)),
          settings.unitless,
          complexities,
        );
      },
      lossesOn: (laws, test) => {
        const part = takeRows(x, test);
        return complexities.map((_, c) => {
          // A law that does not hold for a held-out row has no finite loss.
          const mean = laws.predictor(c).meansWithin(part);
          return test.reduce((sum, i, r) => {
            const error = (y[i] as number) - (mean[r] as number); // one per row
            return sum + (Number.isNaN(error) ? Number.POSITIVE_INFINITY : error * error);
          }, 0);
        });
      },
      keep: (laws, chosen, test) => {
        const predictor = laws.predictor(chosen);
        scatter({ ...predictor, estimate: predictor.estimateWithin }, x, test, heldOut);
        found.push(termTexts(laws.space, laws.form(chosen)));
      },
    },
    { name: WHO, nCandidates: complexities.length, rule: settings.rule, signal: run.signal },
  );
  const form = fits.form(candidate);
  const law: SymbolicLaw = {
    ...describeLaw(fits.space, form, rows.unit),
    ...heldOutErrors(y, heldOut),
    stability: await stabilityOf(settings, rows, termTexts(fits.space, form), found, complexities[candidate], run),
    path: complexities.map(({ nTerms, level }, c) => ({
      nTerms,
      level,
      terms: termTexts(fits.space, fits.form(c)),
      rmse: Number.isFinite(losses[c]) ? Math.sqrt(losses[c] as number) : null,
      isChosen: c === candidate,
    })),
  };
  return createForwardModel({
    predictor: fits.predictor(candidate),
    features: x.features,
    unit: rows.unit,
    level: settings.level,
    calibration: calibrate(y, heldOut.mean, heldOut.variance),
    heldOut,
    report: { law: law as unknown as Json },
  });
}

/** Errors of held-out rows; those of their mean are of the mean of all rows. */
function heldOutErrors(y: Float64Array, { mean }: HeldOut): Pick<SymbolicLaw, "rmse" | "constantRmse" | "outside"> {
  const centre = y.reduce((sum, value) => sum + value, 0) / y.length;
  let [law, constant, n] = [0, 0, 0];
  for (const [i, value] of y.entries()) {
    if (Number.isNaN(mean[i])) continue;
    n++;
    law += (value - (mean[i] as number)) ** 2; // one per row
    constant += (value - centre) ** 2;
  }
  return { rmse: Math.sqrt(law / n), constantRmse: Math.sqrt(constant / n), outside: y.length - n };
}

/** Whether folds and resamples give the same law. */
async function stabilityOf(
  settings: Settings,
  rows: TrainingSet,
  own: readonly string[],
  ofFolds: readonly (readonly string[])[],
  complexity: Complexity | undefined,
  run: RunContext,
): Promise<SymbolicLaw["stability"]> {
  const random = run.random.fork("resamples");
  const laws = new Map<string, { readonly terms: readonly string[]; count: number }>();
  for (let k = 0; k < settings.resamples; k++) {
    run.signal?.throwIfAborted();
    const kept = resample(rows, random.fork(k));
    const part = lawsOf(takeTraining(rows, kept, takeRows(rows.x, kept) as FeatureMatrix), settings.unitless, [
      complexity as Complexity, // the one chosen
    ]);
    const terms = termTexts(part.space, part.form(0));
    const law = laws.get(terms.join(" + ")) ?? { terms, count: 0 };
    law.count++;
    laws.set(terms.join(" + "), law);
  }
  const key = own.join(" + ");
  const all = [...laws.values()];
  return {
    folds: { same: ofFolds.filter((terms) => terms.join(" + ") === key).length, of: ofFolds.length },
    resamples: { same: laws.get(key)?.count ?? 0, of: settings.resamples },
    terms: own.map((term) => ({
      term,
      share: all.reduce((sum, { terms, count }) => sum + (terms.includes(term) ? count : 0), 0) / settings.resamples,
    })),
    others: all
      .filter(({ terms }) => terms.join(" + ") !== key)
      .sort((a, b) => b.count - a.count)
      .slice(0, 5)
      .map(({ terms, count }) => ({ terms, count })),
  };
}

/** As many groups as there are, drawn with replacement, with all their rows. */
function resample(rows: TrainingSet, random: Random): Int32Array {
  const members = membersOf(rows);
  return Int32Array.from(members.flatMap(() => members[random.int(members.length)] as number[]));
}
