import { createRaster, DataError, DomainError, type Raster } from "@materiome/core";
import { inverseRealFft, realFft } from "@materiome/core/numerics";
import { conductionGradient, conductionGreen, conductionOperator } from "../kernels/index.ts";
import { conjugateGradients } from "./conjugateGradients.ts";
import { type PhaseProperty, propertyOfPixels, requirePhases, waves } from "./phaseProperty.ts";
import { type FieldSolverOptions, type ResolvedSolver, resolveSolver } from "./solverOptions.ts";

export interface ConductionFieldOptions extends FieldSolverOptions {
  /** Conductivity k of each phase by its label, at least 0: of heat, charge, or matter (diffusivity), in any one unit. */
  readonly conductivity: PhaseProperty;
  /** Mean gradient of temperature, potential or concentration, along columns and down the rows. */
  readonly gradient: { readonly x: number; readonly y: number };
}

export interface ConductionField {
  /** Gradient of each pixel, x then y, in the unit of the mean gradient. */
  readonly gradient: Raster<Float64Array>;
  /** −k · gradient of each pixel, x then y. */
  readonly flux: Raster<Float64Array>;
  readonly meanFlux: { readonly x: number; readonly y: number };
  readonly iterations: number;
  /** What is out of balance, as `tolerance` counts it. */
  readonly residual: number;
}

/**
 * Local gradient and flux of steady conduction, ∇·(k ∇u) = 0, through a phase map that repeats itself in both directions, under a mean gradient:
 * of heat, of charge, or of matter by diffusion. x runs along the columns, y down the rows; in a plane, as if nothing changed along the third
 * direction.
 *
 * By the Fourier method of Moulinec and Suquet with the rotated scheme of Willot, which does not ring at interfaces, and conjugate gradients
 * (Zeman et al.): iterations grow as the root of the contrast, not with the size. It is solved for the potential, whose iterates have the gradients of
 * the usual form for half the transforms (Ladecký et al.). Exact for layers along the axes; elsewhere interfaces are stairs of pixels, and pixels that
 * touch only by their corners conduct. Where k is 0 (pores) the flux is 0 and the gradient is one of many that fit.
 *
 * @param phases - labels in whole numbers, one channel; of any size
 * @throws ShapeError, DomainError for a map that is none, values out of range, or no gradient; DataError where a phase has no conductivity
 * @throws ConvergenceError where `maxIterations` do not suffice
 * @see H. Moulinec, P. Suquet, doi:10.1016/S0045-7825(97)00218-1; F. Willot, doi:10.1016/j.crme.2014.12.005, eq. (24); J. Zeman, J. Vondřejc,
 * J. Novák, I. Marek, doi:10.1016/j.jcp.2010.07.010; M. Ladecký et al., arXiv:2203.02962
 * @example
 * const { flux, meanFlux } = conductionField(phases, { conductivity: { 0: 15, 1: 400 }, gradient: { x: 1, y: 0 } });
 */
export function conductionField(phases: Raster, options: ConductionFieldOptions): ConductionField {
  const who = "conductionField";
  const { conductivity, gradient: mean } = options;
  if (!(Number.isFinite(mean.x) && Number.isFinite(mean.y) && (mean.x !== 0 || mean.y !== 0))) {
    throw new DomainError(
      `${who}: the mean gradient must be finite and not zero, got x ${mean.x}, y ${mean.y}; without one nothing flows`,
    );
  }
  return solveConduction(who, phases, conductivityOf(who, phases, conductivity), mean, resolveSolver(who, options));
}

/** Conductivity of each pixel. @throws as `conductionField` says */
export function conductivityOf(who: string, phases: Raster, conductivity: PhaseProperty): Float64Array {
  const isAllowed = (k: number): boolean => k >= 0 && Number.isFinite(k);
  const labels = requirePhases(who, phases);
  const k = propertyOfPixels(who, labels, "conductivity", conductivity, isAllowed, "at least 0 and finite");
  if (!k.some((value) => value > 0)) throw new DataError(`${who}: no pixel of the map conducts`);
  return k;
}

export function solveConduction(
  who: string,
  { width, height, pixelSizeUm }: Raster,
  k: Float64Array,
  mean: { readonly x: number; readonly y: number },
  solver: ResolvedSolver,
): ConductionField {
  const { cos: cosX } = waves(width, (width >> 1) + 1);
  const { cos: cosY } = waves(height, height);
  const f = new Float64Array(k.length);
  conductionOperator(width, height, k, -mean.x, -mean.y, new Float64Array(k.length), f);
  // ‖k e‖ in the norm of the reference medium of conductivity 1, in which the residual is measured.
  const scale = Math.hypot(mean.x, mean.y) * Math.sqrt(k.reduce((sum, value) => sum + value * value, 0));
  const {
    x: potential,
    iterations,
    residual,
  } = conjugateGradients(
    who,
    {
      apply: (u, out) => conductionOperator(width, height, k, 0, 0, u, out),
      precondition(r, out) {
        const spectrum = realFft(r, [height, width]);
        conductionGreen(width, height, cosX, cosY, spectrum);
        out.set(inverseRealFft(spectrum, [height, width]));
      },
    },
    f,
    scale,
    solver,
  );
  const gradient = new Float64Array(2 * k.length);
  conductionGradient(width, height, mean.x, mean.y, potential, gradient);
  const flux = new Float64Array(gradient.length);
  const total = [0, 0] as [number, number];
  for (let i = 0; i < flux.length; i++) {
    const q = 0 - k[i >> 1]! * gradient[i]!; // two components a pixel
    flux[i] = q;
    total[i & 1]! += q;
  }
  return {
    gradient: createRaster(gradient, width, height, { channels: 2, pixelSizeUm }),
    flux: createRaster(flux, width, height, { channels: 2, pixelSizeUm }),
    meanFlux: { x: total[0] / k.length, y: total[1] / k.length },
    iterations,
    residual,
  };
}
