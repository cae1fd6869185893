import type { ColumnRole } from "../table/column.ts";
import { isConvertible } from "./convertUnit.ts";
import { canonicalUnitText } from "./unit.ts";

/** One line of a table of canonical units: which columns it speaks of, and the unit they get. */
export interface CanonicalUnit {
  readonly unit: string;
  /** Quantities meant, for people. */
  readonly quantity: string;
  /** Roles it is confined to. @defaultValue all */
  readonly roles?: readonly ColumnRole[] | undefined;
  /** What the column's own unit must look like, where one dimension holds two quantities (J/mm³ and MPa, eV and J). */
  readonly written?: RegExp | undefined;
  /** What the column's name must speak of, where the field keeps two units for one quantity. */
  readonly named?: RegExp | undefined;
}

const SETTINGS: readonly ColumnRole[] = ["composition", "process", "condition", "structure"];

const POWDER_OR_LAYER =
  /\bD[\s_]?\[?\d[\d.,]*\]?(?![a-z])|particle|powder|grain|layer|hatch|spot|beam|melt[ -]?pool|coating|roughness|\bR[az]\b/i;

const MODULUS = /modul(?:us|i)\b|stiffness|^[EG]$/i;

const VACUUM = /vacuum|(?:chamber|base|background|partial|working|deposition|sputter\w*) pressure/i;

/**
 * Units as papers on materials state them: the default of `toCanonicalUnits`. The first line that fits decides; what
 * none fits keeps its unit.
 *
 * Temperatures that somebody sets (process, condition) are in °C, those that are measured (Curie, glass transition,
 * Debye: role property) in K. Lengths are in µm in structure columns and
 * where the name speaks of powder, layers or beams, in mm elsewhere; elastic moduli (also as `E` and `G`) in GPa, other stresses in MPa, vacuum in Pa. Plain ratios (%, ppm without
 * “weight” or “atomic”) and hardness scales stay what they are.
 */
export const ENGINEERING_UNITS: readonly CanonicalUnit[] = [
  { unit: "degC", quantity: "temperatures that are set", roles: SETTINGS },
  { unit: "K", quantity: "temperatures that are measured" },
  { unit: "K/s", quantity: "heating and cooling rates" },
  { unit: "J/mm3", quantity: "volumetric energy density", written: /^[umkMG]?(?:J|W\*s|cal|erg)\// },
  { unit: "GPa", quantity: "elastic moduli", named: MODULUS },
  { unit: "Pa", quantity: "vacuum and chamber pressures", named: VACUUM },
  { unit: "Pa", quantity: "pressures of vacuum gauges", roles: SETTINGS, written: /^(?:[mu]?Torr|[mu]bar|Pa)$/ },
  { unit: "MPa", quantity: "stress, strength, pressure" },
  { unit: "MPa*m^0.5", quantity: "fracture toughness" },
  { unit: "um", quantity: "lengths in a microstructure", roles: ["structure"] },
  { unit: "um", quantity: "powders, layers, beams", named: POWDER_OR_LAYER },
  { unit: "mm", quantity: "lengths of tools and specimens" },
  { unit: "mm/year", quantity: "corrosion rate", written: /year/ },
  { unit: "mm/s", quantity: "speeds that are set", roles: SETTINGS },
  { unit: "Hz", quantity: "frequency", written: /Hz$/ },
  { unit: "1/s", quantity: "strain rate" },
  { unit: "h", quantity: "times" },
  { unit: "wt%", quantity: "amounts by mass" },
  { unit: "at%", quantity: "amounts by atoms", written: /^(?!mol%)/ },
  { unit: "vol%", quantity: "amounts by volume" },
  { unit: "g/cm3", quantity: "density" },
  { unit: "eV/atom", quantity: "energies per atom", written: /eV\/atom/ },
  { unit: "eV", quantity: "band gaps", written: /eV$/ },
  { unit: "kJ/mol", quantity: "molar energies" },
  { unit: "J", quantity: "impact energy" },
  { unit: "W", quantity: "power" },
  { unit: "N", quantity: "force" },
  { unit: "V", quantity: "voltage" },
  { unit: "A", quantity: "current" },
  { unit: "deg", quantity: "angles" },
  { unit: "um/m/K", quantity: "thermal expansion" },
  { unit: "W/m/K", quantity: "thermal conductivity" },
  { unit: "J/kg/K", quantity: "specific heat" },
  { unit: "S/m", quantity: "electrical conductivity" },
  { unit: "ohm*m", quantity: "electrical resistivity" },
];

/** Units of the SI without prefixes, temperatures in K: for physics and for formulas that want one system. */
export const SI_UNITS: readonly CanonicalUnit[] = [
  { unit: "K", quantity: "temperature" },
  { unit: "K/s", quantity: "heating and cooling rates" },
  { unit: "J/m3", quantity: "volumetric energy density", written: /^[umkMG]?(?:J|W\*s|cal|erg)\// },
  { unit: "Pa", quantity: "stress, pressure" },
  { unit: "Pa*m^0.5", quantity: "fracture toughness" },
  { unit: "m", quantity: "length" },
  { unit: "m2", quantity: "area" },
  { unit: "m3", quantity: "volume" },
  { unit: "m/s", quantity: "speed" },
  { unit: "Hz", quantity: "frequency", written: /Hz$/ },
  { unit: "1/s", quantity: "strain rate" },
  { unit: "s", quantity: "time" },
  { unit: "kg", quantity: "mass" },
  { unit: "kg/m3", quantity: "density" },
  { unit: "mass fraction", quantity: "amounts by mass" },
  { unit: "atomic fraction", quantity: "amounts by atoms" },
  { unit: "volume fraction", quantity: "amounts by volume" },
  { unit: "J/mol", quantity: "molar energies" },
  { unit: "J", quantity: "energy" },
  { unit: "W", quantity: "power" },
  { unit: "N", quantity: "force" },
  { unit: "V", quantity: "voltage" },
  { unit: "A", quantity: "current" },
  { unit: "rad", quantity: "angles" },
  { unit: "1/K", quantity: "thermal expansion" },
  { unit: "W/m/K", quantity: "thermal conductivity" },
  { unit: "J/kg/K", quantity: "specific heat" },
  { unit: "S/m", quantity: "electrical conductivity" },
  { unit: "ohm*m", quantity: "electrical resistivity" },
];

/**
 * The canonical unit for a column of the given unit and role; undefined where no line of the table fits.
 *
 * @example
 * canonicalUnitFor("ksi", "property"); // "MPa"
 * canonicalUnitFor("K", "process"); // "degC"
 * canonicalUnitFor("Msi", "property", "Young modulus"); // "GPa"
 */
export function canonicalUnitFor(
  unit: string,
  role: ColumnRole,
  name: string = "",
  units: readonly CanonicalUnit[] = ENGINEERING_UNITS,
): string | undefined {
  const text = canonicalUnitText(unit);
  if (text === "") return undefined;
  const line = units.find(
    (entry) =>
      (entry.roles === undefined || entry.roles.includes(role)) &&
      (entry.named === undefined || entry.named.test(name)) &&
      (entry.written === undefined || entry.written.test(text)) &&
      isConvertible(text, entry.unit),
  );
  return line === undefined ? undefined : canonicalUnitText(line.unit);
}
