import { DataError } from "@materiome/core";
import { figures } from "../terminal/figures.ts";

/** Rows that are explained against the clock. */
const TIMED_ROWS = 4;

export interface LongWork {
  readonly nRows: number;
  readonly nBackground: number;
  /** What is allowed. */
  readonly minutes: number;
  /** Explains the first so many rows. */
  readonly explainFew: (nRows: number) => Promise<unknown>;
}

/**
 * Explains a few rows against the clock where there are many more.
 *
 * @throws DataError where all of them would take too long, with a way on
 */
export async function refuseLongWork({ nRows, nBackground, minutes: allowed, explainFew }: LongWork): Promise<void> {
  if (nRows <= 10 * TIMED_ROWS) return;
  const started = performance.now();
  await explainFew(TIMED_ROWS);
  const minutesPerRow = (performance.now() - started) / 60_000 / TIMED_ROWS;
  const minutes = minutesPerRow * nRows;
  if (minutes <= allowed) return;
  const fit = Math.max(1, Math.floor(allowed / minutesPerRow));
  throw new DataError(
    `explaining ${nRows} rows of this model against ${nBackground} background rows would take about ${figures(Number(minutes.toPrecision(2)))} minutes; give at most ${fit} rows, fewer --background rows, or allow it with --minutes ${Math.ceil(2 * minutes)}`,
  );
}
