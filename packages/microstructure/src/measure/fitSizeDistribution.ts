import { DataError, DomainError, type Random } from "@materiome/core";
import { SIZE_FAMILIES, type SizeFamily, type SizeFamilyName } from "./sizeFamilies.ts";

export interface FitSizeDistributionOptions {
  /** Families to fit. @defaultValue ["normal", "logNormal", "weibull", "gamma"] */
  readonly families?: readonly SizeFamilyName[] | undefined;
  /** Stream of the bootstrap; without one there are no p-values. @defaultValue undefined */
  readonly random?: Random | undefined;
  /** Bootstrap samples per family. @defaultValue 199 */
  readonly nBootstrap?: number | undefined;
}

export interface FittedSizes {
  readonly family: SizeFamilyName;
  /** By name: mean and std, logMean and logStd (natural), or shape and scale. */
  readonly parameters: { readonly [name: string]: number };
  readonly logLikelihood: number;
  /** 2 · 2 − 2 ln L; the smallest fits best for its number of parameters. */
  readonly aic: number;
  /** Kolmogorov–Smirnov D and Anderson–Darling A². */
  readonly ks: number;
  readonly ad: number;
  /** Share of samples from the fitted distribution, fitted anew, that lie as far off; null without a random stream. */
  readonly ksP: number | null;
  readonly adP: number | null;
}

/**
 * Fits two-parameter distributions to sizes by maximum likelihood, with their goodness.
 *
 * The tables of Kolmogorov–Smirnov and Anderson–Darling hold for given parameters; here these are fitted, which makes the
 * distances smaller. So p comes from a parametric bootstrap: p = (1 + #{D* ≥ D}) / (B + 1). Sizes count one each: grains
 * cut by the border and their bias are the caller's concern (`sizeDistribution`).
 *
 * @param sizes - diameters or areas, > 0; at least three, not all equal
 * @returns one fit per family, best AIC first
 * @throws DataError for sizes that do not allow a fit
 * @throws DomainError for an unknown family or a bootstrap of no samples
 * @see M. A. Stephens, J. Am. Stat. Assoc. 69, 730 (1974), doi:10.1080/01621459.1974.10480196 (statistics with estimated
 *   parameters); W. Stute et al., Metrika 40, 243 (1993), doi:10.1007/BF02613687 (bootstrap)
 * @example
 * const [best] = fitSizeDistribution(diameters, { random: createRandom(1) });
 */
export function fitSizeDistribution(sizes: readonly number[], options: FitSizeDistributionOptions = {}): FittedSizes[] {
  const { families = ["normal", "logNormal", "weibull", "gamma"], random, nBootstrap = 199 } = options;
  const bad = sizes.findIndex((size) => !(size > 0 && Number.isFinite(size)));
  if (sizes.length < 3 || bad >= 0 || sizes.every((size) => size === sizes[0])) {
    throw new DataError(
      bad >= 0
        ? `fitSizeDistribution: size ${bad + 1} of ${sizes.length} is ${sizes[bad]}; all must be positive`
        : `fitSizeDistribution: needs at least three sizes that are not all equal, got ${sizes.length}`,
    );
  }
  if (!(Number.isSafeInteger(nBootstrap) && nBootstrap >= 1)) {
    throw new DomainError(`fitSizeDistribution: nBootstrap must be a positive whole number, got ${nBootstrap}`);
  }
  const sorted = Float64Array.from(sizes).sort();
  return families
    .map((name): FittedSizes => {
      const family = SIZE_FAMILIES[name] as SizeFamily | undefined;
      if (family === undefined) {
        throw new DomainError(
          `fitSizeDistribution: unknown family "${name}"; there are ${Object.keys(SIZE_FAMILIES).join(", ")}`,
        );
      }
      const [a, b] = family.fit(sizes);
      const logLikelihood = sizes.reduce((sum, x) => sum + family.logDensity(x, a, b), 0);
      const { ks, ad } = distances(sorted, family, a, b);
      let [ksFarther, adFarther] = [0, 0];
      if (random !== undefined) {
        for (let k = 0; k < nBootstrap; k++) {
          const stream = random.fork(name).fork(k);
          const drawn = Array.from(sizes, () => family.sample(stream, a, b));
          const [a2, b2] = family.fit(drawn);
          const found = distances(Float64Array.from(drawn).sort(), family, a2, b2);
          if (found.ks >= ks) ksFarther++;
          if (found.ad >= ad) adFarther++;
        }
      }
      const p = (nFarther: number): number | null => (random === undefined ? null : (1 + nFarther) / (nBootstrap + 1));
      return {
        family: name,
        parameters: { [family.parameters[0]]: a, [family.parameters[1]]: b },
        logLikelihood,
        aic: 4 - 2 * logLikelihood,
        ks,
        ad,
        ksP: p(ksFarther),
        adP: p(adFarther),
      };
    })
    .sort((x, y) => x.aic - y.aic);
}

/** Largest double below 1. */
const BELOW_ONE = 1 - Number.EPSILON / 2;

function distances(sorted: Float64Array, family: SizeFamily, a: number, b: number): { ks: number; ad: number } {
  const n = sorted.length;
  // Rounding makes 0 and 1 of far tails, where a logarithm would be infinite: the doubles next to them take their place.
  const F = sorted.map((x) => Math.min(BELOW_ONE, Math.max(Number.MIN_VALUE, family.cdf(x, a, b))));
  let ks = 0;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    ks = Math.max(ks, (i + 1) / n - F[i]!, F[i]! - i / n); // i < n, as below
    sum += (2 * i + 1) * (Math.log(F[i]!) + Math.log1p(-F[n - 1 - i]!));
  }
  return { ks, ad: -n - sum / n };
}
