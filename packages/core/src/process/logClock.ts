import { DataError, FormatError } from "../errors/errors.ts";
import type { Column } from "../table/column.ts";
import { columnTexts } from "../table/columnTexts.ts";
import type { Table } from "../table/table.ts";
import { convertUnit, isConvertible } from "../units/convertUnit.ts";
import { statedUnit } from "./statedUnit.ts";

type Seconds = readonly (number | undefined)[];

/** Rows whose time is not after that of every row before. */
export function notAfterAllBefore(seconds: Seconds): number[] {
  let latest = Number.NEGATIVE_INFINITY;
  return [...seconds.keys()].filter((i) => {
    const t = seconds[i];
    const isBack = t !== undefined && t <= latest;
    latest = Math.max(latest, t ?? latest);
    return isBack;
  });
}

/** The most rows in which time increases, of several choices the one that ends first: one wrong time costs one row. */
export function longestIncreasing(seconds: Seconds): number[] {
  const ends: number[] = []; // row with the earliest time that k + 1 rows can end with
  const previous = new Int32Array(seconds.length);
  let last = -1;
  for (const [i, t] of seconds.entries()) {
    if (t === undefined) continue;
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((seconds[ends[middle] as number] as number) < t) low = middle + 1;
      else high = middle;
    }
    if (low === ends.length) last = i;
    previous[i] = ends[low - 1] ?? -1;
    ends[low] = i;
  }
  const kept: number[] = [];
  for (let i = last; i >= 0; i = previous[i] as number) kept.push(i);
  return kept.reverse();
}

/** Rows that have a time and are not kept. */
export function rowsLeftOut(seconds: Seconds, kept: readonly number[]): number[] {
  const isKept = new Set(kept);
  return [...seconds.keys()].filter((i) => seconds[i] !== undefined && !isKept.has(i));
}

/** Seconds of each row; undefined where the time is missing. */
export function clockSeconds(table: Table, column: Column, stated: string | undefined): (number | undefined)[] {
  const location = { file: table.source, column: column.name };
  if (column.kind === "number") {
    const unit = statedUnit(column, stated);
    if (!isConvertible(unit, "s")) {
      const has = unit === "" ? "has no unit" : `is in ${unit}`;
      throw new DataError(`the column of the time ${has}; give timeUnit`, { location });
    }
    return Array.from(convertUnit(column.values, unit, "s"), (value, i) => (column.valid[i] === 0 ? undefined : value));
  }
  const texts = columnTexts(column);
  let isDated: boolean | undefined;
  return texts.map((text, i) => {
    if (text === undefined) return undefined;
    const at = { location: { ...location, row: table.rowNumber(i) } };
    const clock = readClock(text);
    if (clock === undefined) {
      const forms = "HH:MM:SS, YYYY-MM-DD HH:MM:SS, or a number with a unit";
      throw new FormatError(`"${text}" is no time; write ${forms}`, at);
    }
    isDated ??= clock.isDated;
    if (clock.isDated !== isDated) {
      throw new FormatError(
        `"${text}" has ${isDated ? "no date" : "a date"}, unlike the rows before; write all alike`,
        at,
      );
    }
    return clock.seconds;
  });
}

/** Seconds of `HH:MM[:SS[.fff]]` (hours may go on counting) or of an ISO date and time; undefined for anything else. */
function readClock(text: string): { readonly seconds: number; readonly isDated: boolean } | undefined {
  const trimmed = text.trim();
  const elapsed = /^(\d{1,3}):([0-5]\d)(?::([0-5]\d(?:\.\d+)?))?$/.exec(trimmed);
  if (elapsed !== null) {
    const [, hours, minutes, seconds = "0"] = elapsed;
    return { seconds: Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds), isDated: false };
  }
  const iso = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/.exec(trimmed);
  if (iso === null) return undefined;
  const [, date = "", clock, seconds = ":00", zone = "Z"] = iso;
  const midnight = new Date(`${date}T00:00:00Z`); // rolls over for a day that the month does not have
  if (Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== date) return undefined;
  const minute = Date.parse(`${date}T${clock}:00${zone.replace(/^(...)(\d\d)$/, "$1:$2")}`);
  const second = Number(seconds.slice(1));
  return Number.isNaN(minute) || second >= 60 ? undefined : { seconds: minute / 1000 + second, isDated: true };
}
