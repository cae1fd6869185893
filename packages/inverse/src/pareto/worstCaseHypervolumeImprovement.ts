import { createMatrix, type Matrix, type Random } from "@materiome/core";
import { logSumExp } from "@materiome/core/numerics";
import type { Acquisition } from "../acquisition/acquisition.ts";
import { drawsOfWorst, worstCaseDraws } from "../acquisition/worstCaseImprovement.ts";
import type { Disturber } from "../surrogate/disturber.ts";
import { rowsOf } from "../surrogate/moments.ts";
import type { SurrogateModel } from "../surrogate/surrogate.ts";
import { decomposeNonDominated } from "./boxDecomposition.ts";
import { checkFront } from "./checkFront.ts";
import { logExpectedHypervolumeImprovement } from "./expectedHypervolumeImprovement.ts";

export interface WorstCaseHypervolumeOptions {
  /** What settings become. */
  readonly disturber: Disturber;
  /** Worst cases that are to be improved on, [n, m], in the models' sense (large is good): their means at tried points. */
  readonly front: Matrix;
  /** [m], in the models' sense: what is below it in any objective is of no use. */
  readonly reference: ArrayLike<number>;
  readonly random: Random;
  /** @defaultValue 64 */
  readonly draws?: number | undefined;
}

/** Width by which the kink at no improvement is rounded, in deviations of the outcome. */
const ROUNDED = 1e-3;

/**
 * Logarithm of the expected hypervolume improvement of the worst cases of several independent outcomes under disturbance, ln E HVI(min_c f_1(x_c), …,
 * min_c f_m(x_c)), over fixed draws. Each outcome counts at its own worst disturbance, so that all of what settings become is at least as good in
 * all of them. Each draw is widened by 10⁻³ of the mean deviation of the outcome, so that the logarithm exists where none improves.
 *
 * @param models one for each objective, large is good; two to four
 * @throws DataError for fewer than two or more than four models
 * @throws ShapeError, DomainError for a front or reference that do not fit
 * @see Bogunovic, Scarlett, Jegelka & Cevher, NeurIPS 2018, arXiv:1810.10775 (worst case of one); Daulton, Balandat & Bakshy, NeurIPS 2020,
 * arXiv:2006.05078 (draws of hypervolumes)
 */
export function logWorstCaseHypervolumeImprovement(
  models: readonly SurrogateModel[],
  options: WorstCaseHypervolumeOptions,
): Acquisition {
  const { disturber, front, reference, random, draws = 64 } = options;
  const m = models.length;
  checkFront("logWorstCaseHypervolumeImprovement", m, front, reference, "weigh the others by constraints");
  const boxes = decomposeNonDominated(
    createMatrix(
      front.rows,
      m,
      front.data.map((value) => -value),
    ),
    Float64Array.from(reference, (value) => -value),
  );
  const worst = models.map((model, j) =>
    worstCaseDraws(model, disturber, drawsOfWorst(disturber, random.fork(j), draws)),
  );
  return {
    name: "log expected hypervolume improvement of the worst cases",
    isLog: true,
    value: (x) =>
      Float64Array.from({ length: x.rows }, (_, i) => {
        const drawn = worst.map((of) => of(rowsOf(x, i, 1)));
        const variance = Float64Array.from(drawn, ({ std }) => (ROUNDED * std) ** 2);
        const logs = Float64Array.from({ length: draws }, (_, s) => {
          const losses = Float64Array.from(drawn, ({ values }) => -(values[s] as number)); // [draws]
          return logExpectedHypervolumeImprovement(boxes, losses, variance).value;
        });
        return logSumExp(logs) - Math.log(draws);
      }),
  };
}
