import { learnersFor } from "./learnable.ts";
import { MODEL_NAMES } from "./learnerByName.ts";
import type { TargetRows } from "./scoreTarget.ts";

/** Below so many rows (groups) an interval of 90 % cannot rest on held-out errors alone: n / (n + 1) is less. */
const FEW = 10;

/**
 * What can still be done with fewer than ten rows, or groups: which models can be fitted, and the widest interval that the errors of n
 * held-out rows can vouch for. The size of a new error is as likely in any of the n + 1 places among those seen, so the widest conformal interval,
 * as far to both sides as the largest of them, holds at most n / (n + 1).
 *
 * @see Lei et al., J. Am. Stat. Assoc. 113, 1094 (2018), https://doi.org/10.1080/01621459.2017.1307116
 */
export function fewRowsWarnings(
  aims: readonly { readonly target: { readonly name: string }; readonly rows: TargetRows }[],
): string[] {
  return aims.flatMap(({ target, rows: { rows, targets } }) => {
    const isGrouped = targets.groups !== undefined;
    const n = new Set(targets.groups ?? rows).size;
    if (n >= FEW) return [];
    const what = isGrouped ? "groups" : "rows";
    const able = learnersFor(n, isGrouped);
    const fitted =
      able.length === MODEL_NAMES.length
        ? "every model can be fitted and checked"
        : `can be fitted and checked: ${able.join(", ")}`;
    const most = Math.floor((1000 * n) / (n + 1)) / 10;
    return [
      `${target.name}: with ${n} ${what} ${fitted}; their held-out errors alone vouch for intervals of at most ${n}/${n + 1} = ${most} % (the prediction ± the largest of them), what is wider assumes how errors are distributed; a campaign (materiome campaign) chooses which experiments to make next`,
    ];
  });
}
