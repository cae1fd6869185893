import { createRaster, DomainError, type LabelMap, type Random } from "@materiome/core";
import { advancePotts, createPottsLattice, type PottsLattice, periodicIntercepts } from "../kernels/index.ts";

/** A polycrystal on a torus: opposite borders touch. */
export interface GrainStructure {
  /** Grain of each lattice site, 1 … nGrains; a grain may cross the border. */
  readonly grains: LabelMap;
  readonly nGrains: number;
  /** Mean lineal intercept over 0°, 45°, 90°, 135° of the torus, lattice sites. */
  readonly meanInterceptSites: number;
}

export interface GrowStartOptions {
  /** Lattice sites, at least 16. */
  readonly width: number;
  readonly height: number;
  /** Wanted mean intercept, lattice sites; at least 5. */
  readonly meanInterceptSites: number;
  /** kT of the lattice in units of the bond energy; not the furnace temperature. @defaultValue 1 */
  readonly latticeTemperature?: number | undefined;
}

/**
 * Polycrystal of a wanted mean intercept, grown by the Potts model from a random state (every site its own grain).
 *
 * It is the start of anneals: the first steps from a random state do not follow the parabolic law. Growing is the
 * expensive part, so keep the result and hand it to each `simulateAnneal` that starts from this size.
 *
 * @param options - lattice and size
 * @param random - the same stream gives the same structure
 * @returns structure whose mean intercept is within 2 % of the one asked for
 * @throws DomainError for sizes outside their range, or a lattice too small to hold 20 grains of that size
 * @example
 * const start = growStart({ width: 256, height: 256, meanInterceptSites: 7 }, createRandom(1));
 */
export function growStart(options: GrowStartOptions, random: Random): GrainStructure {
  const { width, height, meanInterceptSites: target } = options;
  for (const [name, value] of [
    ["width", width],
    ["height", height],
  ] as const) {
    if (!(Number.isSafeInteger(value) && value >= 16 && value <= 16_384)) {
      throw new DomainError(`growStart: ${name} must be an integer of 16 … 16384 lattice sites, got ${value}`);
    }
  }
  if (!(target >= 5)) {
    throw new DomainError(
      `growStart: meanInterceptSites must be at least 5, got ${target}; grains no larger than the neighbourhood do not grow as a polycrystal`,
    );
  }
  if (target > Math.sqrt((width * height) / 25)) {
    throw new DomainError(
      `growStart: grains of ${target} sites do not fit ${width} × ${height} sites 20 times; enlarge the lattice`,
    );
  }
  const kT = checkLatticeTemperature("growStart", options.latticeTemperature);
  const spins = Int32Array.from({ length: width * height }, (_, site) => site);
  const lattice = createLattice(width, height, spins, random);
  let intercept = meanIntercept(lattice);
  for (let round = 0; intercept < 0.995 * target && round < 10_000; round++) {
    const wanted = (target * target - intercept * intercept) / (2 * PARABOLIC_RATE);
    advancePotts(lattice, Math.max(0.25, wanted), kT);
    intercept = meanIntercept(lattice);
  }
  return snapshot(lattice);
}

/** kT of the lattice, checked. */
export function checkLatticeTemperature(caller: string, latticeTemperature: number | undefined): number {
  const kT = latticeTemperature ?? 1;
  if (kT >= 0 && kT <= 2) return kT;
  throw new DomainError(
    `${caller}: latticeTemperature must lie in 0 … 2 (bond energies; above, boundaries dissolve), got ${kT}`,
  );
}

/** Growth of L² per Monte Carlo step, sites², for 20 neighbours at kT = 1 (the tests hold 1.4 … 1.9); only sets step lengths here. */
export const PARABOLIC_RATE = 1.6;

/**
 * Neighbourhood: the 20 sites within √5, the 5 × 5 square without its corners. The tests hold the directional intercepts
 * within 5 % of each other and the growth exponent in 0.45 … 0.55.
 */
const NEIGHBOURS: Int8Array = Int8Array.from(
  [-2, -1, 0, 1, 2].flatMap((dy) =>
    [-2, -1, 0, 1, 2].flatMap((dx) => (dx * dx + dy * dy > 0 && dx * dx + dy * dy <= 5 ? [dx, dy] : [])),
  ),
);

/** Lattice ready to advance; takes over `spins`. */
export function createLattice(width: number, height: number, spins: Int32Array, random: Random): PottsLattice {
  const stream = Int32Array.from({ length: 4 }, () => random.int(4294967296) | 0);
  return createPottsLattice(width, height, spins, NEIGHBOURS, stream);
}

export function snapshot(lattice: PottsLattice): GrainStructure {
  const { width, height, spins } = lattice;
  const number = new Map<number, number>();
  const grains = new Uint32Array(spins.length);
  for (const [site, spin] of spins.entries()) {
    let grain = number.get(spin);
    if (grain === undefined) {
      grain = number.size + 1;
      number.set(spin, grain);
    }
    grains[site] = grain;
  }
  return {
    grains: createRaster(grains, width, height),
    nGrains: number.size,
    meanInterceptSites: meanIntercept(lattice),
  };
}

function meanIntercept(lattice: PottsLattice): number {
  const { width, height, spins } = lattice;
  const changes = new Float64Array(4);
  periodicIntercepts(width, height, spins, changes);
  const length = 2 * (1 + Math.SQRT2) * width * height;
  return length / changes.reduce((sum, n) => sum + n, 0);
}
