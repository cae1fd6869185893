import { type FeatureMatrix, type Json, type RunContext, takeRows } from "@materiome/core";
import { createGradientBoostingClassifier } from "../boosting/createGradientBoostingClassifier.ts";
import type { ClassTraining } from "../learner/checkClasses.ts";
import type { ClassificationModel } from "../learner/classificationModel.ts";
import { type Classifier, createClassifier, optionCheck } from "../learner/classifier.ts";
import { innerFolds, rowsOf, rowsOutside } from "../learner/heldOutByFolds.ts";
import { createLogistic } from "../linear/createLogistic.ts";
import { createRandomForestClassifier } from "../tree/createRandomForestClassifier.ts";

export interface AutoClassifierOptions {
  /** Inner folds; fewer where there are fewer rows or groups. @defaultValue 4 */
  readonly folds?: number | undefined;
}

/** A classifier with what was tried: names with log loss and accuracy on the inner folds. */
export type ChosenClassifier = ClassificationModel & { readonly report: Json };

const WHO = "auto classifier";
/** Probabilities below this share cost no more: a forest of 300 trees cannot tell 0 from it. */
const LEAST = 1e-3;

const CANDIDATES: readonly { readonly name: string; readonly create: () => Classifier }[] = [
  // Penalties as candidates: a choice of its own inside each inner fold would cost a hundred fits.
  ...[10, 1, 0.1].map((penalty) => ({
    name: `logistic (penalty ${penalty})`,
    create: (): Classifier => createLogistic({ penalty }),
  })),
  { name: "extra-trees", create: () => createRandomForestClassifier({ nTrees: 300, splitter: "random" }) },
  { name: "forest", create: () => createRandomForestClassifier({ nTrees: 300 }) },
  {
    name: "boosting",
    create: () =>
      createGradientBoostingClassifier({
        nRounds: 150,
        learningRate: 0.06,
        maxLeaves: 8,
        minSamplesLeaf: 4,
        l2: 1,
        rowShare: 0.7,
        maxFeatures: 0.5,
      }),
  },
];
const FEWEST_TO_BOOST = 40;

/**
 * Fits what has the least log loss on inner folds of the training rows (whole groups) among logistic regression, extra trees, a random
 * forest and, from 40 rows on, boosting. A cross-validation around it stays honest, since the choice is made inside `fit`.
 *
 * `model.report` lists what was tried. Takes weights; refuses missing values.
 *
 * @throws DomainError for fewer than 2 folds
 * @example
 * const model = await createAutoClassifier().fit(x, y, { random: createRandom(1) });
 */
export function createAutoClassifier(options: AutoClassifierOptions = {}): Classifier {
  const { folds = 4 } = options;
  optionCheck("createAutoClassifier")(
    "folds",
    folds,
    Number.isInteger(folds) && folds >= 2,
    "a whole number of at least 2",
  );
  return createClassifier({
    name: WHO,
    type: "materiome/auto-classifier-learner",
    module: import.meta.url,
    settings: { folds },
    fit: fitBest,
  });
}

async function fitBest(
  { folds: most }: { readonly folds: number },
  rows: ClassTraining,
  run: RunContext,
): Promise<ChosenClassifier> {
  const folds = innerFolds(rows, most, run.random.fork("inner split"));
  const candidates = CANDIDATES.filter(({ name }) => name !== "boosting" || rows.nGroups >= FEWEST_TO_BOOST);
  const tried: { readonly name: string; readonly create: () => Classifier; logLoss: number; accuracy: number }[] = [];
  const k = rows.labels.length;
  for (const [at, { name, create }] of candidates.entries()) {
    let [loss, right, n] = [0, 0, 0];
    for (let fold = 0; fold < folds.nFolds; fold++) {
      run.signal?.throwIfAborted();
      const [train, test] = [rowsOutside(folds, [fold]), rowsOf(folds, fold)];
      if (new Set(train.map((i) => rows.codes[i] as number)).size < 2) continue; // nothing to learn there, for any candidate
      const context = { ...run, random: run.random.fork("inner").fork(name).fork(fold), onProgress: undefined };
      const { probabilities } = (
        await create().fit(takeRows(rows.x, train), takeClasses(rows, train), context)
      ).predictSync(takeRows(rows.x, test));
      for (const [r, i] of test.entries()) {
        const own = probabilities.data.subarray(r * k, (r + 1) * k);
        const code = rows.codes[i] as number; // a training row
        loss -= Math.log(Math.max(LEAST, own[code] as number));
        right += own.indexOf(Math.max(...own)) === code ? 1 : 0;
        n++;
      }
    }
    tried.push({
      name,
      create,
      logLoss: n === 0 ? Number.POSITIVE_INFINITY : loss / n,
      accuracy: right / Math.max(1, n),
    });
    run.onProgress?.({ stage: "candidates", done: at + 1, total: candidates.length + 1 });
  }
  const ranked = tried.toSorted((a, b) => a.logLoss - b.logLoss);
  const [best] = ranked as [(typeof ranked)[number]]; // at least the first candidates
  const all = Int32Array.from({ length: rows.x.rows }, (_, i) => i);
  const random = run.random.fork("final");
  const model = await best
    .create()
    .fit(rows.x as FeatureMatrix, takeClasses(rows, all), { ...run, random, onProgress: undefined });
  const report: Json = {
    chosen: best.name,
    reason: `least log loss on ${folds.nFolds} inner ${rows.isGrouped ? "grouped " : ""}folds of the training rows`,
    tried: ranked.map(({ name, logLoss, accuracy }) => ({
      name,
      logLoss: Number.isFinite(logLoss) ? logLoss : null,
      accuracy,
    })),
  };
  return { ...model, report };
}

function takeClasses(
  rows: ClassTraining,
  kept: Int32Array,
): {
  readonly kind: "classification";
  readonly codes: Int32Array;
  readonly labels: readonly string[];
  readonly weights: Float64Array | undefined;
  readonly groups: Int32Array | undefined;
} {
  const { weights } = rows;
  return {
    kind: "classification",
    codes: kept.map((i) => rows.codes[i] as number), // rows of one table, here and below
    labels: rows.labels,
    weights: weights === undefined ? undefined : Float64Array.from(kept, (i) => weights[i] as number),
    groups: rows.isGrouped ? kept.map((i) => rows.groups[i] as number) : undefined,
  };
}
