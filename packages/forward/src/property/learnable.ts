import { DataError, type DerivedGroups, type Table } from "@materiome/core";
import { MODEL_NAMES, type ModelName } from "./learnerByName.ts";
import type { TargetRows } from "./scoreTarget.ts";

/**
 * Fewest groups (rows, where there are no groups) that a learner can be fitted to: most hold each out once, others divide what is
 * left once more, and boosting draws from single rows.
 */
function fewestOf(model: ModelName | undefined, isGrouped: boolean): number {
  if (model !== undefined && DIVIDING.has(model)) return 3;
  return model === "boosting" && !isGrouped ? 4 : 2;
}

const DIVIDING: ReadonlySet<ModelName> = new Set<ModelName>([
  "auto",
  "elastic-net",
  "gaussian-process",
  "law",
  "mlp",
  "element-attention",
]);

/** Models that can be fitted with one of so many groups (rows, where there are none) held out. */
export function learnersFor(nGroups: number, isGrouped: boolean): ModelName[] {
  return MODEL_NAMES.filter((name) => nGroups > fewestOf(name, isGrouped));
}

/** What ridge needs. */
const FEWEST = 2;

/**
 * Checks that every fold leaves enough to learn from, before anything is fitted.
 *
 * @param model - `undefined` for a learner of one's own
 * @throws DataError saying how many there are, how many are needed, and what to do
 */
export function checkIsLearnable(
  table: Table,
  target: string,
  { rows, targets }: TargetRows,
  grouping: DerivedGroups,
  options: { readonly folds: number | undefined; readonly model: ModelName | undefined },
): void {
  const { folds, model } = options;
  const nGroups = new Set(targets.groups ?? rows).size;
  const what = targets.groups === undefined ? "rows" : "groups";
  const needed = fewestOf(model, targets.groups !== undefined);
  const held = folds === undefined ? 1 : Math.ceil(nGroups / folds);
  if (nGroups >= needed + 1 && (folds === undefined || nGroups < folds || nGroups - held >= needed)) return;
  const isRidgeEnough = needed > FEWEST && nGroups > FEWEST;
  const more = targets.groups === undefined ? "more data" : `data of more groups${linkedBy(grouping)}`;
  const remedy = isRidgeEnough
    ? `use model "ridge", or ${more}`
    : `${more} are needed, and a campaign (materiome campaign) chooses which experiments to make`;
  const has =
    targets.groups === undefined
      ? `${nGroups} ${nGroups === 1 ? "row" : "rows"}`
      : `${rows.length} rows in ${nGroups} ${nGroups === 1 ? "group" : "groups"}`;
  const some =
    nGroups < needed + 1
      ? `${needed + 1} ${what} are needed`
      : `a fold holds ${held} out and leaves ${nGroups - held}, ${needed} ${what} are needed`;
  throw new DataError(
    `too few ${what} with a value to train and check ${model === undefined ? "the learner" : `model "${model}"`}: ${has}, ${some}; ${remedy}`,
    {
      location: { file: table.source, column: target },
    },
  );
}

/** How several group columns make fewer groups than each of them has values. */
function linkedBy({ kind, columns }: DerivedGroups): string {
  if (kind !== "declared" || columns.length < 2) return "";
  return ` (rows equal in any of ${columns.map((name) => `"${name}"`).join(", ")} are one; where only rows equal in all of them belong together, name one column that numbers those)`;
}
