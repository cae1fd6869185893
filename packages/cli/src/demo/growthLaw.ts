import { ConvergenceError, DomainError, GAS_CONSTANT_J_PER_MOL_K } from "@materiome/core";

export interface GrowthObservation {
  readonly temperatureK: number;
  readonly timeS: number;
  readonly startUm: number;
  readonly grainSizeUm: number;
}

export interface GrowthLaw {
  readonly activationEnergyJPerMol: number;
  /** Standard error of the activation energy from the residuals. */
  readonly standardErrorJPerMol: number;
  /** Rate K of d² − d₀² = K·t·exp(−Q/(R·T)), µm²/s. */
  readonly prefactorUm2PerS: number;
  /** Grain size in µm after an anneal by the fitted law. */
  predict(temperatureK: number, timeS: number, startUm: number): number;
}

/**
 * Fits normal grain growth d² − d₀² = K·t·exp(−Q/(R·T)) (Burke & Turnbull, Prog. Met. Phys. 3, 220 (1952),
 * doi:10.1016/0502-8205(52)90009-9) to measured grain sizes by least squares on d, Gauss–Newton in (ln K′, Q/R), where
 * K′ is the rate at the mean inverse temperature (uncorrelated with Q).
 *
 * @throws DomainError for fewer than three observations or a single temperature
 * @throws ConvergenceError if 100 steps do not settle
 */
export function fitGrowthLaw(observations: readonly GrowthObservation[]): GrowthLaw {
  if (observations.length < 3 || new Set(observations.map((o) => o.temperatureK)).size < 2) {
    throw new DomainError("fitGrowthLaw: needs at least three anneals at two or more temperatures");
  }
  const inverse = observations.map((o) => 1 / o.temperatureK);
  const centre = inverse.reduce((a, b) => a + b, 0) / inverse.length;
  const size = (logRate: number, slope: number, o: GrowthObservation): number =>
    Math.sqrt(o.startUm ** 2 + o.timeS * Math.exp(logRate - slope * (1 / o.temperatureK - centre)));
  const sumOfSquares = (logRate: number, slope: number): number =>
    observations.reduce((sum, o) => sum + (o.grainSizeUm - size(logRate, slope, o)) ** 2, 0);

  let logRate = startingRate(observations);
  let slope = 20_000;
  let residual = sumOfSquares(logRate, slope);
  for (let iteration = 1; iteration <= 100; iteration++) {
    const { aa, ab, bb, ra, rb } = normalEquations(observations, (o) => size(logRate, slope, o), centre);
    const determinant = aa * bb - ab * ab;
    if (!(determinant > 0)) break;
    const da = (bb * ra - ab * rb) / determinant;
    const db = (aa * rb - ab * ra) / determinant;
    let step = 1;
    let next = sumOfSquares(logRate + da, slope + db);
    while (next > residual && step > 1e-6) {
      step /= 2;
      next = sumOfSquares(logRate + step * da, slope + step * db);
    }
    logRate += step * da;
    slope += step * db;
    const settled = Math.abs(residual - next) <= 1e-12 * residual;
    residual = next;
    if (settled) {
      const variance = residual / (observations.length - 2);
      const K = Math.exp(logRate + slope * centre);
      const [a, b] = [logRate, slope];
      return {
        activationEnergyJPerMol: b * GAS_CONSTANT_J_PER_MOL_K,
        standardErrorJPerMol: Math.sqrt((variance * aa) / determinant) * GAS_CONSTANT_J_PER_MOL_K,
        prefactorUm2PerS: K,
        predict: (temperatureK, timeS, startUm) => size(a, b, { temperatureK, timeS, startUm, grainSizeUm: 0 }),
      };
    }
  }
  throw new ConvergenceError("fitGrowthLaw: the grain sizes do not follow d² − d₀² = K·t·exp(−Q/RT)", 100, residual);
}

function startingRate(observations: readonly GrowthObservation[]): number {
  const rates = observations.map((o) => Math.max(1e-12, o.grainSizeUm ** 2 - o.startUm ** 2) / o.timeS);
  return Math.log(rates.reduce((a, b) => a + b, 0) / rates.length);
}

interface NormalEquations {
  readonly aa: number;
  readonly ab: number;
  readonly bb: number;
  readonly ra: number;
  readonly rb: number;
}

/** JᵀJ and Jᵀr of d by (ln K′, Q/R). */
function normalEquations(
  observations: readonly GrowthObservation[],
  predict: (o: GrowthObservation) => number,
  centre: number,
): NormalEquations {
  let [aa, ab, bb, ra, rb] = [0, 0, 0, 0, 0];
  for (const o of observations) {
    const d = predict(o);
    const ja = (d * d - o.startUm ** 2) / (2 * d);
    const jb = -ja * (1 / o.temperatureK - centre);
    const r = o.grainSizeUm - d;
    aa += ja * ja;
    ab += ja * jb;
    bb += jb * jb;
    ra += ja * r;
    rb += jb * r;
  }
  return { aa, ab, bb, ra, rb };
}
