/** One trial of a line search: value and slope at a step. */
export interface Trial {
  readonly step: number;
  readonly value: number;
  readonly slope: number;
}

const SUFFICIENT_DECREASE = 1e-3;
const CURVATURE = 0.9;
const MOST_TRIALS = 30;

/**
 * Step that satisfies the strong Wolfe conditions, by bracketing and zooming with safeguarded cubic interpolation (Nocedal &
 * Wright, Numerical Optimization, 2nd ed. (2006), algorithms 3.5 and 3.6), no longer than `longest`.
 *
 * A trial whose value or slope is not finite counts as infinitely high: the step is shortened.
 *
 * @param origin - the trial at step 0, of negative slope
 * @param budget - evaluations allowed; never more than 30 are made
 * @returns the step, or undefined where none lowered the value
 */
export function wolfeSearch(
  evaluate: (step: number) => Trial,
  origin: Trial,
  first: number,
  longest: number,
  budget: number,
): Trial | undefined {
  const trials = Math.min(MOST_TRIALS, budget);
  // Near the minimum a step that the slopes approve of may rise by the objective's own rounding.
  const rounding = 4 * Number.EPSILON * Math.abs(origin.value);
  const isLow = (trial: Trial): boolean =>
    trial.value <= origin.value + SUFFICIENT_DECREASE * trial.step * origin.slope + rounding;
  let previous = origin;
  let step = first;
  for (let i = 0; i < trials; i++) {
    const trial = evaluate(step);
    if (!isFiniteTrial(trial)) {
      return zoom(evaluate, origin, previous, trial, isLow, trials - i - 1);
    }
    if (!isLow(trial) || (i > 0 && trial.value >= previous.value + rounding)) {
      return zoom(evaluate, origin, previous, trial, isLow, trials - i - 1);
    }
    if (Math.abs(trial.slope) <= -CURVATURE * origin.slope) return trial;
    if (trial.slope >= 0) return zoom(evaluate, origin, trial, previous, isLow, trials - i - 1);
    if (step >= longest) return trial;
    previous = trial;
    step = Math.min(longest, 4 * step);
  }
  return previous === origin ? undefined : previous;
}

/** Narrows an interval between its lowest acceptable end and the other. */
function zoom(
  evaluate: (step: number) => Trial,
  origin: Trial,
  start: Trial,
  end: Trial,
  isLow: (trial: Trial) => boolean,
  trials: number,
): Trial | undefined {
  let low = start;
  let high = end;
  for (let i = 0; i < trials; i++) {
    const step = between(low, high);
    if (step === low.step || step === high.step) break;
    const trial = evaluate(step);
    if (!isFiniteTrial(trial) || !isLow(trial) || trial.value > low.value) {
      high = trial;
      continue;
    }
    if (Math.abs(trial.slope) <= -CURVATURE * origin.slope) return trial;
    if (trial.slope * (high.step - low.step) >= 0) high = low;
    low = trial;
  }
  return low.step > 0 && low.value < origin.value ? low : undefined;
}

/** Minimiser of the cubic through both ends, kept a tenth of the interval away from them; the middle where there is none. */
function between(a: Trial, b: Trial): number {
  const width = b.step - a.step;
  const middle = a.step + 0.5 * width;
  if (!isFiniteTrial(b)) return a.step + 0.1 * width;
  const d1 = a.slope + b.slope - (3 * (b.value - a.value)) / width;
  const square = d1 * d1 - a.slope * b.slope;
  if (!(square >= 0)) return middle;
  const d2 = Math.sign(width) * Math.sqrt(square);
  const step = b.step - (width * (b.slope + d2 - d1)) / (b.slope - a.slope + 2 * d2);
  const margin = 0.1 * Math.abs(width);
  const [least, most] = [Math.min(a.step, b.step) + margin, Math.max(a.step, b.step) - margin];
  return Number.isNaN(step) ? middle : Math.min(most, Math.max(least, step));
}

function isFiniteTrial(trial: Trial): boolean {
  return Number.isFinite(trial.value) && Number.isFinite(trial.slope);
}
