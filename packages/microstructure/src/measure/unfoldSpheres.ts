import { DataError, DomainError } from "@materiome/core";

export interface UnfoldSpheresOptions {
  /** Number of classes up to the largest section. @defaultValue 12 */
  readonly nClasses?: number | undefined;
  /**
   * Class edges in equal steps ("linear", Schwartz–Saltykov) or in steps of 10^0.1 ("logarithmic", Saltykov's area method).
   * @defaultValue "linear"
   */
  readonly scale?: "linear" | "logarithmic" | undefined;
}

export interface SphereClass {
  /** Edges of the class; the spheres in it are taken to have the upper one. */
  readonly from: number;
  readonly to: number;
  /** Sections counted, and their number per area. */
  readonly nSections: number;
  readonly sectionsPerArea: number;
  /** N_V of spheres; may come out negative from noise. */
  readonly spheresPerVolume: number;
}

export interface UnfoldedSpheres {
  readonly classes: readonly SphereClass[];
  /** Sums over all classes, negative ones included: N_V, mean diameter N_A / N_V, and V_V. */
  readonly spheresPerVolume: number;
  readonly meanDiameter: number;
  readonly volumeFraction: number;
  /** Share of N_V in negative classes, by magnitude: large where there are too few sections for so many classes. */
  readonly negativeShare: number;
}

/**
 * Size distribution of spheres in space from the diameters of their circular sections (Saltykov unfolding).
 *
 * A sphere of diameter D_j gives sections between a and b at the rate √(D_j² − a²) − √(D_j² − b²) per N_V, so
 * N_A,i = Σ_j≥i N_V,j (√(D_j² − e_i−1²) − √(D_j² − e_i²)), solved from the largest class down. With the logarithmic scale the
 * inverse has Saltykov's coefficients 1.6461, −0.4561, −0.1162, −0.0415, −0.0173, …; sections below its lowest edge are
 * counted to the lowest class. Units: those of the diameters. Nothing is clipped: negative classes show the noise.
 *
 * @param diameters - of whole sections of bodies taken to be spheres; > 0
 * @param area - of the field in which they were counted
 * @throws DataError without sections, or for diameters that are not positive
 * @throws DomainError for an area or a number of classes out of range
 * @see S. A. Saltykov, in Stereology (ed. H. Elias), Springer 1967, p. 163; E. E. Underwood, Quantitative Stereology (1970), ch. 5
 * @example
 * const { meanDiameter } = unfoldSpheres(regions.map((r) => r.equivalentDiameterPx), 512 * 512);
 */
export function unfoldSpheres(
  diameters: readonly number[],
  area: number,
  options: UnfoldSpheresOptions = {},
): UnfoldedSpheres {
  const { nClasses = 12, scale = "linear" } = options;
  if (!(area > 0 && Number.isFinite(area)) || !(Number.isSafeInteger(nClasses) && nClasses >= 1)) {
    throw new DomainError(`unfoldSpheres: needs area > 0 and at least one class, got ${area} and ${nClasses}`);
  }
  const bad = diameters.findIndex((d) => !(d > 0 && Number.isFinite(d)));
  if (diameters.length === 0 || bad >= 0) {
    throw new DataError(
      diameters.length === 0
        ? "unfoldSpheres: there are no sections"
        : `unfoldSpheres: diameter ${bad + 1} of ${diameters.length} is ${diameters[bad]}; all must be positive`,
    );
  }
  const largest = diameters.reduce((a, b) => Math.max(a, b), 0);
  const edges = Array.from({ length: nClasses + 1 }, (_, i) =>
    scale === "linear" ? (largest * i) / nClasses : i === 0 ? 0 : largest * 10 ** (-(nClasses - i) / 10),
  );
  const counts = new Array<number>(nClasses).fill(0);
  for (const d of diameters) {
    let i = nClasses - 1;
    while (i > 0 && d <= edges[i]!) i--; // 0 < i < nClasses
    counts[i]! += 1;
  }
  const rate = (i: number, j: number): number => {
    const D2 = edges[j + 1]! ** 2; // i ≤ j < nClasses
    return Math.sqrt(D2 - edges[i]! ** 2) - Math.sqrt(Math.max(0, D2 - edges[i + 1]! ** 2));
  };
  const perVolume = new Array<number>(nClasses).fill(0);
  for (let i = nClasses - 1; i >= 0; i--) {
    let rest = counts[i]! / area;
    for (let j = i + 1; j < nClasses; j++) rest -= perVolume[j]! * rate(i, j);
    perVolume[i] = rest / rate(i, i);
  }
  const classes = perVolume.map(
    (spheresPerVolume, i): SphereClass => ({
      from: edges[i]!,
      to: edges[i + 1]!,
      nSections: counts[i]!,
      sectionsPerArea: counts[i]! / area,
      spheresPerVolume,
    }),
  );
  const sum = (value: (c: SphereClass) => number): number => classes.reduce((total, c) => total + value(c), 0);
  const spheresPerVolume = sum((c) => c.spheresPerVolume);
  return {
    classes,
    spheresPerVolume,
    meanDiameter: diameters.length / area / spheresPerVolume,
    volumeFraction: sum((c) => (c.spheresPerVolume * Math.PI * c.to ** 3) / 6),
    negativeShare: sum((c) => Math.max(0, -c.spheresPerVolume)) / sum((c) => Math.abs(c.spheresPerVolume)),
  };
}
