import { DomainError, type LabelMap, type Random } from "@materiome/core";
import { advancePotts } from "../kernels/index.ts";
import { type AnnealKinetics, monteCarloSteps } from "./annealKinetics.ts";
import { checkLatticeTemperature, createLattice, type GrainStructure, growStart, snapshot } from "./grainStructure.ts";
import { magnifyLabels } from "./magnifyLabels.ts";

export interface SimulateAnnealOptions {
  /** Lattice sites. Not with `start`. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /** Mean lineal intercept before the anneal, µm. Not with `start`. */
  readonly startingGrainSizeUm?: number | undefined;
  /** Start grown before by `growStart`, in place of the three above. */
  readonly start?: GrainStructure | undefined;
  /** Edge of a lattice site, µm. */
  readonly siteSizeUm: number;
  readonly temperatureK: number;
  readonly timeS: number;
  readonly kinetics: AnnealKinetics;
  /** Pixels per lattice site of the returned map. @defaultValue 1 */
  readonly magnification?: number | undefined;
  /** Fewest grains that still count as a statistic; fewer is an error. @defaultValue 200 */
  readonly minGrains?: number | undefined;
  /** kT of the lattice in bond energies: frees flat boundaries from the lattice; not the furnace temperature. @defaultValue 1 */
  readonly latticeTemperature?: number | undefined;
}

export interface AnnealedStructure {
  /** Picture of the structure: grains cut by the border are separate regions; smooth, zero-thickness boundaries. */
  readonly labels: LabelMap;
  readonly timeS: number;
  readonly monteCarloSteps: number;
  /**
   * Mean lineal intercept over 0°, 45°, 90°, 135° of the lattice, µm. The smooth boundaries of `labels` measure about 1 %
   * more: compare a digitized picture with `interceptGrainSize(labels)`.
   */
  readonly meanInterceptUm: number;
  /** Grains on the torus, cut by no border. */
  readonly nGrains: number;
  /** Structure on the lattice; a start for further anneals. */
  readonly structure: GrainStructure;
}

/**
 * Simulates normal grain growth in a furnace: temperature and time become Monte Carlo steps of a 2-D Potts model.
 *
 * Steps = K₀·t·exp(−Q/RT) (`monteCarloSteps`) from a grown start; energy = number of unlike pairs among 20 neighbours on
 * a periodic square lattice; each attempt offers a site the spin of an unlike neighbour with Metropolis acceptance at the
 * lattice temperature. Every initial site has its own spin, so grains never merge by coincidence. Mean size follows
 * L² − L₀² = c·steps with c ≈ 1.6 sites² per step at the default kT.
 *
 * @param options - furnace, kinetics, lattice
 * @param random - one stream for start and anneal
 * @throws DomainError for settings outside their range, or if fewer than `minGrains` grains are left
 * @see M. P. Anderson et al., Acta Metall. 32, 783 (1984), doi:10.1016/0001-6160(84)90151-2; choice of the candidate among
 *   the neighbours: E. A. Holm, C. C. Battaile, JOM 53(9), 20 (2001), doi:10.1007/s11837-001-0063-2
 * @example
 * const annealed = simulateAnneal(
 *   {
 *     width: 256, height: 256, siteSizeUm: 1, startingGrainSizeUm: 7, temperatureK: 1173, timeS: 1800,
 *     kinetics: { prefactorPerS: 3e6, activationEnergyJPerMol: 180e3 }, magnification: 3,
 *   },
 *   createRandom(1),
 * );
 * annealed.meanInterceptUm;
 */
export function simulateAnneal(options: SimulateAnnealOptions, random: Random): AnnealedStructure {
  const [last] = simulateAnnealSeries({ ...options, timesS: [options.timeS] }, random);
  if (last === undefined) throw new DomainError("simulateAnneal: no time given");
  return last;
}

export interface SimulateAnnealSeriesOptions extends Omit<SimulateAnnealOptions, "timeS"> {
  /** Times at temperature, s, not decreasing. */
  readonly timesS: readonly number[];
}

/**
 * The structures that one isothermal anneal passes through at several times; else as `simulateAnneal`.
 *
 * @returns one structure per time, in their order
 * @throws DomainError as `simulateAnneal`, and if the times decrease
 * @example
 * const kinetics = { prefactorPerS: 3e6, activationEnergyJPerMol: 180e3 };
 * const furnace = { width: 256, height: 256, siteSizeUm: 1, startingGrainSizeUm: 7, temperatureK: 1173, kinetics };
 * const series = simulateAnnealSeries({ ...furnace, timesS: [0, 600, 1200, 1800] }, createRandom(1));
 */
export function simulateAnnealSeries(options: SimulateAnnealSeriesOptions, random: Random): AnnealedStructure[] {
  const { siteSizeUm, temperatureK, timesS, kinetics } = options;
  const minGrains = options.minGrains ?? 200;
  const kT = checkLatticeTemperature("simulateAnneal", options.latticeTemperature);
  if (!(siteSizeUm > 0 && Number.isFinite(siteSizeUm))) {
    throw new DomainError(`simulateAnneal: siteSizeUm must be positive, got ${siteSizeUm}`);
  }
  const steps = timesS.map((timeS) => monteCarloSteps(kinetics, temperatureK, timeS));
  const start = resolveStart(options, random.fork("start"));
  const { width, height } = start.grains;
  const lattice = createLattice(width, height, Int32Array.from(start.grains.data), random.fork("anneal"));
  const results: AnnealedStructure[] = [];
  let done = 0;
  for (const [i, target] of steps.entries()) {
    if (target < done) throw new DomainError("simulateAnneal: timesS must not decrease");
    while (done < target) {
      const stride = Math.min(target - done, Math.max(20, 0.5 * done));
      advancePotts(lattice, stride, kT);
      done = target - done <= stride ? target : done + stride;
      if (done < target) requireGrains(countGrains(lattice.spins), minGrains, done, target, options);
    }
    const structure = snapshot(lattice);
    requireGrains(structure.nGrains, minGrains, done, target, options);
    results.push({
      labels: picture(structure, options.magnification ?? 1, siteSizeUm),
      timeS: timesS[i] ?? 0,
      monteCarloSteps: target,
      meanInterceptUm: structure.meanInterceptSites * siteSizeUm,
      nGrains: structure.nGrains,
      structure,
    });
  }
  return results;
}

function resolveStart(options: SimulateAnnealSeriesOptions, random: Random): GrainStructure {
  const { start, width, height, startingGrainSizeUm, siteSizeUm } = options;
  if (start !== undefined) {
    if (width !== undefined || height !== undefined || startingGrainSizeUm !== undefined) {
      throw new DomainError("simulateAnneal: give either start, or width, height and startingGrainSizeUm, not both");
    }
    return start;
  }
  if (width === undefined || height === undefined || startingGrainSizeUm === undefined) {
    throw new DomainError("simulateAnneal: needs width, height and startingGrainSizeUm, or a start from growStart");
  }
  const meanInterceptSites = startingGrainSizeUm / siteSizeUm;
  return growStart({ width, height, meanInterceptSites, latticeTemperature: options.latticeTemperature }, random);
}

function countGrains(spins: Int32Array): number {
  return new Set(spins).size;
}

function requireGrains(
  nGrains: number,
  minGrains: number,
  done: number,
  target: number,
  options: SimulateAnnealSeriesOptions,
): void {
  if (nGrains >= minGrains) return;
  throw new DomainError(
    `simulateAnneal: ${nGrains} grains are left after ${done.toFixed(0)} of ${target.toFixed(0)} Monte Carlo steps at ` +
      `temperatureK ${options.temperatureK}, but minGrains is ${minGrains}; lower temperatureK or the time, or enlarge ` +
      `width × height by ${Math.max(2, Math.ceil(minGrains / Math.max(1, nGrains)))} or more`,
  );
}

function picture(structure: GrainStructure, magnification: number, siteSizeUm: number): LabelMap {
  return magnifyLabels({ ...structure.grains, pixelSizeUm: siteSizeUm }, magnification, { isPeriodic: true });
}
