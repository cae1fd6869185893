import {
  deriveGroups,
  type Json,
  type Random,
  type RegressionModel,
  type Regressor,
  type RunContext,
  selectColumns,
  type Table,
  takeRows,
  takeTableRows,
} from "@materiome/core";
import { countTrials } from "../auto/countTrials.ts";
import type { AutoCriterion } from "../auto/families.ts";
import { correlatedInputs } from "../explain/correlatedInputs.ts";
import type { ErrorIncrease } from "../explain/errorIncrease.ts";
import type { CrossValidation } from "../validation/crossValidate.ts";
import { groupKFold, kFold, type Splitter } from "../validation/splitter.ts";
import { describeTarget, type TargetDiagnostics } from "./diagnostics.ts";
import { fitDomain } from "./domain.ts";
import { fewRowsWarnings } from "./fewRows.ts";
import type { KeptSearch } from "./fitInTurns.ts";
import type { HeldOutDomain } from "./foldDomains.ts";
import { countSplitGroups, findLeakage } from "./leakage.ts";
import { checkIsLearnable } from "./learnable.ts";
import { learnerByName, type ModelName, scorerByName } from "./learnerByName.ts";
import { type PropertyMetrics, type TargetMetrics, targetMetrics } from "./metrics.ts";
import { createPropertyModel, type PropertyModel } from "./propertyModel.ts";
import { rowsOf, targetsIn, targetsOf } from "./propertyTargets.ts";
import { refuseMissing } from "./refuseMissing.ts";
import { type Rival, scoreRival } from "./scoreRivals.ts";
import { scoreTarget, type TargetRows } from "./scoreTarget.ts";
import {
  checkSearch,
  givenLimits,
  keepBudget,
  keptLimits,
  LEARNING_CURVE,
  type SearchBudget,
  turnsOf,
} from "./searchBudget.ts";
import {
  CURVE_FOLDS,
  CURVE_SEARCHES,
  CURVE_TURNS,
  type TargetLearningCurve,
  targetLearningCurve,
} from "./targetLearningCurve.ts";
import { targetUncertainties, unusedUncertainties, withTargetNoise } from "./targetNoise.ts";
import {
  type FeatureOptions,
  featureFitter,
  inputNames,
  measuredRows,
  numbersOrNone,
  stageCounter,
  trainingColumns,
} from "./trainingTable.ts";

export interface TrainPropertyModelOptions extends FeatureOptions {
  /** Target columns, by name or header. */
  readonly targets: readonly string[];
  /** Group columns; their labels are no inputs unless `inputs` names them. @defaultValue those of role group, else rows of one composition */
  readonly groups?: readonly string[] | undefined;
  /** @defaultValue 10, or the number of groups where there are fewer */
  readonly folds?: number | undefined;
  /** @defaultValue 1 */
  readonly repeats?: number | undefined;
  /** @defaultValue "auto" */
  readonly model?: ModelName | undefined;
  /** Other learners to score on the same folds, such as the law for a black box, or a black box for the law. @defaultValue none */
  readonly rivals?: readonly ModelName[] | undefined;
  /** A learner of one's own instead of `model`; it must give intervals itself. */
  readonly learner?: Regressor | undefined;
  /** Trials of each search of `auto`. @defaultValue all learners, and a few drawn settings */
  readonly trials?: number | undefined;
  /**
   * Time for the whole training, instead of `trials`: the first trials are measured, and as many are made as fill the time; the model is
   * fitted first, and searches for scores make fewer trials, at least one, where the work takes longer than measured. Where one trial in each
   * search takes longer than the time, it is exceeded. `metrics.search` says what was cut, and the number of trials of the model, with which as
   * `trials` it is made again. @defaultValue none
   */
  readonly budget?: SearchBudget | undefined;
  /**
   * What `auto` compares by and nets learn by: `absolute` where typical errors matter more than rare large ones. @defaultValue "squared"
   */
  readonly criterion?: AutoCriterion | undefined;
  /** Probability of the intervals that the model gives; the scores are those of 90 % intervals. @defaultValue 0.9 */
  readonly level?: number | undefined;
  /** Also scores what an eighth, a quarter and a half of the training rows give; takes about a third longer. @defaultValue false */
  readonly learningCurve?: boolean | undefined;
  /** Passed on to the metrics. */
  readonly seed?: number | string | undefined;
  readonly dataSha256?: string | undefined;
  readonly versions?: { readonly [name: string]: string } | undefined;
}

/**
 * Held-out predictions of one target (first repeat), and what the training rows of its fold say of each row. Rows count from 0 in
 * the given table.
 */
export interface OutOfFold extends HeldOutDomain {
  readonly target: string;
  readonly rows: Int32Array;
  readonly actual: Float64Array;
  readonly predicted: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly fold: Int32Array;
}

/**
 * By how much held-out errors grow when input columns take the values of random training rows: at or below 0 within two standard
 * errors no use is seen. Columns of numbers with |Spearman's ρ| of at least 0.8 are one entry.
 */
export interface InputImportance extends ErrorIncrease {
  readonly target: string;
  readonly columns: readonly string[];
}

export interface TrainedPropertyModel {
  readonly model: PropertyModel;
  readonly metrics: PropertyMetrics;
  readonly outOfFold: readonly OutOfFold[];
  /** Per target, falling. */
  readonly importances: readonly InputImportance[];
  /** Per target, what the learner says about itself (for `auto`: what was tried and chosen). */
  readonly reports: readonly Json[];
  /** Other learners on the same folds, as asked for. */
  readonly rivals: readonly Rival[];
}

const SCORED_LEVEL = 0.9;
/** Inputs with at least this rank correlation stand in for each other. */
const CORRELATED = 0.8;

/**
 * Trains a property model on a table and says how good it is.
 *
 * Rows without a measured target are left out and listed. Groups are declared or derived (`deriveGroups`); the headline
 * scores hold out whole groups, and the same scores under random folds stand beside as optimistic. Everything learnt
 * (categories, elements, scalings, choice of learner, interval widths) is learnt inside the fold. The model returned is
 * fitted to all rows. Several targets are fitted one by one. Where a column of role `uncertainty` describes a target, its squares are
 * the measurement variances of the rows for learners that use such, in the folds as in the final fit; for others a warning names it.
 *
 * @throws DataError for unknown columns (nearest names offered), a constant target, fewer rows or groups than folds
 * or than the model needs, no inputs, a standard deviation of a target that is missing or negative where the model uses them, or a missing
 * input (row and column named) where the model takes none (inputs without any value in the rows used are left out, with a warning)
 * @example
 * const { model, metrics } = await trainPropertyModel(table, { targets: ["Fatigue Strength"] }, { random: createRandom(1) });
 */
export async function trainPropertyModel(
  table: Table,
  options: TrainPropertyModelOptions,
  run: RunContext,
): Promise<TrainedPropertyModel> {
  const { model: name = "auto", level = SCORED_LEVEL, repeats = 1, rivals = [] } = options;
  const began = options.budget?.began ?? options.budget?.now() ?? 0;
  const targets = targetsOf(table, options.targets);
  const { rows: keptRows, dropped } = measuredRows(table, targets);
  const kept = takeTableRows(table, keptRows);
  const { inputs, empty } = inputNames(table, kept, targets, options);
  const grouping = deriveGroups(kept, { columns: options.groups });
  const isGrouped = grouping.kind !== "none";
  const names = targets.map((target) => target.name);
  const fitFeatures = featureFitter(inputs, names, options, (rows) => targetsIn(rows, targets));
  const encoder = await fitFeatures(kept, { ...run, random: run.random.fork("features") });
  const x = encoder.encode(kept);
  const hasGaps = x.data.some(Number.isNaN);
  const bare = targets.map((target) => ({ target, rows: rowsOf(kept, target, grouping) }));
  for (const { target, rows } of bare) {
    for (const model of [options.learner === undefined ? name : undefined, ...rivals]) {
      checkIsLearnable(table, target.name, rows, grouping, { folds: options.folds, model });
    }
  }
  checkSearch({ ...options, model: name });
  const named = { hasGaps, trials: options.trials, criterion: options.criterion };
  const learnerOf = (trials: number | undefined): Regressor =>
    options.learner ?? learnerByName(name, level, { ...named, trials });
  const scorerOf = (trials: number | undefined): Regressor =>
    options.learner ?? scorerByName(name, SCORED_LEVEL, { ...named, trials });
  const learner = learnerOf(options.trials);
  if (!learner.supports.has("missing")) refuseMissing(kept, x);
  const aims = bare.map(({ target, rows }) => ({ target, rows: withTargetNoise(kept, target, rows, learner) }));
  for (const rival of rivals)
    if (!learnerByName(rival, level, { hasGaps }).supports.has("missing")) refuseMissing(kept, x);
  const scorer = scorerOf(options.trials);
  const foldsOf = ({ targets, rows }: TargetRows): number =>
    options.folds ?? Math.min(10, new Set(targets.groups ?? rows).size);
  const splitterOf = (rows: TargetRows): Splitter => (isGrouped ? groupKFold : kFold)(foldsOf(rows));
  const stages = stageCounter(
    run,
    targets.length * ((isGrouped ? 3 : 2) + (options.learningCurve === true ? 1 : 0) + 2 * rivals.length),
  );
  const scoredRivals: Rival[] = [];
  // Before the time is counted: what is left is for the model and its scores.
  for (const { target, rows: bareRows } of bare) {
    const random = run.random.fork(target.name);
    for (const rival of rivals) {
      const rows = withTargetNoise(kept, target, bareRows, learnerByName(rival, level, { hasGaps }));
      const own = takeRows(x, rows.rows);
      const splitter = splitterOf(rows);
      const given = { target, rows, x: own, hasGaps, splitter, repeats, level: SCORED_LEVEL, fitFeatures };
      const runs = [random.fork("validate"), random.fork("rival").fork(rival)].map(stages) as [RunContext, RunContext];
      scoredRivals.push(await scoreRival(rival, given, ...runs));
    }
  }
  const { budget } = options;
  const threads = Math.max(1, run.threads ?? 1);
  const curveTurns = CURVE_TURNS * turnsOf(CURVE_FOLDS, threads);
  const scoredTurns = aims.reduce(
    (sum, { rows }) => sum + (isGrouped ? 2 : 1) * turnsOf(repeats * foldsOf(rows), threads),
    0,
  );
  const [largest] = aims.map(({ rows }) => rows).sort((p, q) => q.rows.length - p.rows.length) as [TargetRows]; // a target
  const within =
    budget === undefined
      ? undefined
      : await keepBudget({
          ...{ budget, began, threads },
          turns: scoredTurns + aims.length / threads,
          curveTurns: options.learningCurve === true ? aims.length * curveTurns : 0,
          count: (given) =>
            countTrials(
              takeRows(x, largest.rows),
              largest.targets,
              { criterion: options.criterion, missing: hasGaps },
              { ...given, run: { ...run, random: run.random.fork("budget") } },
            ),
        });
  const keeper = within?.keeper;
  const keptAs = (stage: string): KeptSearch | undefined => keeper && { keeper, stage, learnerOf: scorerOf };
  const curveOf = async (
    rows: TargetRows,
    validation: CrossValidation,
    random: Random,
  ): Promise<TargetLearningCurve | null> => {
    const curve = (by: Regressor): Promise<TargetLearningCurve | null> =>
      targetLearningCurve(rows, by, fitFeatures, {
        validation,
        level: SCORED_LEVEL,
        run: stages(random.fork("learning curve")),
      });
    if (keeper === undefined) return curve(scorer);
    if (keeper.skip(LEARNING_CURVE, curveTurns)) return null;
    return keeper.spend(LEARNING_CURVE, { turns: curveTurns, searches: CURVE_SEARCHES }, (trials) =>
      curve(scorerOf(trials)),
    );
  };
  const together = correlatedInputs(
    inputs.map((name) => ({ values: numbersOrNone(kept.column(name)) })),
    Int32Array.from({ length: kept.nRows }, (_, i) => i),
    CORRELATED,
  ).map((group) => group.map((c) => inputs[c] as string)); // indices of inputs
  const headline: TargetMetrics[] = [];
  const optimistic: TargetMetrics[] = [];
  const diagnostics: TargetDiagnostics[] = [];
  const perFold: PropertyMetrics["perFold"][number][] = [];
  const outOfFold: OutOfFold[] = [];
  const importances: InputImportance[] = [];
  const models: RegressionModel[] = [];
  const reports: Json[] = [];
  let folds = 0;
  let groupsAcrossFolds = 0;
  // Before the scores, so that where time is short these are cut, not the model.
  let finalTrials = options.trials;
  const fitAll = async (trials: number | undefined): Promise<void> => {
    finalTrials = trials;
    for (const { target, rows } of aims) {
      const final = stages(run.random.fork(target.name).fork("final"));
      const model = await learnerOf(trials).fit(takeRows(x, rows.rows), rows.targets, final);
      models.push(model);
      reports.push((model as { readonly report?: Json }).report ?? null);
    }
  };
  if (keeper === undefined) await fitAll(options.trials);
  else await keeper.spend("model", { turns: aims.length / threads, searches: aims.length }, fitAll);
  for (const { target, rows } of aims) {
    folds = foldsOf(rows);
    const random = run.random.fork(target.name);
    const splitter = splitterOf(rows);
    const score = (isHonest: boolean): ReturnType<typeof scoreTarget> =>
      // Random folds as someone would score who knows of no groups: neither splitter nor learner gets them.
      scoreTarget(isHonest ? rows : { ...rows, targets: { ...rows.targets, groups: undefined } }, scorer, fitFeatures, {
        splitter: isHonest ? splitter : kFold(folds),
        repeats,
        level: SCORED_LEVEL,
        inputs: isHonest ? together : [],
        describe: isHonest,
        kept: keptAs(isHonest ? "folds" : "random folds"),
        run: stages(random.fork(isHonest ? "validate" : "optimistic")),
      });
    const honest = await score(true);
    const domain = honest.domain as HeldOutDomain; // asked for
    const { validation } = honest;
    headline.push(targetMetrics(target.name, target.unit, validation.scores, validation.details.baselines.neighbour));
    diagnostics.push(
      describeTarget({
        target: target.name,
        validation,
        domain,
        table: rows.table,
        groups: rows.targets.groups,
        groupColumns: grouping.kind === "declared" ? grouping.columns : [],
        learningCurve: options.learningCurve === true ? await curveOf(rows, validation, random) : null,
        random: random.fork("diagnostics"),
      }),
    );
    perFold.push(...honest.validation.perFold.map((fold) => ({ target: target.name, ...fold })));
    importances.push(...honest.importances.map((entry) => ({ target: target.name, ...entry })));
    const [first] = honest.validation.repeats;
    if (first !== undefined) {
      const { actual, predicted, lower, upper, fold } = first;
      const { inDomain, domainScore, domainReasons, neighbours } = domain;
      const at = rows.rows.map((i) => keptRows[i] as number); // rows of kept
      const near = neighbours.map((i) => (i < 0 ? i : (at[i] as number))); // a row scored
      const asked = { inDomain, domainScore, domainReasons, neighbours: near };
      outOfFold.push({ target: target.name, rows: at, actual, predicted, lower, upper, fold, ...asked });
      groupsAcrossFolds = Math.max(groupsAcrossFolds, countSplitGroups(rows.targets.groups, fold));
    }
    if (isGrouped) {
      optimistic.push(targetMetrics(target.name, target.unit, (await score(false)).validation.scores));
    }
  }
  const search =
    within !== undefined && budget !== undefined
      ? keptLimits(within.limits, within.keeper, { trials: finalTrials as number, began, now: budget.now }) // of the final fit
      : options.trials === undefined
        ? null
        : givenLimits(options.trials);
  const uncertainties = targetUncertainties(kept, aims);
  const leakage = findLeakage(kept, { inputs, empty }, grouping, groupsAcrossFolds, headline, optimistic, diagnostics);
  return {
    model: createPropertyModel({
      encoder,
      targets,
      models,
      training: selectColumns(kept, trainingColumns(kept, inputs, targets, grouping)),
      domain: fitDomain(x, grouping.codes),
    }),
    metrics: {
      targets: headline,
      nFeatures: x.columns,
      splitter: {
        kind: isGrouped ? "groupKFold" : "kFold",
        groupColumns: grouping.columns,
        derived: grouping.kind === "derived",
        nGroups: grouping.nGroups,
        folds,
        repeats,
        reason: grouping.reason,
      },
      optimistic: isGrouped ? { targets: optimistic } : null,
      leakage: {
        ...leakage,
        warnings: [...leakage.warnings, ...fewRowsWarnings(aims), ...unusedUncertainties(uncertainties)],
      },
      uncertainties,
      dropped,
      perFold,
      diagnostics,
      search,
      seed: options.seed ?? run.random.key,
      dataSha256: options.dataSha256 ?? null,
      versions: options.versions ?? {},
    },
    outOfFold,
    importances,
    reports,
    rivals: scoredRivals,
  };
}
