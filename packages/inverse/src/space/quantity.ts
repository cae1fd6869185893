import { convertUnit, DataError, UnitError } from "@materiome/core";

const NUMBER = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)(?![\d.,])\s*((?![\d.,]).*)$/s;

/** A number with an optional unit, split: "865 degC" → 865 and "degC". Undefined if the text does not start with a number. */
export function splitQuantity(text: string): { readonly value: number; readonly unit: string } | undefined {
  const match = NUMBER.exec(text.trim());
  const value = match === null ? Number.NaN : Number(match[1]);
  return Number.isFinite(value) ? { value, unit: (match?.[2] ?? "").trim() } : undefined;
}

/**
 * A number in a column's unit from what a person wrote: a number, "865", "865 degC" or "1138.15 K" for a degC column.
 *
 * @param what - names the place in messages, such as `--fix "RR"`
 * @throws DataError if the text is no number
 * @throws UnitError if the unit cannot be converted
 */
export function quantityIn(unit: string, input: number | string, what: string): number {
  const quantity = typeof input === "number" ? { value: input, unit: "" } : splitQuantity(input);
  if (quantity === undefined || !Number.isFinite(quantity.value)) {
    throw new DataError(
      `${what}: "${input}" is no number; write it with a decimal point${unit === "" ? "" : ` and, if not in ${unit}, its unit`}`,
    );
  }
  return quantity.unit === "" ? quantity.value : converted(quantity.value, quantity.unit, unit, `${what} = "${input}"`);
}

/**
 * `convertUnit` for something a person wrote.
 *
 * @param what - what was written, to begin the message with
 * @throws UnitError if the unit cannot be converted
 */
export function converted(value: number, from: string, to: string, what: string): number {
  try {
    return convertUnit(value, from, to);
  } catch (cause) {
    if (!(cause instanceof UnitError)) throw cause;
    const remedy = to === "" ? "leave the unit out" : `write it in ${to}`;
    throw new UnitError(`${what}: ${cause.message.replace(/^convertUnit: /, "")}; ${remedy}`, { cause });
  }
}
