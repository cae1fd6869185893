import { DataError, DomainError, FormatError } from "../errors/errors.ts";
import type { Column } from "../table/column.ts";
import { resolveColumn } from "../table/resolveColumn.ts";
import type { Table } from "../table/table.ts";
import { convertUnit, isConvertible } from "../units/convertUnit.ts";
import { clockSeconds, longestIncreasing, notAfterAllBefore, rowsLeftOut } from "./logClock.ts";
import { median, noiseOf } from "./noise.ts";
import { statedUnit } from "./statedUnit.ts";
import { ABSOLUTE_ZERO_C, HOTTEST_C } from "./stepFields.ts";
import { createProfile, type ThermalProfile } from "./thermalProfile.ts";

/** One thermocouple. */
export interface LogChannel {
  readonly name: string;
  /** Every reading that is there, in the order of time. */
  readonly profile: ThermalProfile;
  /** File row of each point. */
  readonly rows: readonly number[];
  /** File rows without a reading of this channel. */
  readonly missingRows: readonly number[];
  /** Standard deviation of the readings about a smooth course, K. */
  readonly noiseK: number;
  /** File rows whose reading stands out from its neighbours; left out of `profile`. */
  readonly spikeRows: readonly number[];
}

/** A silence in the log. */
export interface LogGap {
  readonly afterRow: number;
  readonly durationS: number;
}

export interface FurnaceLog {
  readonly channels: readonly LogChannel[];
  /** Median time between readings. */
  readonly intervalS: number;
  readonly gaps: readonly LogGap[];
  /** File rows left out so that time increases: as few as possible. Empty unless `clock` is "drop". */
  readonly clockRows: readonly number[];
  /** Largest difference between channels at one time, K, and when; NaN for one channel. */
  readonly spread: { readonly maxK: number; readonly timeS: number };
}

export interface FurnaceLogOptions {
  /** Column of the time: a number with a unit, `HH:MM[:SS]`, or ISO date and time, with or without a zone. */
  readonly time: string;
  /** Unit of the time, where the column does not say it. @defaultValue the column's */
  readonly timeUnit?: string | undefined;
  /** Columns of the thermocouples. @defaultValue all columns in units of temperature */
  readonly temperatures?: readonly string[] | undefined;
  /** Unit of the temperatures, where columns do not say it. @defaultValue the column's */
  readonly temperatureUnit?: string | undefined;
  /** A time that is not after all before: "refuse", or "drop" the fewest rows that are in the way. @defaultValue "refuse" */
  readonly clock?: "refuse" | "drop" | undefined;
  /** A silence longer than this many median intervals is a gap. @defaultValue 5 */
  readonly gapFactor?: number | undefined;
}

/**
 * Temperature over time from the rows of a furnace log, one profile per thermocouple. Times count from the first row.
 *
 * Reported, not repaired: readings that lack, gaps (the profile is linear across them), noise. Single spikes are found
 * by Hampel's test (median of 7 readings, 6 times the noise and at least 5 K) and left out; the first and last two readings
 * are not tested. Noise is
 * 1.4826 · median |d| / √6 of the second differences d of evenly spaced readings, which a ramp does not disturb.
 *
 * @throws DataError if columns are missing or without a unit, or a channel has fewer than two readings
 * @throws DomainError for a gapFactor below 1
 * @throws FormatError for a time that cannot be read or, unless dropped, runs backwards, and for temperatures below 0 K
 *   or above 6000 K, naming the rows
 * @see Hampel, J. Am. Stat. Assoc. 69 (1974) 383, doi:10.1080/01621459.1974.10482962
 * @example
 * const log = readFurnaceLog(readTable("time (min),TC1 (°C)\n0,20\n10,220\n20,420\n"), { time: "time" });
 * log.channels[0].profile.temperatureK; // [293.15, 493.15, 693.15]
 */
export function readFurnaceLog(table: Table, options: FurnaceLogOptions): FurnaceLog {
  const location = { file: table.source };
  const { gapFactor = 5 } = options;
  if (!(gapFactor >= 1)) throw new DomainError(`readFurnaceLog: gapFactor must be 1 or more, got ${gapFactor}`);
  const seconds = clockSeconds(table, resolveColumn(table, options.time), options.timeUnit);
  const kept = longestIncreasing(seconds);
  const backwards = notAfterAllBefore(seconds);
  if (backwards.length > 0 && options.clock !== "drop") {
    const rows = backwards.slice(0, 5).map((i) => table.rowNumber(i));
    throw new FormatError(
      `the time does not increase in ${backwards.length} ${backwards.length === 1 ? "row" : "rows"} (${rows.join(", ")}${backwards.length > 5 ? ", …" : ""}); sort the log, write dates if it passes midnight, or drop these rows with clock: "drop"`,
      { location: { ...location, row: rows[0], column: options.time } },
    );
  }
  if (kept.length < 2) throw new DataError("a furnace log needs at least two times", { location });
  const start = seconds[kept[0] as number] as number; // kept has two, here and below
  const times = kept.map((i) => (seconds[i] as number) - start);
  const steps = times.slice(1).map((t, k) => t - (times[k] as number));
  const intervalS = median(steps);
  const limit = gapFactor * intervalS;
  const gaps = steps.flatMap((durationS, k): LogGap[] =>
    durationS > limit ? [{ afterRow: table.rowNumber(kept[k] as number), durationS }] : [],
  );
  const columns = temperatureColumns(table, options);
  const readings = columns.map((column) => kelvins(table, column, options.temperatureUnit));
  const channels = columns.map((column, c) => channelOf(table, column.name, kept, times, readings[c] as Float64Array));
  return {
    channels,
    intervalS,
    gaps,
    clockRows: rowsLeftOut(seconds, kept).map((i) => table.rowNumber(i)),
    spread: spreadOf(readings, kept, times),
  };
}

function temperatureColumns(table: Table, options: FurnaceLogOptions): readonly Column[] {
  const { temperatures } = options;
  if (temperatures !== undefined && temperatures.length > 0)
    return temperatures.map((name) => resolveColumn(table, name));
  const found = table.columns.filter((column) => column.kind === "number" && isConvertible(column.unit, "K"));
  if (found.length > 0) return found;
  throw new DataError("no column is in a unit of temperature; name the thermocouples in `temperatures`", {
    location: { file: table.source },
  });
}

function kelvins(table: Table, column: Column, stated: string | undefined): Float64Array {
  const location = { file: table.source, column: column.name };
  if (column.kind !== "number") throw new DataError("temperatures must be numbers", { location });
  const unit = statedUnit(column, stated);
  if (!isConvertible(unit, "degC")) {
    const has = unit === "" ? "has no unit" : `is in ${unit}`;
    throw new DataError(`a column of temperatures ${has}; give temperatureUnit`, { location });
  }
  const values = convertUnit(column.values, unit, "K");
  const wrong = values.findIndex(
    (value, i) => column.valid[i] !== 0 && !(value > 0 && value < HOTTEST_C - ABSOLUTE_ZERO_C),
  );
  if (wrong >= 0) {
    throw new FormatError(
      `expected above 0 K and below 6000 K, found ${column.values[wrong]} ${unit}; a broken thermocouple? clear the cell`,
      {
        location: { ...location, row: table.rowNumber(wrong) },
      },
    );
  }
  return values.map((value, i) => (column.valid[i] === 0 ? Number.NaN : value));
}

function channelOf(
  table: Table,
  name: string,
  kept: readonly number[],
  times: readonly number[],
  values: Float64Array,
): LogChannel {
  const present = kept.flatMap((row, k) =>
    Number.isNaN(values[row]) ? [] : [{ row, t: times[k] as number, value: values[row] as number }],
  );
  const missingRows = kept.filter((row) => Number.isNaN(values[row])).map((row) => table.rowNumber(row));
  if (present.length < 2) {
    throw new DataError(`a channel needs at least two readings, this one has ${present.length}; leave it out`, {
      location: { file: table.source, column: name },
    });
  }
  const noiseK = noiseOf(
    present.map(({ t }) => t),
    present.map(({ value }) => value),
  );
  const isSpike = present.map(({ value }, i) => {
    const half = Math.min(3, i, present.length - 1 - i); // as many on both sides, or a ramp shifts the median
    if (half < 2) return false;
    const window = Float64Array.from(present.slice(i - half, i + half + 1), (reading) => reading.value).sort();
    const limit = Math.max(5, 6 * noiseK, (window.at(-2) ?? 0) - (window[1] ?? 0)); // a ramp is not a spike
    return Math.abs(value - median(window)) > limit;
  });
  const sound = present.filter((_, i) => isSpike[i] !== true);
  return {
    name,
    profile: createProfile(
      sound.map(({ t }) => t),
      sound.map(({ value }) => value),
    ),
    rows: sound.map(({ row }) => table.rowNumber(row)),
    missingRows,
    noiseK,
    spikeRows: present.filter((_, i) => isSpike[i] === true).map(({ row }) => table.rowNumber(row)),
  };
}

function spreadOf(
  readings: readonly Float64Array[],
  kept: readonly number[],
  times: readonly number[],
): { maxK: number; timeS: number } {
  let maxK = Number.NaN;
  let timeS = Number.NaN;
  for (const [k, row] of kept.entries()) {
    const here = readings.map((values) => values[row] as number).filter((value) => !Number.isNaN(value));
    if (here.length < 2) continue;
    const difference = Math.max(...here) - Math.min(...here);
    if (difference <= maxK) continue;
    maxK = difference;
    timeS = times[k] as number;
  }
  return { maxK, timeS };
}
