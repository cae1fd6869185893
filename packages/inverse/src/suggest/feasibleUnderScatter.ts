import { createMatrix } from "@materiome/core";
import type { Acquisition } from "../acquisition/acquisition.ts";
import type { Disturber } from "../surrogate/disturber.ts";

/**
 * Logarithm of the least probability among the disturbed settings, min_c ln P(x_c): what must be kept must be kept as settings scatter,
 * not on average. The gradient is that of the least.
 *
 * @param feasible - logarithm of a probability
 */
export function feasibleUnderScatter(feasible: Acquisition, disturber: Disturber): Acquisition {
  const { copies: k } = disturber;
  const { gradient } = feasible;
  /** Of the copies of each point. */
  const leastOf = (logs: Float64Array): Int32Array =>
    Int32Array.from({ length: logs.length / k }, (_, i) => {
      const own = logs.subarray(i * k, (i + 1) * k);
      return i * k + own.indexOf(Math.min(...own));
    });
  return {
    name: feasible.name,
    isLog: true,
    value(x) {
      const logs = feasible.value(disturber.at(x));
      return Float64Array.from(leastOf(logs), (at) => logs[at] as number); // a copy
    },
    gradient:
      gradient &&
      ((x) => {
        const copies = gradient(disturber.at(x));
        const pulled = disturber.pull(x, copies.gradient);
        const least = leastOf(copies.value);
        const d = x.columns;
        const out = createMatrix(x.rows, d);
        for (const [i, at] of least.entries()) {
          out.data.set(pulled.data.subarray(at * d, (at + 1) * d), i * d);
        }
        return { value: Float64Array.from(least, (at) => copies.value[at] as number), gradient: out };
      }),
  };
}
