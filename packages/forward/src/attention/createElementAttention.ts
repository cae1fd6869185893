import type { FeatureMatrix, LearnerCapability, RunContext, Targets } from "@materiome/core";
import { isElement } from "@materiome/core/composition";
import { checkTraining } from "../learner/checkTraining.ts";
import { optionCheck } from "../learner/classifier.ts";
import type { ForwardModel } from "../learner/regressionModel.ts";
import type { ForwardLearner } from "../learner/regressor.ts";
import { storedSettings } from "../learner/storedSettings.ts";
import { resolveMembers } from "../mlp/createMlpEnsemble.ts";
import { fitNets } from "../mlp/fitNets.ts";
import { type NetRegressionOptions, resolveNet } from "../mlp/mlpSettings.ts";
import { findAmounts } from "./amountColumns.ts";
import { SET_NETS } from "./setNets.ts";

export interface ElementAttentionOptions
  extends Omit<NetRegressionOptions, "hidden" | "activation" | "dropout" | "noise" | "loss"> {
  /** Values of each element's token, at most 64. @defaultValue 32 */
  readonly width?: number | undefined;
  /** Parts of the attention, of which `width` is a multiple. @defaultValue 4 */
  readonly heads?: number | undefined;
  /** Layers of attention. @defaultValue 2 */
  readonly layers?: number | undefined;
  /** Width of the layer behind the pooling, where other features join. @defaultValue 128 */
  readonly hidden?: number | undefined;
  /** Largest step of Adam. @defaultValue 0.002 */
  readonly learningRate?: number | undefined;
  /** Decoupled from the gradient: each step shrinks weights by rate · decay. @defaultValue 0.1 */
  readonly weightDecay?: number | undefined;
  /** As of `createMlpEnsemble`; means are better without a variance for each row. @defaultValue "constant" */
  readonly noise?: NetRegressionOptions["noise"];
  /** As of `createMlpEnsemble`. @defaultValue "squared" */
  readonly loss?: NetRegressionOptions["loss"];
  /** Nets, at least as many as folds. @defaultValue 5 */
  readonly nMembers?: number | undefined;
  /**
   * Element of each feature that is the amount of one, by the feature's name, as fractions of the whole. @defaultValue the features in a unit of
   * amounts, such as the fractions of a formula or `Cr` in wt%
   */
  readonly amounts?: { readonly [feature: string]: string } | undefined;
}

const WHO = "element attention";

/**
 * Attention over the elements of a composition, after CrabNet: each element is a token that starts from its properties and its fraction, tokens
 * look at each other in some layers, and their mean by fractions gives the target, and a variance for each row on request. Other features, such as temperatures, join
 * behind that mean. Small: some 30 000 weights, in double precision, without TensorFlow.js.
 *
 * Against the published net: the start is 27 properties of the elements of this package in place of vectors learnt from texts, and each
 * element's offset from there is learnt; pooling is by fractions; layers are normalised before, not behind. What amounts leave to the
 * whole (a balance that is no column, elements not met in training) is one more token. Amounts are taken in the unit in which they stand,
 * atoms or mass, and are not converted.
 *
 * The mean of several nets, each without one fold of the rows (whole groups) in turn, stopped and calibrated as `createMlpEnsemble` is. One
 * target, takes weights, refuses missing values.
 *
 * @throws DomainError for options outside their range; `fit` throws DataError where no feature is the amount of an element, amounts stand in
 * several units, or one below 0; else as that of `createMlp`
 * @see Wang, Kauwe, Murdock & Sparks, npj Comput. Mater. 7, 77 (2021), doi:10.1038/s41524-021-00545-1 (CrabNet); Xiong et al., ICML (2020),
 * arXiv:2002.04745 (normalised before)
 * @example
 * const model = await createElementAttention({ loss: "absolute" }).fit(x, y, { random: createRandom(1) }); // x: "Fe fraction", …
 * const { mean, std } = await model.predict(x);
 */
export function createElementAttention(options: ElementAttentionOptions = {}): ForwardLearner {
  const check = optionCheck("createElementAttention");
  const { width = 32, heads = 4, layers = 2, hidden = 128, amounts, nMembers: wanted = 5, ...rest } = options;
  const { learningRate = 0.002, weightDecay = 0.1, noise = "constant", epochs = 60 } = options;
  const isCount = (value: unknown, most: number): boolean =>
    Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most;
  check("heads", heads, isCount(heads, 64), "a whole number from 1 to 64");
  check("width", width, isCount(width, 64) && width % heads === 0, `a multiple of the ${heads} heads, at most 64`);
  check("layers", layers, isCount(layers, 8), "a whole number from 1 to 8");
  check("hidden", hidden, isCount(hidden, 4096), "a whole number from 1 to 4096");
  const areNamed = amounts === undefined || Object.values(amounts).every((symbol) => isElement(symbol));
  check("amounts", JSON.stringify(amounts), areNamed, "the symbol of an element for each feature");
  const {
    hidden: _h,
    activation: _a,
    dropout: _d,
    ...training
  } = resolveNet(check, {
    ...rest,
    ...{ learningRate, weightDecay, noise, epochs },
  });
  const nMembers = resolveMembers(check, wanted, training.folds);
  const settings = { width, heads, layers, hidden, ...training };
  const supports: ReadonlySet<LearnerCapability> = new Set(["weights"]);
  return {
    supports,
    module: import.meta.url,
    async fit(x: FeatureMatrix, y: Targets, run: RunContext): Promise<ForwardModel> {
      run.signal?.throwIfAborted();
      const rows = checkTraining(WHO, x, y, false);
      const own = { ...settings, amounts: findAmounts(WHO, x.features, amounts) };
      const target = { values: rows.y, units: [rows.unit] };
      const [model] = await fitNets(WHO, rows, target, own, nMembers, run, SET_NETS);
      return model as ForwardModel; // one target
    },
    toJSON: () => ({
      type: "materiome/element-attention-learner",
      version: 1,
      params: storedSettings({ ...settings, nMembers, amounts }),
      state: null,
    }),
  };
}
