import { erfcx, logNormalCdf, logSumExp } from "@materiome/core/numerics";
import { boxExpectation, logBoxExpectation } from "../kernels/index.ts";
import type { BoxDecomposition } from "./boxDecomposition.ts";
import { logNormalPdf, logPositivePart } from "./logPositivePart.ts";

/** Below this, sums of products are taken again as sums of logarithms. */
const LEAST_PLAIN = 1e-200;
const SQRT_2PI = Math.sqrt(2 * Math.PI);
const SQRT_HALF_PI = Math.sqrt(Math.PI / 2);

/** ln of the mean over fronts, and its derivatives: by the mean of each front and objective, and by the standard deviations. */
export interface AverageImprovement {
  readonly logValue: number;
  /** [S, m] */
  readonly dMean: Float64Array;
  /** [m] */
  readonly dStd: Float64Array;
}

/**
 * ln of the mean over S fronts of the expected hypervolume improvement of one outcome, independent and normal in each objective,
 * with a mean for each front and standard deviations shared by all:
 * EHVI = Σ over boxes Π_j (ψ_j(u_j) − ψ_j(l_j)), ψ_j(t) = E[max(0, t − Y_j)] = σ_j h((t − μ_j)/σ_j).
 *
 * @param means [S, m]
 * @param std [m], positive
 */
export function averageImprovement(
  fronts: readonly BoxDecomposition[],
  means: Float64Array,
  std: Float64Array,
): AverageImprovement {
  const m = std.length;
  const logStds = std.reduce((sum, s) => sum + Math.log(s), 0);
  const plain = plainSums(fronts, means, std);
  const dMean = new Float64Array(fronts.length * m);
  const dStd = new Float64Array(m);
  if (plain.total > LEAST_PLAIN * fronts.length) {
    dMean.forEach((_, i) => {
      dMean[i] = -(plain.dCdf[i] as number) / (plain.total * (std[i % m] as number)); // i < S m
      dStd[i % m] = (dStd[i % m] as number) + (plain.dPdf[i] as number) / (plain.total * (std[i % m] as number));
    });
    return { logValue: Math.log(plain.total / fronts.length) + logStds, dMean, dStd };
  }
  const logs = fronts.map((front, s) => logSum(front, means.subarray(s * m, (s + 1) * m), std));
  const total = logSumExp(logs.map(({ value }) => value));
  if (total === Number.NEGATIVE_INFINITY) return { logValue: total, dMean, dStd };
  logs.forEach(({ value, dCdf, dPdf }, s) => {
    const share = Math.exp(value - total);
    for (let j = 0; j < m; j++) {
      const scale = std[j] as number; // j < m
      dMean[s * m + j] = (-share * (dCdf[j] as number)) / scale;
      dStd[j] = (dStd[j] as number) + (share * (dPdf[j] as number)) / scale;
    }
  });
  return { logValue: total - Math.log(fronts.length) + logStds, dMean, dStd };
}

/** Σ over fronts and boxes of products of h, with what its derivatives are made of. */
function plainSums(fronts: readonly BoxDecomposition[], means: Float64Array, std: Float64Array) {
  const m = std.length;
  const dCdf = new Float64Array(fronts.length * m);
  const dPdf = new Float64Array(fronts.length * m);
  let total = 0;
  fronts.forEach((front, s) => {
    const h = new Float64Array(front.edges.length);
    const cdf = new Float64Array(front.edges.length);
    const pdf = new Float64Array(front.edges.length);
    eachEdge(front, means.subarray(s * m, (s + 1) * m), std, (i, z) => {
      if (z === Number.NEGATIVE_INFINITY) return;
      const density = Math.exp(-0.5 * z * z) / SQRT_2PI;
      // Φ(−|z|) = φ(z) √(π/2) erfcx(|z|/√2); one exponential and one erfcx serve all three.
      const mills = SQRT_HALF_PI * erfcx(Math.abs(z) / Math.SQRT2);
      const below = z < 0 ? density * mills : 1 - density * mills;
      pdf[i] = density;
      cdf[i] = below;
      h[i] = z < -1 ? density * (1 + z * mills) : density + z * below;
    });
    const [dc, dp] = [dCdf.subarray(s * m, (s + 1) * m), dPdf.subarray(s * m, (s + 1) * m)];
    total += boxExpectation(front.nBoxes, m, front.lowerEdge, front.upperEdge, h, cdf, pdf, dc, dp);
  });
  return { total, dCdf, dPdf };
}

function logSum(front: BoxDecomposition, mean: Float64Array, std: Float64Array) {
  const { nBoxes, edges, lowerEdge, upperEdge } = front;
  const m = std.length;
  const [logH, logCdf, logPdf] = [edges, edges, edges].map(() =>
    new Float64Array(edges.length).fill(Number.NEGATIVE_INFINITY),
  ) as [Float64Array, Float64Array, Float64Array];
  eachEdge(front, mean, std, (i, z) => {
    if (z === Number.NEGATIVE_INFINITY) return;
    logH[i] = logPositivePart(z);
    logCdf[i] = logNormalCdf(z);
    logPdf[i] = logNormalPdf(z);
  });
  const dCdf = new Float64Array(m);
  const dPdf = new Float64Array(m);
  const terms = new Float64Array(nBoxes);
  const value = logBoxExpectation(nBoxes, m, lowerEdge, upperEdge, logH, logCdf, logPdf, terms, dCdf, dPdf);
  return { value, dCdf, dPdf };
}

function eachEdge(
  front: BoxDecomposition,
  mean: Float64Array,
  std: Float64Array,
  visit: (edge: number, z: number) => void,
): void {
  for (let j = 0; j < std.length; j++) {
    const end = front.start[j + 1] as number; // start has m + 1 numbers
    for (let i = front.start[j] as number; i < end; i++) {
      visit(i, ((front.edges[i] as number) - (mean[j] as number)) / (std[j] as number));
    }
  }
}
