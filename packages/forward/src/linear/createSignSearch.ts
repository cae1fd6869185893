import { cholesky } from "@materiome/core/numerics";

/** Least l2, without which features that others tell have no coefficients of their own. */
const LEAST_L2 = 1e-10;
/** A coefficient of 0 stays where its pull exceeds l1 by no more than this, in standard deviations of the target. */
export const TOLERANCE = 1e-10;
/** Steps for each feature, of which a fit from the neighbouring penalty takes a few in all. */
export const MOST_STEPS = 50;

/**
 * Minimises ½ wᵀ G w − cᵀ w + l1 Σ |w| + ½ l2 Σ w² from the w given, in place.
 *
 * @returns whether the minimum was found
 */
export type SignSearch = (l1: number, l2: number, w: Float64Array) => boolean;

/**
 * Feature-sign search. Given the signs of the coefficients that are not 0, these solve a linear system; where its solution would turn
 * a sign, the step ends at 0 and that one leaves. Of those that are 0 the one with the largest pull above l1 enters, until none has any:
 * the conditions for the minimum then hold to rounding. The Cholesky factor of the system follows what enters and leaves, so a step costs
 * p m for m coefficients. Descent by coordinates takes many thousand sweeps where features nearly repeat each other, as those computed
 * from one composition do.
 *
 * @param gram - G, symmetric, [p, p]
 * @param pull - c, [p]
 * @see Lee, Battle, Raina & Ng, NeurIPS 19, 801 (2006); Osborne, Presnell & Turlach, IMA J. Numer. Anal. 20, 389 (2000),
 * doi:10.1093/imanum/20.3.389
 */
export function createSignSearch(gram: Float64Array, pull: Float64Array): SignSearch {
  const p = pull.length;
  const active = new Int32Array(p);
  const signs = new Int8Array(p);
  const isActive = new Uint8Array(p);
  const rest = new Float64Array(p);
  const aim = new Float64Array(p);
  let size = 0;
  let room = Math.min(p, 32);
  /** Lower triangle of the factor of the active features, [room, room]. */
  let factor = new Float64Array(room * room);

  const enter = (j: number, sign: number, l2: number): void => {
    if (size === room) {
      const wider = Math.min(p, 2 * room);
      const next = new Float64Array(wider * wider);
      for (let a = 0; a < size; a++) next.set(factor.subarray(a * room, a * room + size), a * wider);
      [factor, room] = [next, wider];
    }
    const [lower, width, at] = [factor, room, size * room];
    let left = (gram[j * p + j] as number) + l2; // features, and places below the size, here and below
    for (let a = 0; a < size; a++) {
      const row = a * width;
      let sum = gram[j * p + (active[a] as number)] as number;
      for (let b = 0; b < a; b++) sum -= (lower[at + b] as number) * (lower[row + b] as number);
      sum /= lower[row + a] as number;
      lower[at + a] = sum;
      left -= sum * sum;
    }
    lower[at + size] = Math.sqrt(Math.max(left, LEAST_L2 / 2)); // less is rounding
    active[size] = j;
    signs[j] = sign;
    isActive[j] = 1;
    size++;
  };

  /** The factor for the coefficients that are not 0. */
  const begin = (w: Float64Array, l2: number): void => {
    size = 0;
    isActive.fill(0);
    for (let j = 0; j < p; j++) {
      if (w[j] === 0) continue;
      active[size++] = j;
      signs[j] = Math.sign(w[j] as number);
      isActive[j] = 1;
    }
    const own = new Float64Array(size * size);
    for (let a = 0; a < size; a++) {
      const row = (active[a] as number) * p;
      for (let b = 0; b <= a; b++) own[a * size + b] = gram[row + (active[b] as number)] as number;
      own[a * size + a] = (own[a * size + a] as number) + l2;
    }
    const lower = cholesky({ rows: size, columns: size, data: own }).lower.data;
    if (size > room) {
      room = Math.min(p, 2 * size);
      factor = new Float64Array(room * room);
    }
    for (let a = 0; a < size; a++) factor.set(lower.subarray(a * size, a * size + a + 1), a * room);
  };

  /** Takes out a row of the factor; rotations of its columns make it a triangle again. */
  const leave = (place: number): void => {
    isActive[active[place] as number] = 0;
    for (let a = place; a + 1 < size; a++) {
      active[a] = active[a + 1] as number;
      factor.copyWithin(a * room, (a + 1) * room, (a + 1) * room + a + 2);
    }
    size--;
    const [lower, width, m] = [factor, room, size];
    for (let c = place; c < m; c++) {
      const [x, y] = [lower[c * width + c] as number, lower[c * width + c + 1] as number];
      const length = Math.hypot(x, y);
      const [cos, sin] = [x / length, y / length];
      for (let a = c; a < m; a++) {
        const at = a * width + c;
        const [u, v] = [lower[at] as number, lower[at + 1] as number];
        lower[at] = cos * u + sin * v;
        lower[at + 1] = cos * v - sin * u;
      }
    }
  };

  /** `aim`: what the active coefficients are at the minimum for their signs. */
  const solve = (l1: number): void => {
    const [lower, width, m] = [factor, room, size];
    for (let a = 0; a < m; a++) {
      const j = active[a] as number;
      const row = a * width;
      let sum = (pull[j] as number) - l1 * (signs[j] as number);
      for (let b = 0; b < a; b++) sum -= (lower[row + b] as number) * (aim[b] as number);
      aim[a] = sum / (lower[row + a] as number);
    }
    for (let a = m - 1; a >= 0; a--) {
      const row = a * width;
      const value = (aim[a] as number) / (lower[row + a] as number);
      aim[a] = value;
      for (let b = 0; b < a; b++) aim[b] = (aim[b] as number) - value * (lower[row + b] as number);
    }
  };

  /** Moves the active coefficients to the minimum for their signs; those that would turn leave on the way. */
  const settle = (l1: number, w: Float64Array): void => {
    while (size > 0) {
      solve(l1);
      let step = 1;
      let turned = -1;
      for (let a = 0; a < size; a++) {
        const j = active[a] as number;
        const [from, to] = [w[j] as number, aim[a] as number];
        if (to * (signs[j] as number) > 0) continue;
        const reach = from === to ? 0 : from / (from - to);
        if (reach < step || turned < 0) [step, turned] = [Math.min(step, reach), a];
      }
      for (let a = 0; a < size; a++) {
        const j = active[a] as number;
        const from = w[j] as number;
        w[j] = turned < 0 ? (aim[a] as number) : from + step * ((aim[a] as number) - from);
      }
      if (turned < 0) return;
      w[active[turned] as number] = 0;
      leave(turned);
    }
  };

  /** The coefficient of 0 whose pull is most above l1; −1 if none is. */
  const mostPulled = (l1: number, w: Float64Array): number => {
    rest.set(pull);
    for (let a = 0; a < size; a++) {
      const j = active[a] as number;
      const value = w[j] as number;
      const row = j * p;
      for (let k = 0; k < p; k++) rest[k] = (rest[k] as number) - value * (gram[row + k] as number);
    }
    let most = l1 + TOLERANCE;
    let best = -1;
    for (let k = 0; k < p; k++) {
      const size = Math.abs(rest[k] as number);
      if (isActive[k] === 0 && size > most) [most, best] = [size, k];
    }
    return best;
  };

  return (l1, l2, w) => {
    const shrink = Math.max(l2, LEAST_L2);
    begin(w, shrink);
    for (let step = 0; step <= MOST_STEPS * p; step++) {
      settle(l1, w);
      const next = mostPulled(l1, w);
      if (next < 0) return true;
      enter(next, Math.sign(rest[next] as number), shrink);
    }
    return false;
  };
}
