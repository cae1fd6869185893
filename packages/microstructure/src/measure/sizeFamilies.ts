import { ConvergenceError, type Random } from "@materiome/core";
import { digamma, gammaP, logGamma, normalCdf, sampleGamma, trigamma } from "@materiome/core/numerics";

export type SizeFamilyName = "normal" | "logNormal" | "weibull" | "gamma";

/** A two-parameter distribution of sizes: its maximum likelihood fit, density, distribution function and deviates. */
export interface SizeFamily {
  readonly parameters: readonly [string, string];
  fit(values: readonly number[]): readonly [number, number];
  logDensity(x: number, a: number, b: number): number;
  cdf(x: number, a: number, b: number): number;
  sample(random: Random, a: number, b: number): number;
}

const average = (values: readonly number[], of: (x: number) => number): number =>
  values.reduce((sum, x) => sum + of(x), 0) / values.length;

/** Mean and standard deviation of maximum likelihood, divided by n. */
function moments(values: readonly number[], of: (x: number) => number): readonly [number, number] {
  const mean = average(values, of);
  return [mean, Math.sqrt(average(values, (x) => (of(x) - mean) ** 2))];
}

const HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);

export const SIZE_FAMILIES: Readonly<Record<SizeFamilyName, SizeFamily>> = {
  normal: {
    parameters: ["mean", "std"],
    fit: (values) => moments(values, (x) => x),
    logDensity: (x, mean, std) => -0.5 * ((x - mean) / std) ** 2 - Math.log(std) - HALF_LOG_2PI,
    cdf: (x, mean, std) => normalCdf((x - mean) / std),
    sample: (random, mean, std) => mean + std * random.normal(),
  },
  logNormal: {
    parameters: ["logMean", "logStd"],
    fit: (values) => moments(values, Math.log),
    logDensity: (x, mean, std) => -0.5 * ((Math.log(x) - mean) / std) ** 2 - Math.log(std * x) - HALF_LOG_2PI,
    cdf: (x, mean, std) => normalCdf((Math.log(x) - mean) / std),
    sample: (random, mean, std) => Math.exp(mean + std * random.normal()),
  },
  weibull: {
    parameters: ["shape", "scale"],
    fit: fitWeibull,
    logDensity: (x, shape, scale) => Math.log(shape / scale) + (shape - 1) * Math.log(x / scale) - (x / scale) ** shape,
    cdf: (x, shape, scale) => -Math.expm1(-((x / scale) ** shape)),
    sample: (random, shape, scale) => scale * (-Math.log1p(-random.next())) ** (1 / shape),
  },
  gamma: {
    parameters: ["shape", "scale"],
    fit: fitGamma,
    logDensity: (x, shape, scale) => (shape - 1) * Math.log(x) - x / scale - logGamma(shape) - shape * Math.log(scale),
    cdf: (x, shape, scale) => gammaP(shape, x / scale),
    sample: (random, shape, scale) => sampleGamma(random, shape, scale),
  },
};

/** Shape from Σ x^k ln x / Σ x^k − 1/k = mean ln x by Newton's method, in values over their largest. */
function fitWeibull(values: readonly number[]): readonly [number, number] {
  const largest = values.reduce((a, b) => Math.max(a, b), 0);
  const logs = values.map((x) => Math.log(x / largest));
  const [meanLog, stdLog] = moments(logs, (x) => x);
  let shape = Math.PI / (Math.sqrt(6) * stdLog);
  for (let step = 0; step < 100; step++) {
    let [s0, s1, s2] = [0, 0, 0];
    for (const l of logs) {
      const power = Math.exp(shape * l);
      s0 += power;
      s1 += power * l;
      s2 += power * l * l;
    }
    const value = s1 / s0 - 1 / shape - meanLog;
    const slope = s2 / s0 - (s1 / s0) ** 2 + 1 / (shape * shape);
    const next = Math.max(shape / 3, shape - value / slope);
    if (Math.abs(next - shape) <= 1e-13 * shape) return [next, largest * (s0 / logs.length) ** (1 / next)];
    shape = next;
  }
  throw new ConvergenceError(
    `fitSizeDistribution: the Weibull shape of ${values.length} sizes did not settle`,
    100,
    shape,
  );
}

/** Shape from ln k − ψ(k) = ln mean − mean ln x by Newton's method on ln k. */
function fitGamma(values: readonly number[]): readonly [number, number] {
  const mean = average(values, (x) => x);
  const s = Math.log(mean) - average(values, Math.log);
  let shape = (3 - s + Math.sqrt((s - 3) ** 2 + 24 * s)) / (12 * s);
  for (let step = 0; step < 100; step++) {
    const value = Math.log(shape) - digamma(shape) - s;
    const next = shape * Math.exp(-value / (1 - shape * trigamma(shape)));
    if (Math.abs(next - shape) <= 1e-12 * shape) return [next, mean / next];
    shape = next;
  }
  throw new ConvergenceError(
    `fitSizeDistribution: the gamma shape of ${values.length} sizes did not settle`,
    100,
    shape,
  );
}
