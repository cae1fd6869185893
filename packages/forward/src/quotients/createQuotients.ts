import {
  DataError,
  DomainError,
  type FeatureMatrix,
  type RunContext,
  type Serialized,
  type Targets,
} from "@materiome/core";
import { checkTraining } from "../learner/checkTraining.ts";
import { createForwardModel, type ForwardModel } from "../learner/regressionModel.ts";
import type { ForwardLearner } from "../learner/regressor.ts";
import { calibrate } from "../uncertainty/calibration.ts";
import { whyNoQuotients } from "./amountGroups.ts";
import { chooseQuotients, sumsOfTwo } from "./chooseQuotients.ts";
import { quotientPredictor } from "./quotientPredictor.ts";
import { termFeature, withTerms } from "./terms.ts";

export interface QuotientOptions {
  /** Quotients that are added, 1 … 20; fewer where there are no more that differ. @defaultValue 3 */
  readonly nQuotients?: number | undefined;
  /** Adds the sum of every two amounts of a unit as well, so that a tree can ask for both together. @defaultValue false */
  readonly addsSums?: boolean | undefined;
}

const MOST_QUOTIENTS = 20;

/**
 * A learner that sees beside the features a few quotients of sums of them, such as water / (cement + slag): what recipes act by, and
 * what trees, which ask for one amount at a time, find only in many steps. Candidates are sums of one or two amounts over sums of one to
 * three others of the same unit (inputs of their own, at least 0, without gaps; no temperatures; the ten of largest mean of a unit);
 * those are taken whose ranks explain most of what the ranks of the features leave (`chooseQuotients`). The learner gets
 * a / (a + b) for a / b: in the same order, and without a pole. `model.report` names them.
 *
 * They are chosen by `fit` from the rows given, with their targets and without weights: inside each fold of a cross-validation around it. The held-out
 * predictions are those of the learner inside, for quotients chosen on all rows, so their errors are a little too small; `auto` and
 * `crossValidate` choose without the rows that they score.
 *
 * @throws DomainError for options outside their range; `fit` throws DataError where no unit has three such inputs, or no quotient has a value in every
 * row (in half of them for a learner that takes missing values); DomainError for a row
 * whose amounts add up to 0 where the learner takes no missing values
 * @see Pati, Rezaiifar & Krishnaprasad, Asilomar (1993), doi:10.1109/ACSSC.1993.342465 (orthogonal matching pursuit)
 * @example
 * const learner = createQuotients(createRandomForest({ splitter: "random" }));
 * const model = await learner.fit(x, y, { random: createRandom(1) });
 */
export function createQuotients(learner: ForwardLearner, options: QuotientOptions = {}): ForwardLearner {
  const { nQuotients = 3, addsSums = false } = options;
  if (!(Number.isInteger(nQuotients) && nQuotients >= 1 && nQuotients <= MOST_QUOTIENTS)) {
    throw new DomainError(
      `createQuotients: nQuotients must be a whole number of 1 … ${MOST_QUOTIENTS}, got ${nQuotients}`,
    );
  }
  const { supports } = learner;
  const allowsMissing = supports.has("missing");
  return {
    supports,
    module: import.meta.url,
    async fit(x: FeatureMatrix, y: Targets, run: RunContext): Promise<ForwardModel> {
      const rows = checkTraining("quotients", x, y, allowsMissing, {
        usesNoiseVariance: supports.has("noiseVariance"),
      });
      if (x.rows < 3) throw new DataError(`quotients: ${x.rows} rows; give 3 rows or more`);
      const reason = whyNoQuotients(x);
      if (reason !== undefined) throw new DataError(`quotients: ${reason}; use the learner without them`);
      const quotients = chooseQuotients(x, rows.y, nQuotients, allowsMissing);
      if (quotients.length === 0) {
        throw new DataError(
          `quotients: none has a value in ${allowsMissing ? "half of the rows" : "every row"}, as all amounts of a unit add up to 0 in the others; use the learner without them, or leave out such rows`,
        );
      }
      const terms = [...quotients, ...(addsSums ? sumsOfTwo(x) : [])];
      const features = [...x.features, ...terms.map((term) => termFeature(term, x.features))];
      const inner = await learner.fit({ ...withTerms(terms, x, allowsMissing), features }, y, run);
      const { heldOut, report } = inner;
      return createForwardModel({
        predictor: quotientPredictor(terms, inner.predictor),
        features: x.features,
        unit: inner.unit,
        level: inner.level,
        calibration: heldOut === undefined ? undefined : calibrate(rows.y, heldOut.mean, heldOut.variance),
        heldOut,
        report: {
          quotients: quotients.map(({ name }) => name),
          nSums: terms.length - quotients.length,
          learner: report ?? null,
        },
      });
    },
    toJSON(): Serialized {
      return {
        type: "materiome/quotients-learner",
        version: 1,
        params: { learner: { ...learner.toJSON() }, nQuotients, addsSums },
        state: null,
      };
    },
  };
}
