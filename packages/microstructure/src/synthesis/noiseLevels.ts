/** Camera noise: photons counted at white (shot noise) and the standard deviation of the read-out, white being 1. */
export interface CameraNoise {
  readonly photonsAtWhite: number;
  readonly readStd: number;
}

export type NoiseLevel = "low" | "medium" | "high";

/**
 * Three named cameras: a well exposed optical micrograph (standard deviation 0.007 of full scale in a light grain), a
 * quick one (0.021), and a fast SEM scan (0.053).
 */
export const NOISE_LEVELS: Readonly<Record<NoiseLevel, CameraNoise>> = {
  low: { photonsAtWhite: 20_000, readStd: 0.004 },
  medium: { photonsAtWhite: 2_500, readStd: 0.012 },
  high: { photonsAtWhite: 400, readStd: 0.03 },
};
