import { createRaster, DataError, DomainError, type Raster } from "@materiome/core";
import { inverseRealFft, realFft } from "@materiome/core/numerics";
import { elasticGreen, elasticOperator, elasticStrain } from "../kernels/index.ts";
import { conjugateGradients } from "./conjugateGradients.ts";
import { type PhaseProperty, propertyOfPixels, requirePhases, waves } from "./phaseProperty.ts";
import { type FieldSolverOptions, type ResolvedSolver, resolveSolver } from "./solverOptions.ts";

export interface ElasticFieldOptions extends FieldSolverOptions {
  /** Young's modulus E of each phase by its label, at least 0, in any one unit of stress; stresses come in the same. */
  readonly young: PhaseProperty;
  /** Poisson's ratio ν of each phase by its label, above −1 and below 0.5. */
  readonly poisson: PhaseProperty;
  /** Mean strain; x along the columns, y down the rows, xy the tensor component (half of the change of the right angle). */
  readonly strain: PlaneStrain;
}

export interface PlaneStrain {
  readonly xx: number;
  readonly yy: number;
  readonly xy: number;
}

export interface ElasticField {
  /** Strain of each pixel: xx, yy, xy (tensor component). */
  readonly strain: Raster<Float64Array>;
  /** Stress of each pixel: xx, yy, xy, and zz, which keeps the thickness. */
  readonly stress: Raster<Float64Array>;
  /** Von Mises stress of each pixel, √(3/2 s : s) of the deviator s of all components. */
  readonly vonMises: Raster<Float64Array>;
  readonly meanStress: PlaneStrain & { readonly zz: number };
  readonly iterations: number;
  /** What is out of balance, as `tolerance` counts it. */
  readonly residual: number;
}

/**
 * Local strain and stress of small elastic deformation in plane strain, ∇·σ = 0 with σ = λ tr(ε) + 2 μ ε, in a map of isotropic phases that repeats
 * itself in both directions, under a mean strain; perfectly bonded. λ = E ν / ((1 + ν)(1 − 2ν)), μ = E / (2 (1 + ν)).
 *
 * The method is that of `conductionField`: exact for layers along the axes; stairs of pixels elsewhere. Where E is 0 (pores) the stress is 0
 * and the strain is one of many that fit. Phases close to incompressible (ν near 0.5) take many iterations.
 *
 * @param phases - labels in whole numbers, one channel; of any size
 * @throws ShapeError, DomainError for a map that is none, values out of range, or no strain; DataError where a phase has no modulus or ratio
 * @throws ConvergenceError where `maxIterations` do not suffice
 * @see H. Moulinec, P. Suquet, doi:10.1016/S0045-7825(97)00218-1; F. Willot, doi:10.1016/j.crme.2014.12.005, eq. (24); J. Zeman, J. Vondřejc,
 * J. Novák, I. Marek, doi:10.1016/j.jcp.2010.07.010; M. Ladecký et al., arXiv:2203.02962
 * @example
 * const steel = { young: { 0: 210, 1: 400 }, poisson: { 0: 0.3, 1: 0.2 } }; // GPa, matrix and carbides
 * const { vonMises } = elasticField(phases, { ...steel, strain: { xx: 1e-3, yy: 0, xy: 0 } });
 */
export function elasticField(phases: Raster, options: ElasticFieldOptions): ElasticField {
  const who = "elasticField";
  const { xx, yy, xy } = options.strain;
  if (![xx, yy, xy].every(Number.isFinite) || (xx === 0 && yy === 0 && xy === 0)) {
    throw new DomainError(`${who}: the mean strain must be finite and not zero, got xx ${xx}, yy ${yy}, xy ${xy}`);
  }
  return solveElasticity(
    who,
    phases,
    moduliOf(who, phases, options.young, options.poisson),
    options.strain,
    resolveSolver(who, options),
  );
}

/** Lamé's moduli of each pixel. */
export interface PixelModuli {
  readonly lambda: Float64Array;
  readonly mu: Float64Array;
}

/** @throws as `elasticField` says */
export function moduliOf(who: string, phases: Raster, young: PhaseProperty, poisson: PhaseProperty): PixelModuli {
  const labels = requirePhases(who, phases);
  const isModulus = (e: number): boolean => e >= 0 && Number.isFinite(e);
  const isRatio = (nu: number): boolean => nu > -1 && nu < 0.5;
  const e = propertyOfPixels(who, labels, "young", young, isModulus, "at least 0 and finite");
  const nu = propertyOfPixels(who, labels, "poisson", poisson, isRatio, "above −1 and below 0.5");
  if (!e.some((value) => value > 0)) throw new DataError(`${who}: no pixel of the map is stiff`);
  return {
    lambda: e.map((value, i) => (value * nu[i]!) / ((1 + nu[i]!) * (1 - 2 * nu[i]!))), // one ratio a pixel
    mu: e.map((value, i) => value / (2 * (1 + nu[i]!))),
  };
}

export function solveElasticity(
  who: string,
  { width, height, pixelSizeUm }: Raster,
  { lambda, mu }: PixelModuli,
  mean: PlaneStrain,
  solver: ResolvedSolver,
): ElasticField {
  const size = width * height;
  const shape = [height, width] as const;
  const { cos: cosX, sin: sinX } = waves(width, (width >> 1) + 1);
  const { cos: cosY, sin: sinY } = waves(height, height);
  const reference = { lambda: middle(lambda), mu: middle(mu) };
  const f = new Float64Array(2 * size);
  elasticOperator(width, height, lambda, mu, -mean.xx, -mean.yy, -mean.xy, new Float64Array(2 * size), f);
  const {
    x: displacement,
    iterations,
    residual,
  } = conjugateGradients(
    who,
    {
      apply: (u, out) => elasticOperator(width, height, lambda, mu, 0, 0, 0, u, out),
      precondition(r, out) {
        const fx = realFft(r.subarray(0, size), shape);
        const fy = realFft(r.subarray(size), shape);
        elasticGreen(width, height, reference.lambda, reference.mu, cosX, sinX, cosY, sinY, fx, fy);
        out.set(inverseRealFft(fx, shape));
        out.set(inverseRealFft(fy, shape), size);
      },
    },
    f,
    uniformStress(lambda, mu, mean, reference),
    solver,
  );
  const strain = new Float64Array(3 * size);
  elasticStrain(width, height, mean.xx, mean.yy, mean.xy, displacement, strain);
  const stress = new Float64Array(4 * size);
  const vonMises = new Float64Array(size);
  const total = { xx: 0, yy: 0, xy: 0, zz: 0 };
  for (let i = 0; i < size; i++) {
    // Three strains and four stresses a pixel.
    const [exx, eyy, exy] = [strain[3 * i]!, strain[3 * i + 1]!, strain[3 * i + 2]!];
    const { xx, yy, xy, zz } = stressOf(lambda[i]!, mu[i]!, exx, eyy, exy);
    stress.set([xx, yy, xy, zz], 4 * i);
    vonMises[i] = Math.sqrt(0.5 * ((xx - yy) ** 2 + (yy - zz) ** 2 + (zz - xx) ** 2) + 3 * xy * xy);
    total.xx += xx / size;
    total.yy += yy / size;
    total.xy += xy / size;
    total.zz += zz / size;
  }
  const raster = (data: Float64Array, channels: number): Raster<Float64Array> =>
    createRaster(data, width, height, { channels, pixelSizeUm });
  return {
    strain: raster(strain, 3),
    stress: raster(stress, 4),
    vonMises: raster(vonMises, 1),
    meanStress: total,
    iterations,
    residual,
  };
}

function stressOf(lambda: number, mu: number, xx: number, yy: number, xy: number) {
  const pressure = lambda * (xx + yy);
  return { xx: pressure + 2 * mu * xx, yy: pressure + 2 * mu * yy, xy: 2 * mu * xy, zz: pressure };
}

/** Between the softest and the stiffest phase: the reference medium for which conjugate gradients need fewest steps, or nearly. */
function middle(values: Float64Array): number {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return (least + most) / 2;
}

/** √Σ σ : S : σ over the pixels of the stress under uniform strain, S the compliance (in the plane) of the reference medium. */
function uniformStress(
  lambda: Float64Array,
  mu: Float64Array,
  mean: PlaneStrain,
  reference: { readonly lambda: number; readonly mu: number },
): number {
  const bulk = reference.lambda + reference.mu;
  let sum = 0;
  for (let i = 0; i < mu.length; i++) {
    const { xx, yy, xy } = stressOf(lambda[i]!, mu[i]!, mean.xx, mean.yy, mean.xy); // i < length
    const [pressure, half] = [(xx + yy) / 2, (xx - yy) / 2];
    sum += (pressure * pressure) / bulk + (half * half + xy * xy) / reference.mu;
  }
  return Math.sqrt(sum);
}
