/** Wall-clock time of one run. */
export function secondsOf(run: () => unknown): number {
  const started = performance.now();
  run();
  return (performance.now() - started) / 1000;
}

/** Shortest of several runs, in seconds: what is left when nothing else runs. */
export function bestOf(times: number, run: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let k = 0; k < times; k++) best = Math.min(best, secondsOf(run));
  return best;
}
