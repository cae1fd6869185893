import { DomainError } from "../errors/errors.ts";
import { MergeQueue } from "./mergeQueue.ts";
import { noiseOf } from "./noise.ts";
import { profileDuration } from "./profileMeasures.ts";
import { createSchedule, type Schedule } from "./schedule.ts";
import type { Step } from "./step.ts";
import { ABSOLUTE_ZERO_C } from "./stepFields.ts";
import { createProfile, type ThermalProfile } from "./thermalProfile.ts";

/** A straight piece of a thermal history. A hold drifts by no more than the tolerance. */
export interface ProfileSegment {
  readonly kind: "heat" | "hold" | "cool";
  readonly startS: number;
  readonly endS: number;
  readonly startK: number;
  readonly endK: number;
  /** Slope, negative while cooling. */
  readonly slopeKPerS: number;
}

export interface SegmentedProfile {
  readonly segments: readonly ProfileSegment[];
  /** The straight pieces as a profile; continuous. */
  readonly profile: ThermalProfile;
  readonly toleranceK: number;
  readonly noiseK: number;
  /** Largest distance of a point of the history from the straight pieces. */
  readonly maxResidualK: number;
}

export interface SegmentProfileOptions {
  /** Largest distance of a point from the line of its piece. @defaultValue the larger of 2 K and 5 × the noise */
  readonly toleranceK?: number | undefined;
}

/**
 * Ramps and holds of a measured thermal history: bottom-up piecewise linear approximation. Neighbouring pieces are
 * merged, the merge that fits best first, as long as every point lies within the tolerance of its piece's least-squares
 * line; pieces then meet where their lines cross, and their ends are fitted together by least squares, so that the
 * result is continuous. Where that would leave the tolerance by half or more (readings that are few and far between),
 * every piece keeps its own line and a straight piece links it to the next.
 *
 * @throws DomainError for a tolerance below 4 times the noise, which would make pieces of the noise, and for a history
 *   without duration
 * @see Keogh, Chu, Hart and Pazzani, Proc. IEEE ICDM 2001, 289, doi:10.1109/ICDM.2001.989531
 * @example
 * segmentProfile(log.channels[0].profile).segments.map(({ kind, slopeKPerS }) => [kind, slopeKPerS]);
 */
export function segmentProfile(profile: ThermalProfile, options: SegmentProfileOptions = {}): SegmentedProfile {
  const { timeS, temperatureK } = profile;
  if (!(profileDuration(profile) > 0)) throw new DomainError("segmentProfile: the history lasts no time");
  const noiseK = noiseOf(timeS, temperatureK);
  const toleranceK = options.toleranceK ?? Math.max(2, 5 * noiseK);
  if (!(toleranceK > 0) || toleranceK < 4 * noiseK) {
    throw new DomainError(
      `segmentProfile: toleranceK must be above 0 and at least 4 times the noise of ${noiseK.toPrecision(2)} K, got ${toleranceK}`,
    );
  }
  const starts = mergePieces(timeS, temperatureK, toleranceK);
  const { knots, values } = joinPieces(profile, starts, toleranceK);
  const segments: ProfileSegment[] = [];
  for (let k = 1; k < knots.length; k++) {
    const [startS, endS] = [knots[k - 1] as number, knots[k] as number]; // k < length
    const [startK, endK] = [values[k - 1] as number, values[k] as number];
    if (!(endS > startS)) continue; // a jump
    const change = endK - startK;
    const kind = Math.abs(change) <= toleranceK ? "hold" : change > 0 ? "heat" : "cool";
    segments.push({ kind, startS, endS, startK, endK, slopeKPerS: change / (endS - startS) });
  }
  const fitted = createProfile(knots, values);
  return { segments, profile: fitted, toleranceK, noiseK, maxResidualK: largestResidual(profile, fitted) };
}

/**
 * A schedule of heat, hold and cool steps from the ramps and holds of a measured history: holds stay at the temperature
 * that the ramp before reached (they drift by no more than the tolerance), each step takes the time that it took. A jump
 * becomes a heat or cool step without time or rate.
 *
 * @example
 * scheduleFromProfile(segmentProfile(log.channels[0].profile)).steps;
 */
export function scheduleFromProfile({ segments, toleranceK }: SegmentedProfile): Schedule {
  const celsius = (kelvin: number): number => Number((kelvin + ABSOLUTE_ZERO_C).toFixed(6));
  const startTemperatureC = celsius(segments[0]?.startK ?? Number.NaN);
  const steps: Step[] = [];
  let atC = startTemperatureC;
  for (const [k, { kind, startS, endS, startK, endK }] of segments.entries()) {
    const timeS = endS - startS;
    const toC = celsius(endK);
    const fromC = celsius(startK);
    if (Math.abs(startK - (segments[k - 1]?.endK ?? startK)) > toleranceK && fromC !== atC) {
      steps.push({ kind: fromC > atC ? "heat" : "cool", temperatureC: fromC });
      atC = fromC;
    }
    const last = steps.at(-1);
    if (kind === "heat" && toC > atC) steps.push({ kind, temperatureC: toC, timeS });
    else if (kind === "cool" && toC < atC) steps.push({ kind, temperatureC: toC, timeS });
    else {
      // Two holds in a row, or a ramp that only makes up for the drift of a hold, are one hold.
      if (last?.kind === "hold") steps[steps.length - 1] = { kind: "hold", timeS: (last.timeS ?? 0) + timeS };
      else steps.push({ kind: "hold", timeS });
      continue;
    }
    atC = toC;
  }
  return createSchedule(steps, { startTemperatureC });
}

interface Line {
  readonly slope: number;
  readonly atMean: number;
  readonly meanT: number;
}

function fitLine(t: Float64Array, y: Float64Array, from: number, to: number): Line {
  let meanT = 0;
  let atMean = 0;
  for (let i = from; i < to; i++) {
    meanT += t[i] as number; // from ≤ i < to ≤ length, here and below
    atMean += y[i] as number;
  }
  meanT /= to - from;
  atMean /= to - from;
  let xy = 0;
  let xx = 0;
  for (let i = from; i < to; i++) {
    const dt = (t[i] as number) - meanT;
    xy += dt * (y[i] as number);
    xx += dt * dt;
  }
  return { slope: xx > 0 ? xy / xx : 0, atMean, meanT };
}

function residualOf(t: Float64Array, y: Float64Array, from: number, to: number): number {
  const { slope, atMean, meanT } = fitLine(t, y, from, to);
  let largest = 0;
  for (let i = from; i < to; i++) {
    largest = Math.max(largest, Math.abs((y[i] as number) - atMean - slope * ((t[i] as number) - meanT)));
  }
  return largest;
}

/** First points of the pieces that are left when no merge stays within the tolerance. */
function mergePieces(t: Float64Array, y: Float64Array, toleranceK: number): number[] {
  const n = t.length;
  const count = Math.max(1, n >> 1);
  const next = Int32Array.from({ length: count }, (_, k) => (k + 1 < count ? k + 1 : -1));
  const previous = Int32Array.from({ length: count }, (_, k) => k - 1);
  const stamp = new Int32Array(count); // counts the changes of a piece: older entries of the queue are void
  const alive = new Uint8Array(count).fill(1);
  const startOf = (k: number): number => 2 * k;
  const endOf = (k: number): number => {
    const after = next[k] as number;
    return after < 0 ? n : startOf(after);
  };
  const queue = new MergeQueue();
  const offer = (k: number): void => {
    const other = next[k] as number;
    if (k < 0 || other < 0) return;
    const cost = residualOf(t, y, startOf(k), endOf(other));
    if (cost > toleranceK) return;
    // Merges well within the tolerance are equals: the shortest first keeps the work at n log n.
    const rank = Math.max(cost, toleranceK / 4) + (1e-9 * toleranceK * (endOf(other) - startOf(k))) / n;
    queue.push({ rank, left: k, right: other, leftStamp: stamp[k] as number, rightStamp: stamp[other] as number });
  };
  for (let k = 0; k + 1 < count; k++) offer(k);
  for (let best = queue.pop(); best !== undefined; best = queue.pop()) {
    const { left, right } = best;
    if (alive[left] === 0 || alive[right] === 0) continue;
    if (stamp[left] !== best.leftStamp || stamp[right] !== best.rightStamp) continue;
    const after = next[right] as number;
    next[left] = after;
    if (after >= 0) previous[after] = left;
    alive[right] = 0;
    stamp[left] = (stamp[left] as number) + 1;
    offer(left);
    const before = previous[left] as number;
    if (before >= 0) offer(before);
  }
  const starts: number[] = [];
  for (let k = 0; k >= 0; k = next[k] as number) starts.push(startOf(k));
  return starts;
}

/** Ends of the straight pieces, and the temperatures there. */
function joinPieces(
  profile: ThermalProfile,
  starts: readonly number[],
  toleranceK: number,
): { readonly knots: readonly number[]; readonly values: readonly number[] } {
  const { timeS: t, temperatureK: y } = profile;
  const knots = knotsOf(t, y, starts);
  const values = fitKnots(t, y, knots);
  const lowest = y.reduce((a, b) => Math.min(a, b)) - toleranceK;
  const highest = y.reduce((a, b) => Math.max(a, b)) + toleranceK;
  const rises = knots.every((knot, k) => k === 0 || knot > (knots[k - 1] as number));
  const isSound = rises && values.every((value) => value > 0 && value >= lowest && value <= highest);
  if (isSound && largestResidual(profile, createProfile(knots, values)) <= 1.5 * toleranceK) return { knots, values };
  const ends = starts.flatMap((from, k) => {
    const to = starts[k + 1] ?? t.length;
    const line = fitLine(t, y, from, to);
    return [t[from] as number, t[to - 1] as number].map((time) => ({
      time,
      value: line.atMean + line.slope * (time - line.meanT),
    }));
  });
  return { knots: ends.map(({ time }) => time), values: ends.map(({ value }) => value) };
}

/** Times at which pieces meet: where their lines cross if that is between their middles, the middle of the border if not. */
function knotsOf(t: Float64Array, y: Float64Array, starts: readonly number[]): number[] {
  const knots = [t[0] as number];
  const lines = starts.map((from, k) => fitLine(t, y, from, starts[k + 1] ?? t.length));
  for (let k = 1; k < starts.length; k++) {
    const border = starts[k] as number; // k < length, here and below
    const before = lines[k - 1] as Line;
    const after = lines[k] as Line;
    const offset = after.atMean - after.slope * after.meanT - (before.atMean - before.slope * before.meanT);
    const crossing = offset / (before.slope - after.slope);
    const earliest = Math.max((knots.at(-1) as number) + 1e-9, before.meanT);
    const latest = after.meanT;
    const middle = ((t[border - 1] as number) + (t[border] as number)) / 2;
    knots.push(crossing > earliest && crossing < latest ? crossing : Math.max(middle, earliest));
  }
  knots.push(t.at(-1) as number);
  return knots;
}

/** Least-squares values at the knots of a continuous piecewise linear function: hat functions, a tridiagonal system. */
function fitKnots(t: Float64Array, y: Float64Array, knots: readonly number[]): number[] {
  const m = knots.length;
  const diagonal = new Float64Array(m);
  const beside = new Float64Array(m);
  const right = new Float64Array(m);
  let k = 0;
  for (const [i, time] of t.entries()) {
    while (k < m - 2 && time > (knots[k + 1] as number)) k++; // k + 1 < m, here and below
    const u = (time - (knots[k] as number)) / ((knots[k + 1] as number) - (knots[k] as number));
    const value = y[i] as number;
    diagonal[k] = (diagonal[k] as number) + (1 - u) * (1 - u);
    diagonal[k + 1] = (diagonal[k + 1] as number) + u * u;
    beside[k] = (beside[k] as number) + u * (1 - u);
    right[k] = (right[k] as number) + (1 - u) * value;
    right[k + 1] = (right[k + 1] as number) + u * value;
  }
  for (let j = 1; j < m; j++) {
    const factor = (beside[j - 1] as number) / (diagonal[j - 1] as number);
    diagonal[j] = (diagonal[j] as number) - factor * (beside[j - 1] as number);
    right[j] = (right[j] as number) - factor * (right[j - 1] as number);
  }
  const values = Array.from(right);
  for (let j = m - 1; j >= 0; j--) {
    const after = j + 1 < m ? (beside[j] as number) * (values[j + 1] as number) : 0;
    values[j] = ((right[j] as number) - after) / (diagonal[j] as number);
  }
  return values;
}

function largestResidual(profile: ThermalProfile, fitted: ThermalProfile): number {
  let k = 0;
  let largest = 0;
  for (const [i, time] of profile.timeS.entries()) {
    while (k < fitted.timeS.length - 2 && time > (fitted.timeS[k + 1] as number)) k++;
    const [t0, t1] = [fitted.timeS[k] as number, fitted.timeS[k + 1] as number];
    const [y0, y1] = [fitted.temperatureK[k] as number, fitted.temperatureK[k + 1] as number];
    largest = Math.max(
      largest,
      Math.abs((profile.temperatureK[i] as number) - y0 - ((time - t0) * (y1 - y0)) / (t1 - t0)),
    );
  }
  return largest;
}
