import { createMatrix, DomainError } from "@materiome/core";
import type { Acquisition, AcquisitionGradient, DifferentiableAcquisition } from "./acquisition.ts";
import { logSoftplus } from "./logSoftplus.ts";

/**
 * Sum of acquisitions on the logarithmic scale: the logarithm of their product, as of an improvement and the probability that it
 * is feasible. Named after the first.
 *
 * @throws DomainError for one on another scale, or none
 * @see Gardner et al., ICML 2014, PMLR 32(2), 937; Gelbart, Snoek & Adams, UAI 2014, arXiv:1403.5607
 */
export function sumOfLogs(terms: readonly Acquisition[]): Acquisition {
  const [first] = terms;
  if (first === undefined) throw new DomainError("sumOfLogs: expected at least one acquisition, got none");
  const other = terms.find(({ isLog }) => !isLog);
  if (other !== undefined) {
    throw new DomainError(`sumOfLogs: "${other.name}" is no logarithm and cannot be multiplied with; see onLogScale`);
  }
  if (terms.length === 1) return first;
  const gradients = terms.flatMap(({ gradient }) => (gradient === undefined ? [] : [gradient]));
  return {
    name: first.name,
    isLog: true,
    value(x) {
      const sum = new Float64Array(x.rows);
      for (const term of terms) addTo(sum, term.value(x));
      return sum;
    },
    gradient:
      gradients.length < terms.length
        ? undefined
        : (x) => {
            const sum: AcquisitionGradient = {
              value: new Float64Array(x.rows),
              gradient: createMatrix(x.rows, x.columns),
            };
            for (const gradient of gradients) {
              const { value, gradient: slope } = gradient(x);
              addTo(sum.value, value);
              addTo(sum.gradient.data, slope.data);
            }
            return sum;
          },
  };
}

/**
 * An acquisition of either sign as a logarithm: ln ln(1 + exp((a − reference) / scale)), which rises with it everywhere.
 *
 * @param scale - above 0: the spread of the outcome, so that values a spread below the reference count for little
 * @see González et al., AISTATS 2016, arXiv:1505.08052, section 4 (soft-plus)
 */
export function onLogScale(
  acquisition: DifferentiableAcquisition,
  reference: number,
  scale: number,
): DifferentiableAcquisition {
  const { name, isLog } = acquisition;
  if (isLog) return acquisition;
  return {
    name,
    isLog: true,
    value: (x) => acquisition.value(x).map((a) => logSoftplus((a - reference) / scale).value),
    gradient(x) {
      const { value, gradient } = acquisition.gradient(x);
      const slopes = new Float64Array(value.length);
      const logs = value.map((a, i) => {
        const { value: log, slope } = logSoftplus((a - reference) / scale);
        slopes[i] = slope / scale;
        return log;
      });
      const data = gradient.data.map((g, at) => g * (slopes[Math.floor(at / x.columns)] as number));
      return { value: logs, gradient: createMatrix(x.rows, x.columns, data) };
    },
  };
}

function addTo(sum: Float64Array, values: Float64Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (values[i] as number); // same length
}
