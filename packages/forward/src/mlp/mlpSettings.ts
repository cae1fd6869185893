import type { CheckOption } from "../learner/classifier.ts";
import { checkFoldsAndLevel } from "../learner/regressor.ts";
import type { Activation } from "./denseNet.ts";
import type { FitSettings } from "./fitNets.ts";
import type { NetLoss } from "./trainingLoop.ts";
import type { NetSettings } from "./trainNet.ts";

/** How a dense net is built and trained. */
export interface NetOptions {
  /** Widths of the hidden layers. @defaultValue [128, 128] */
  readonly hidden?: readonly number[] | undefined;
  /** `silu` is smooth, `relu` makes piecewise linear functions. @defaultValue "silu" */
  readonly activation?: Activation | undefined;
  /** Most passes over the rows; the rate has fallen to 0 after them. @defaultValue 100 */
  readonly epochs?: number | undefined;
  /**
   * Epochs without a better loss on the rows that say when to stop, after which no more are run: less time, at the risk of stopping by
   * chance while the rate is large. @defaultValue all epochs are run
   */
  readonly patience?: number | undefined;
  /** Largest step of Adam. @defaultValue 0.003 */
  readonly learningRate?: number | undefined;
  /** Decoupled from the gradient: each step shrinks weights by rate · decay. @defaultValue 0.3 */
  readonly weightDecay?: number | undefined;
  /** Rows a step; `auto`: a twentieth of the rows, a power of two from 16 to 128. @defaultValue "auto" */
  readonly batchSize?: number | "auto" | undefined;
  /** Share of the activations that are dropped while training. @defaultValue 0 */
  readonly dropout?: number | undefined;
  /**
   * Share of the rows (whole groups) that a net does not learn from but that say the weights of which epoch are kept; fewer than 30 rows
   * would tell chance from skill badly and are learnt from. @defaultValue 0.1
   */
  readonly stopShare?: number | undefined;
  /** Parts of the rows (whole groups), each predicted by nets that have not seen it. @defaultValue 5 */
  readonly folds?: number | undefined;
}

/** What nets of numbers take besides. */
export interface NetRegressionOptions extends NetOptions {
  /**
   * `constant`: a net predicts means, by squared errors. `heteroscedastic`: also a variance of its own for each row, by β-NLL after
   * a quarter of the epochs. @defaultValue "constant"
   */
  readonly noise?: "constant" | "heteroscedastic" | undefined;
  /**
   * `squared`: means. `absolute`: medians, which outliers and a value that many rows share (the gap 0 of metals) move less; variances are
   * then those of Laplace distributions. @defaultValue "squared"
   */
  readonly loss?: NetLoss | undefined;
  /** Of β-NLL, 0 … 1: how much errors count where the variance is large. @defaultValue 0.5 */
  readonly beta?: number | undefined;
  /** Probability of the intervals. @defaultValue 0.9 */
  readonly level?: number | undefined;
}

/** Options, resolved. */
export type MlpSettings = NetSettings & FitSettings;

export function resolveNet(check: CheckOption, options: NetRegressionOptions): MlpSettings {
  const { hidden = [128, 128], activation = "silu", epochs = 100, learningRate = 0.003 } = options;
  const {
    patience = epochs,
    weightDecay = 0.3,
    batchSize = "auto",
    dropout = 0,
    noise = "constant",
    loss = "squared",
    beta = 0.5,
  } = options;
  const { stopShare = 0.1, folds = 5, level = 0.9 } = options;
  const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 1;
  const areWidths = Array.isArray(hidden) && hidden.every((width) => isCount(width) && width <= 4096);
  check("hidden", hidden, areWidths, "a list of whole numbers from 1 to 4096");
  check("activation", activation, activation === "silu" || activation === "relu", '"silu" or "relu"');
  check("epochs", epochs, isCount(epochs), "a whole number of at least 1");
  check("patience", patience, isCount(patience), "a whole number of at least 1");
  check("learningRate", learningRate, learningRate > 0 && Number.isFinite(learningRate), "a number above 0");
  check("weightDecay", weightDecay, weightDecay >= 0 && Number.isFinite(weightDecay), "a number of at least 0");
  check("batchSize", batchSize, batchSize === "auto" || isCount(batchSize), '"auto" or a whole number of at least 1');
  check("dropout", dropout, dropout >= 0 && dropout < 1, "at least 0 and below 1");
  check("noise", noise, noise === "constant" || noise === "heteroscedastic", '"constant" or "heteroscedastic"');
  check("loss", loss, loss === "squared" || loss === "absolute", '"squared" or "absolute"');
  check("beta", beta, beta >= 0 && beta <= 1, "from 0 to 1");
  check("stopShare", stopShare, stopShare >= 0 && stopShare < 0.5, "at least 0 and below 0.5");
  checkFoldsAndLevel(check, folds, level);
  return {
    ...{ hidden: [...hidden], activation, epochs, patience, learningRate, weightDecay, batchSize, dropout },
    ...{ noise, loss, beta, stopShare, folds, level },
  };
}
