import type { Random } from "@materiome/core";

/** One anneal of the demo: what a furnace operator sets, and the material that goes in. */
export interface Anneal {
  readonly temperatureC: number;
  readonly timeMin: number;
  /** Index of the starting material in {@link DEMO.startingGrainSizesUm}. */
  readonly start: number;
}

/**
 * The made-up but physical world of the demo: a single-phase metal whose grains grow by boundary migration.
 *
 * Growth: Monte Carlo steps = K₀·t·exp(−Q/(R·T)). Strength: σ_y = σ₀ + k_y·d^(−1/2) (Hall, Proc. Phys. Soc. B 64, 747
 * (1951), doi:10.1088/0370-1301/64/9/303; Petch, J. Iron Steel Inst. 174, 25 (1953)) of the mean lineal intercept, with
 * normal test scatter. The constants are made up, in size those of a ferritic steel.
 */
export const DEMO = {
  /** Lattice of the simulator; the camera sees each site as 2 × 2 pixels with smooth boundaries. */
  latticeSites: 288,
  siteSizeUm: 1.5,
  pixelsPerSite: 2,
  /** The hottest and longest anneals leave just under 200 for some seeds; the intercept of 100 is still known to a few per cent. */
  leastGrains: 100,
  temperaturesC: [825, 865, 905, 945],
  timesMin: [15, 70, 300],
  startingGrainSizesUm: [10, 12, 14],
  kinetics: { prefactorPerS: 8e5, activationEnergyJPerMol: 190_000 },
  hallPetch: { frictionStressMPa: 100, coefficientMPaUm: 600, testScatterMPa: 4 },
  /** The order of the engineer: yield strength and how far off it may be. */
  wanted: { strengthMPa: 248, toleranceMPa: 7 },
} as const;

export const DEMO_PIXEL_SIZE_UM: number = DEMO.siteSizeUm / DEMO.pixelsPerSite;

/** The full process grid, each temperature and time shifted a little as in real furnace logs. */
export function planAnneals(random: Random): Anneal[] {
  const anneals: Anneal[] = [];
  for (const temperature of DEMO.temperaturesC) {
    for (const time of DEMO.timesMin) {
      for (const start of DEMO.startingGrainSizesUm.keys()) {
        anneals.push({
          temperatureC: temperature + random.int(21) - 10,
          timeMin: Math.round(time * 1.25 ** (2 * random.next() - 1)),
          start,
        });
      }
    }
  }
  return anneals;
}

export function kelvin(celsius: number): number {
  return celsius + 273.15;
}
