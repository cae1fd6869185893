import { createMatrix } from "@materiome/core";
import { moments } from "../surrogate/moments.ts";
import type { SurrogateModel } from "../surrogate/surrogate.ts";
import type { DifferentiableAcquisition } from "./acquisition.ts";

/** A function of mean and standard deviation; its slopes by both go to `slopes` where that is given. */
export type OfMoments = (mean: number, std: number, slopes?: { byMean: number; byStd: number }) => number;

/** The acquisition whose value at a point is a function of the posterior mean and standard deviation there. */
export function momentAcquisition(
  name: string,
  isLog: boolean,
  model: SurrogateModel,
  of: OfMoments,
): DifferentiableAcquisition {
  return {
    name,
    isLog,
    value(x) {
      const { mean, variance } = moments(model, x);
      return mean.map((m, i) => of(m, stdOf(variance[i] as number))); // one each
    },
    gradient(x) {
      const { mean, variance, dMean, dVariance } = model.meanVarianceGradient(x);
      const d = x.columns;
      const gradient = createMatrix(x.rows, d);
      const slopes = { byMean: 0, byStd: 0 };
      const value = mean.map((m, i) => {
        const std = stdOf(variance[i] as number);
        const here = of(m, std, slopes);
        for (let j = i * d; j < (i + 1) * d; j++) {
          const dStd = (dVariance.data[j] as number) / (2 * std);
          gradient.data[j] = slopes.byMean * (dMean.data[j] as number) + slopes.byStd * dStd;
        }
        return here;
      });
      return { value, gradient };
    },
  };
}

/** A point that the data determine keeps a trace of a deviation, so that logarithms stay finite. */
export function stdOf(variance: number): number {
  return Math.sqrt(Math.max(variance, 1e-24));
}
