import { convertDifference, FormatError, UnitError } from "@materiome/core";
import type { SettingScatter } from "@materiome/inverse";

/**
 * `--scatter "COL=5 K"` (standard deviation) and `"COL=±8 K"` (anywhere within), in the unit of the column; a column name may itself
 * hold "=". Differences are converted, so that 5 K of a column in °C are 5.
 *
 * @param columnOf - the column of a name, and the unit in which its scatter is wanted
 * @throws FormatError for text that is none of this; DataError for an unknown column; UnitError for a unit that cannot be converted
 */
export function readScatter(
  texts: readonly string[],
  columnOf: (name: string, text: string) => { readonly name: string; readonly unit: string },
): Readonly<Record<string, SettingScatter>> {
  const scatter: Record<string, SettingScatter> = {};
  for (const text of texts) {
    const match = /^(.+)=\s*(±|\+-|\+\/-)?\s*(\d+(?:\.\d*)?|\.\d+)\s*(\D.*)?$/su.exec(text);
    const [, name, isWithin, amount, unit = ""] = match ?? [];
    if (name === undefined || amount === undefined) {
      throw new FormatError(
        `--scatter "${text}": write COL=VALUE for a standard deviation, COL=±VALUE for a tolerance, as in "Tempering temperature=±8 K"`,
      );
    }
    const column = columnOf(name.trim(), text);
    const size = inUnit(Number(amount), unit.trim(), column.unit, text);
    scatter[column.name] = isWithin === undefined ? { sd: size } : { halfWidth: size };
  }
  return scatter;
}

function inUnit(value: number, from: string, to: string, text: string): number {
  if (from === "" || from === to) return value;
  try {
    return convertDifference(value, from, to);
  } catch (cause) {
    if (!(cause instanceof UnitError)) throw cause;
    throw new UnitError(`--scatter "${text}": ${cause.message}`, { cause });
  }
}
