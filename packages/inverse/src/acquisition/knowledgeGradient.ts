import { createMatrix, DomainError, type FeatureMatrix } from "@materiome/core";
import { logSumExp, normalCdf, normalPdf } from "@materiome/core/numerics";
import { logPositivePart } from "../pareto/logPositivePart.ts";
import type { SurrogateModel } from "../surrogate/surrogate.ts";
import type { DifferentiableAcquisition } from "./acquisition.ts";
import { createAnchors } from "./anchors.ts";

export interface KnowledgeGradientOptions {
  /** Points where the best may lie, beside x itself: at most a few dozen. */
  readonly candidates: FeatureMatrix;
  /** Variance of a measurement around the function, in units of the model squared, at least 0. @defaultValue 0 */
  readonly noiseVariance?: number | undefined;
}

/**
 * Logarithm of the knowledge gradient: how much a measurement at x is expected to raise the largest posterior mean among the
 * candidates and x, ln E[max_j (a_j + b_j Z)] − max a_j, with b_j = cov(f(x_j), f(x)) / √(var f(x) + noise). Exact for these points, by
 * the upper envelope of the lines.
 *
 * @throws DomainError for a negative noise variance
 * @see Frazier, Powell & Dayanik, INFORMS J. Comput. 21, 599 (2009), doi:10.1287/ijoc.1080.0314, algorithm 1; Scott, Frazier &
 * Powell, SIAM J. Optim. 21, 996 (2011), doi:10.1137/100801275 (x among the points, gradient)
 */
export function logKnowledgeGradient(
  model: SurrogateModel,
  options: KnowledgeGradientOptions,
): DifferentiableAcquisition {
  const { candidates, noiseVariance = 0 } = options;
  if (!(noiseVariance >= 0)) {
    throw new DomainError(`logKnowledgeGradient: noiseVariance must be at least 0, got ${noiseVariance}`);
  }
  const anchors = createAnchors(model, candidates);
  const k = anchors.count;
  const intercepts = new Float64Array(k + 1);
  const slopes = new Float64Array(k + 1);
  /** Intercepts and slopes of all lines, x last; returns √(variance + noise). */
  const fill = (mean: number, variance: number, cross: Float64Array): number => {
    const total = Math.sqrt(Math.max(variance + noiseVariance, 1e-24));
    intercepts.set(anchors.mean);
    intercepts[k] = mean;
    for (let j = 0; j < k; j++) slopes[j] = (cross[j] as number) / total; // j < k
    slopes[k] = variance / total;
    return total;
  };
  return {
    name: "log knowledge gradient",
    isLog: true,
    value(x) {
      const { mean, variance, cross } = anchors.moments(x);
      return mean.map((mu, i) => {
        fill(mu, variance[i] as number, cross.data.subarray(i * k, (i + 1) * k));
        return logExpectedRise(upperEnvelope(intercepts, slopes), slopes);
      });
    },
    gradient(x) {
      const d = x.columns;
      const { mean, variance, cross, dMean, dVariance, dCross } = anchors.gradient(x);
      const gradient = createMatrix(x.rows, d);
      const value = mean.map((mu, i) => {
        const v = variance[i] as number;
        const total = fill(mu, v, cross.data.subarray(i * k, (i + 1) * k));
        const envelope = upperEnvelope(intercepts, slopes);
        const here = logExpectedRise(envelope, slopes);
        const best = intercepts.indexOf(Math.max(...intercepts));
        const scale = Math.exp(-here);
        for (let f = 0; f < d; f++) {
          const at = i * d + f;
          const dv = dVariance.data[at] as number;
          let rise = best === k ? -(dMean.data[at] as number) : 0;
          for (const { line, from, to } of envelope) {
            if (line === k) rise += (dMean.data[at] as number) * (normalCdf(to) - normalCdf(from));
            const dTop = line === k ? dv : (dCross[line]?.data[at] as number);
            const db = dTop / total - ((slopes[line] as number) * dv) / (2 * total * total);
            rise += db * (normalPdf(from) - normalPdf(to));
          }
          gradient.data[at] = Number.isFinite(scale) ? scale * rise : 0;
        }
        return here;
      });
      return { value, gradient };
    },
  };
}

/** A line of the upper envelope and where it is the largest. */
interface Piece {
  readonly line: number;
  readonly from: number;
  readonly to: number;
}

/** The lines a + b z that are largest somewhere, by rising slope. */
function upperEnvelope(a: Float64Array, b: Float64Array): Piece[] {
  const order = [...a.keys()].sort(
    (i, j) => (b[i] as number) - (b[j] as number) || (a[i] as number) - (a[j] as number),
  );
  const lines: number[] = [];
  const starts: number[] = [];
  for (const line of order) {
    let start = Number.NEGATIVE_INFINITY;
    while (lines.length > 0) {
      const top = lines.at(-1) as number; // there is one
      const rise = (b[line] as number) - (b[top] as number);
      // Equal slopes: the later has the larger intercept, and the earlier is nowhere the largest.
      start = rise > 0 ? ((a[top] as number) - (a[line] as number)) / rise : Number.NEGATIVE_INFINITY;
      if (rise > 0 && start > (starts.at(-1) as number)) break;
      lines.pop();
      starts.pop();
      start = Number.NEGATIVE_INFINITY;
    }
    lines.push(line);
    starts.push(start);
  }
  return lines.map((line, p) => ({
    line,
    from: starts[p] as number,
    to: starts[p + 1] ?? Number.POSITIVE_INFINITY,
  }));
}

/** ln Σ (b_{p+1} − b_p) h(−|c_p|) over the breaks c_p of the envelope. */
function logExpectedRise(envelope: readonly Piece[], b: Float64Array): number {
  const terms = envelope.slice(1).map(({ line, from }, p) => {
    const before = envelope[p] as Piece; // p is one behind
    return Math.log((b[line] as number) - (b[before.line] as number)) + logPositivePart(-Math.abs(from));
  });
  return logSumExp(terms);
}
