import { ConvergenceError } from "../errors/errors.ts";

/**
 * The Hollomon–Jaffe parameter at the end of a ramp, as q = P ln 10: dq/dt = T exp(c − q/T), c = C ln 10, t in hours.
 *
 * Solved by Taylor series of high order, whose coefficients follow from those of T, q/T and the exponential. Errors of a
 * step are damped by the steps after it, for dq/dt falls with q. From nothing (q = −∞) the first moments of the ramp are
 * taken by their expansion in t.
 */
export class TemperingRamp {
  readonly #q: Float64Array = new Float64Array(ORDER + 1);
  readonly #y: Float64Array = new Float64Array(ORDER + 1); // j × that of q/T
  readonly #f: Float64Array = new Float64Array(ORDER + 1); // of exp(c − q/T), times the unit of time

  /** q after the ramp from t0 to t1 within some hours; t0 ≠ t1. */
  end(before: number, hours: number, t0: number, t1: number, c: number): number {
    const beta = (t1 - t0) / hours;
    let t = 0;
    let q = before;
    if (before === Number.NEGATIVE_INFINITY) {
      t = startOf(hours, t0, t1, c);
      // θ = t − (β/T₀) (t²/2 (c + ln t) − t²/4) + …, from dθ/dt = 1 − θ (c + ln θ) β/T
      const theta = t * (1 - (beta / t0) * t * ((c + Math.log(t)) / 2 - 0.25));
      q = (t0 + beta * t) * (c + Math.log(theta));
    } else if (beta > 0) {
      const wakingK = wakingTemperature(q, t1 * hours, c);
      if (wakingK >= t1) return q;
      if (wakingK > t0) t = (wakingK - t0) / beta;
    }
    for (let step = 0; step < MOST_STEPS; step++) {
      const left = hours - t;
      if (left <= 1e-14 * hours) return q;
      const temperature = t0 + beta * t;
      const rate = Math.exp(c - q / temperature);
      if (beta < 0 && temperature * rate * left < NOTHING * Math.abs(q)) return q; // and rate falls
      const unit = Math.min(left, 1 / rate);
      this.#expand(q, temperature, beta * unit, rate * unit);
      const h = Math.min(left / unit, this.#reach(q, temperature, beta * unit));
      q = this.#valueAt(q, h);
      t += h * unit;
    }
    throw new ConvergenceError("hollomonJaffeOf: a ramp was not integrated", MOST_STEPS, hours - t);
  }

  /** Coefficients about a time, in powers of (time − that time)/unit; slope in K per unit, rate = exp(c − q/T) × unit. */
  #expand(q: number, temperature: number, slope: number, rate: number): void {
    const [qs, ys, fs] = [this.#q, this.#y, this.#f];
    const perK = 1 / temperature;
    fs[0] = rate;
    let y = q * perK;
    let term = temperature * rate; // of q
    for (let j = 1; j <= ORDER; j++) {
      qs[j] = term; // all indices ≤ ORDER
      y = (term - slope * y) * perK;
      ys[j] = j * y;
      let sum = 0;
      for (let i = 1; i <= j; i++) sum += (ys[i] as number) * (fs[j - i] as number);
      fs[j] = -sum / j;
      term = (temperature * (fs[j] as number) + slope * (fs[j - 1] as number)) / (j + 1);
    }
  }

  /** How far the series is good, in units: until its last two terms matter. */
  #reach(q: number, temperature: number, slope: number): number {
    const last = Math.max(Math.abs(this.#q[ORDER] as number), Math.abs(this.#q[ORDER - 1] as number));
    const byTerms = ((TOLERANCE * Math.abs(q)) / last) ** (1 / ORDER);
    // They say little where exp(q/T) changes by many orders of magnitude.
    const share = Math.min(0.5, (8 * temperature) / Math.abs(q));
    return Math.min(byTerms, (share * temperature) / Math.abs(slope));
  }

  #valueAt(q: number, h: number): number {
    let sum = this.#q[ORDER] as number;
    for (let j = ORDER - 1; j > 0; j--) sum = sum * h + (this.#q[j] as number);
    return q + h * sum;
  }
}

/** When to leave the expansion in t: early, or later where the rest of the way up forgets its error, as (T/T₁)^L. */
function startOf(hours: number, t0: number, t1: number, c: number): number {
  const lead = (t0 * hours) / Math.abs(t1 - t0); // time in which T changes by itself
  const least = c + Math.log(lead) - 6.5; // c + ln θ at 0.1 lead/L, and it grows
  const isForgotten = t1 > t0 && least * Math.log(t1 / t0) > 30;
  return isForgotten ? (0.1 * lead) / least : 1e-6 * Math.min(hours, lead);
}

/** Temperature below which T exp(c − q/T) × time is nothing against q; its argument is the largest T × time. */
function wakingTemperature(q: number, largest: number, c: number): number {
  const span = c + Math.log(largest / (NOTHING * Math.abs(q)));
  return span > 0 ? q / span : 0;
}

const ORDER = 16;
const TOLERANCE = 1e-13; // of q, in each step
const NOTHING = 1e-18;
const MOST_STEPS = 100_000;
