import type { Matrix } from "@materiome/core";
import type { PolynomialPart } from "./meanParts.ts";

/**
 * Adds the interventional Shapley values of a polynomial of degree 1 or 2 to `out`, [n, nPlayers].
 *
 * A term c u(x) v(x) of two players gives the first ½ c mean over background rows z of (u(x) − u(z)) (v(x) + v(z)), and the
 * second likewise; a term of one player gives it c (u v(x) − mean of u v(z)). Means of u, v and u v over the background suffice.
 */
export function addPolynomialShap(
  { basis, coefficients, scale }: PolynomialPart,
  x: Matrix,
  background: Matrix,
  player: Int32Array,
  nPlayers: number,
  out: Float64Array,
): void {
  const { first, second, termScale } = basis;
  const { columns: d } = x;
  const z = standardise(basis.centre, basis.scale, x);
  const b = standardise(basis.centre, basis.scale, background);
  const m = background.rows;
  const mean = new Float64Array(d);
  for (let j = 0; j < m; j++) for (let f = 0; f < d; f++) mean[f] = (mean[f] as number) + (b[j * d + f] as number) / m; // f < d
  for (const [k, coefficient] of coefficients.entries()) {
    const c = (scale * coefficient) / (termScale[k] as number); // one per term; the centre of a term cancels
    const u = first[k] as number;
    const v = second[k] as number;
    const meanU = mean[u] as number; // features < d
    const meanV = v < 0 ? 1 : (mean[v] as number);
    let meanUv = meanU;
    if (v >= 0) {
      meanUv = 0;
      for (let j = 0; j < m; j++) meanUv += ((b[j * d + u] as number) * (b[j * d + v] as number)) / m;
    }
    const own = player[u] as number;
    const other = v < 0 ? own : (player[v] as number);
    for (let i = 0; i < x.rows; i++) {
      const xu = z[i * d + u] as number;
      const xv = v < 0 ? 1 : (z[i * d + v] as number);
      const at = i * nPlayers;
      if (own === other) {
        out[at + own] = (out[at + own] as number) + c * (xu * xv - meanUv);
        continue;
      }
      const swap = xu * meanV - xv * meanU;
      const both = xu * xv - meanUv;
      out[at + own] = (out[at + own] as number) + 0.5 * c * (both + swap);
      out[at + other] = (out[at + other] as number) + 0.5 * c * (both - swap);
    }
  }
}

function standardise(centre: Float64Array, scale: Float64Array, { data, columns: d }: Matrix): Float64Array {
  return data.map((value, at) => {
    const spread = scale[at % d] as number; // at % d < d
    return spread === 0 ? 0 : (value - (centre[at % d] as number)) / spread;
  });
}
