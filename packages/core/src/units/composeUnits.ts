import { UnitError } from "../errors/errors.ts";
import { parseUnit } from "./unit.ts";

/** A unit, and the factor that takes the plain product (or power) of the numbers to it. */
export interface ComposedUnit {
  readonly unit: string;
  readonly factor: number;
}

interface Atom {
  readonly text: string;
  readonly dimension: string;
  readonly factor: number;
  power: number;
}

/**
 * Unit of a product. Atoms of one quantity are merged into the first (`mm * um` is mm² with factor 0.001); what cancels
 * altogether is a plain number (unit "", the factor says how much: `mm / um` is 1000).
 *
 * @throws UnitError for a scale with an offset (°C, °F): convert to kelvin first, see {@link absoluteUnit}
 * @example
 * multiplyUnits("MPa", "mm2"); // { unit: "MPa*mm2", factor: 1 }
 * multiplyUnits("mm", "um"); // { unit: "mm2", factor: 0.001 }
 */
export function multiplyUnits(a: string, b: string): ComposedUnit {
  return compose([...atomsOf(a), ...atomsOf(b)]);
}

/**
 * Unit of a power.
 *
 * @throws UnitError as {@link multiplyUnits}
 * @example
 * powerOfUnit("m/s", 2); // { unit: "m2/s2", factor: 1 }
 */
export function powerOfUnit(unit: string, power: number): ComposedUnit {
  return compose(atomsOf(unit).map((atom) => ({ ...atom, power: atom.power * power })));
}

/** The unit in which products and powers of a quantity mean anything: kelvin for °C and °F, else the unit itself. */
export function absoluteUnit(unit: string): string {
  return parseUnit(unit).offset === 0 ? unit : "K";
}

function atomsOf(unit: string): Atom[] {
  const { text, offset, known, dimension, factor } = parseUnit(unit);
  if (text === "") return [];
  if (offset !== 0) {
    throw new UnitError(`products and powers of "${text}" mean nothing, its zero is arbitrary; convert to K first`);
  }
  if (!known) return [{ text, dimension, factor, power: 1 }];
  const atoms: Atom[] = [];
  let sign = 1;
  for (const part of text.split(/([*/])/)) {
    if (part === "*" || part === "/") {
      sign = part === "*" ? 1 : -1;
      continue;
    }
    if (part === "1") continue;
    const [, name = part, fraction, whole] = /^(.+?)(?:\^(-?[\d.]+)|(\d+))?$/.exec(part) ?? [];
    const atom = parseUnit(name);
    atoms.push({
      text: atom.text,
      dimension: atom.dimension,
      factor: atom.factor,
      power: sign * Number(fraction ?? whole ?? 1),
    });
  }
  return atoms;
}

function compose(atoms: readonly Atom[]): ComposedUnit {
  const merged: Atom[] = [];
  let factor = 1;
  for (const atom of atoms) {
    const same = merged.find((other) => other.dimension === atom.dimension);
    if (same === undefined) {
      merged.push({ ...atom });
      continue;
    }
    factor *= (atom.factor / same.factor) ** atom.power;
    same.power = Number((same.power + atom.power).toPrecision(12)); // thirds add up to one
  }
  const left = merged.filter((atom) => atom.power !== 0);
  const unit = unitText(left);
  const parsed = parseUnit(unit);
  if (unit !== "" && parsed.known && parsed.dimension === "") return { unit: "", factor: factor * parsed.factor };
  return { unit, factor: shortest(factor) };
}

/** Powers of factors pick up rounding: 0.001 rather than 0.0009999999999999998. */
function shortest(factor: number): number {
  const short = Number(factor.toPrecision(15));
  return Math.abs(short - factor) <= 2 ** -50 * Math.abs(factor) ? short : factor;
}

function unitText(atoms: readonly Atom[]): string {
  const write = ({ text }: Atom, power: number): string =>
    power === 1 ? text : `${text}${Number.isInteger(power) ? "" : "^"}${power}`;
  const above = atoms.filter((atom) => atom.power > 0).map((atom) => write(atom, atom.power));
  const below = atoms.filter((atom) => atom.power < 0).map((atom) => `/${write(atom, -atom.power)}`);
  return above.length + below.length === 0 ? "" : (above.length === 0 ? "1" : above.join("*")) + below.join("");
}
