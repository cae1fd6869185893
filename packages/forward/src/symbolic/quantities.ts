import {
  absoluteUnit,
  convertDifference,
  convertUnit,
  type Feature,
  type Matrix,
  parseUnit,
  powerOfUnit,
} from "@materiome/core";

/** What a feature without a unit is; see `createSymbolicLaw`. */
export type Unitless = "own" | "number";

/** A feature as the physical quantity that expressions take it for. */
export interface Quantity {
  readonly feature: number;
  /** In the language of expressions. */
  readonly written: string;
  /** For people. */
  readonly shown: string;
  /** Of the values: kelvin for °C; "" for plain numbers, and where only the number of the quantity is taken. */
  readonly unit: string;
  /** Quantities of one kind can be added. */
  readonly kind: string;
  /** A plain number, that functions take. */
  readonly isPlain: boolean;
  /** Factor of the values to kelvin; 0 for anything but a temperature. */
  readonly toKelvin: number;
  /** value = slope · feature + shift */
  readonly slope: number;
  readonly shift: number;
}

const isRatio = (dimension: string): boolean => dimension === "ratio1";

/** Whether products with the unit can be written and read back. */
export function isComposable(unit: string): boolean {
  const { known, dimension } = parseUnit(unit);
  return known && !isRatio(dimension) && parseUnit(powerOfUnit(absoluteUnit(unit), -0.5).unit).known;
}

export function quantitiesOf(features: readonly Feature[], unitless: Unitless): readonly Quantity[] {
  return features.map((feature, f) => quantityOf(feature, f, unitless));
}

function quantityOf({ name, unit }: Feature, feature: number, unitless: Unitless): Quantity {
  const written = name.includes("`") ? JSON.stringify(name) : `\`${name}\``;
  const shown = /^[\p{L}\p{N}_]+$/u.test(name) ? name : `(${name})`;
  const plain = { feature, written, shown, unit: "", toKelvin: 0, slope: 1, shift: 0 };
  if (unit.trim() === "") {
    const isPlain = unitless === "number";
    return { ...plain, kind: isPlain ? "ratio1" : `own ${feature}`, isPlain };
  }
  const { dimension, text } = parseUnit(unit);
  if (isRatio(dimension)) {
    const slope = convertUnit(1, unit, "fraction");
    return { ...plain, shown: slope === 1 ? shown : `(${name} as fraction)`, kind: dimension, isPlain: true, slope };
  }
  if (!isComposable(unit)) {
    return { ...plain, written: `number(${written}, ${JSON.stringify(text)})`, kind: dimension, isPlain: false };
  }
  const base = absoluteUnit(unit);
  const shift = convertUnit(0, unit, base);
  return {
    ...plain,
    shown: base === unit ? shown : `(${name} in ${base})`,
    unit: base,
    kind: dimension,
    isPlain: dimension === "",
    toKelvin: dimension === "K1" ? convertDifference(1, base, "K") : 0,
    slope: convertUnit(1, unit, base) - shift,
    shift,
  };
}

/** Factor of the values of b to the unit of a; undefined where they cannot be added. */
export function sumFactor(a: Quantity, b: Quantity): number | undefined {
  if (a.kind !== b.kind) return undefined;
  if (a.unit === b.unit)
    return a.unit !== "" || a.written.startsWith("number(") === b.written.startsWith("number(") ? 1 : undefined;
  return a.unit === "" || b.unit === "" ? undefined : convertDifference(1, b.unit, a.unit);
}

/** Values of the quantities in some rows, one array each. */
export function valuesOf(quantities: readonly Quantity[], x: Matrix): readonly Float64Array[] {
  return quantities.map(({ feature, slope, shift }) =>
    Float64Array.from({ length: x.rows }, (_, i) => slope * (x.data[i * x.columns + feature] as number) + shift),
  );
}
