import { DomainError } from "@materiome/core";
import type { HoldOut, Splitter } from "./splitter.ts";

/**
 * Repeats a split that draws, each time anew: 5-fold ten times over is `repeated(kFold(5), 10)`. Scores are means over the
 * repeats. For splits that do not draw (leave one group out, time) a repeat adds nothing.
 *
 * @throws DomainError for fewer than 1 repeat
 * @example
 * const validation = await crossValidate(learner, x, y, repeated(groupKFold(5), 10), run);
 */
export function repeated(splitter: Splitter, nRepeats: number): Splitter {
  if (!(Number.isInteger(nRepeats) && nRepeats >= 1)) {
    throw new DomainError(`repeated: expected a whole number of at least 1 repeat, got ${nRepeats}`);
  }
  return {
    kind: splitter.kind,
    plan(rows, random) {
      const holdOuts: HoldOut[] = [];
      const remarks = new Set<string>();
      let next = 0;
      for (let r = 0; r < nRepeats; r++) {
        const plan = splitter.plan(rows, random.fork(r));
        for (const one of plan.holdOuts) {
          holdOuts.push({
            ...one,
            repeat: next + one.repeat,
            heldOut: `repeat ${next + one.repeat + 1}, ${one.heldOut}`,
          });
        }
        for (const remark of plan.remarks) remarks.add(remark);
        next = 1 + Math.max(...holdOuts.map(({ repeat }) => repeat));
      }
      return { holdOuts, remarks: [...remarks] };
    },
  };
}
