import { ELEMENT_PROPERTY_INFO } from "../elementProperties.ts";
import { atomicNumber, elementProperty } from "../elements.ts";
import { type ElementTable, elementTable, magpieTable } from "./elementTable.ts";
import { MODULI_DATA } from "./miedemaData.ts";

const MODULI_SOURCE = "Zhang et al. (2016), doi:10.1016/j.cpc.2016.08.013, after de Boer et al. (1988)";

/** Atomic radii assessed for metallic glasses, pm. */
export const RADIUS_MIRACLE: ElementTable = elementTable(
  "metallic radius (Miracle 2010)",
  "Miracle et al., Int. Mater. Rev. 55, 218 (2010), doi:10.1179/095066010X12646898728200",
  `Li 152, Be 112, B 88, C 77, N 72, O 64, Na 180, Mg 160, Al 141, Si 110, P 102, S 103, K 230, Ca 201, Sc 162, Ti 142,
   V 134, Cr 130, Mn 132, Fe 125, Co 125, Ni 126, Cu 126, Zn 140, Ga 134, Ge 114, As 115, Se 118, Rb 244, Sr 212, Y 179,
   Zr 158, Nb 143, Mo 139, Tc 136, Ru 134, Rh 132, Pd 142, Ag 144, Cd 157, In 155, Sn 155, Sb 155, Te 140, Cs 264, Ba 223,
   La 187, Ce 182, Pr 183, Nd 182, Pm 185, Sm 185, Eu 196, Gd 176, Tb 176, Dy 175, Ho 177, Er 175, Tm 175, Yb 190, Lu 175,
   Hf 158, Ta 145, W 135, Re 137, Os 135, Ir 136, Pt 139, Au 143, Hg 152, Tl 172, Pb 174, Bi 162, Po 168, Th 178, Pa 165,
   U 158, Np 175, Pu 175`,
);

/**
 * Radii from lattice parameters of the pure metals, used by most papers on high-entropy alloys, pm. Left out are Pr, Nd, Pm,
 * Tm and Yb, whose radii in that table lie 10 % below those of their neighbours.
 */
export const RADIUS_GUO: ElementTable = elementTable(
  "metallic radius (Guo and Liu 2011)",
  "Guo and Liu, Prog. Nat. Sci.: Mater. Int. 21, 433 (2011), doi:10.1016/S1002-0071(12)60080-X",
  `Li 151.9, Be 112.8, B 82, C 77.3, N 75, O 73, Na 185.7, Mg 160.1, Al 143.2, Si 115.3, P 106, S 102, K 231, Ca 197.6,
   Sc 164.1, Ti 146.2, V 131.6, Cr 124.9, Mn 135, Fe 124.1, Co 125.1, Ni 124.6, Cu 127.8, Zn 139.5, Ga 139.2, Ge 124,
   Rb 244, Sr 215.2, Y 180.2, Zr 160.3, Nb 142.9, Mo 136.3, Tc 136, Ru 133.8, Rh 134.5, Pd 137.5, Ag 144.5, Cd 156.8,
   In 165.9, Sn 162, Te 145.2, Cs 265, Ba 217.6, La 187.9, Ce 182.5, Sm 181, Gd 180.1, Tb 178.1, Dy 177.4, Ho 176.6,
   Er 175.6, Lu 173.5, Hf 157.8, Ta 143, W 136.7, Re 137.5, Os 135.2, Ir 135.7, Pt 138.7, Au 144.2, Tl 171.6, Pb 175,
   Th 180`,
);

/** Pauling's electronegativity. */
export const PAULING: ElementTable = magpieTable("Pauling electronegativity", "Electronegativity");

/** Allen's electronegativity (mean energy of the valence electrons, on Pauling's scale). */
export const ALLEN: ElementTable = elementTable(
  "Allen electronegativity",
  "Mann, Meek, Allen, J. Am. Chem. Soc. 122, 2780 (2000), doi:10.1021/ja992866e; Mann et al., 122, 5132 (2000), doi:10.1021/ja9928677",
  `H 2.3, Li 0.912, Be 1.576, B 2.051, C 2.544, N 3.066, O 3.61, F 4.193, Na 0.869, Mg 1.293, Al 1.613, Si 1.916, P 2.253,
   S 2.589, Cl 2.869, K 0.734, Ca 1.034, Sc 1.19, Ti 1.38, V 1.53, Cr 1.65, Mn 1.75, Fe 1.8, Co 1.84, Ni 1.88, Cu 1.85,
   Zn 1.588, Ga 1.756, Ge 1.994, As 2.211, Se 2.424, Br 2.685, Rb 0.706, Sr 0.963, Y 1.12, Zr 1.32, Nb 1.41, Mo 1.47,
   Tc 1.51, Ru 1.54, Rh 1.56, Pd 1.58, Ag 1.87, Cd 1.521, In 1.656, Sn 1.824, Sb 1.984, Te 2.158, I 2.359, Cs 0.659,
   Ba 0.881, Lu 1.09, Hf 1.16, Ta 1.34, W 1.47, Re 1.6, Os 1.65, Ir 1.68, Pt 1.72, Au 1.92, Hg 1.765, Tl 1.789, Pb 1.854,
   Bi 2.01`,
);

/** Melting point, K. */
export const MELTING_POINT: ElementTable = magpieTable("melting point", "MeltingT");

/** Standard atomic weight, g/mol. */
export const ATOMIC_WEIGHT: ElementTable = magpieTable("atomic weight", "AtomicWeight");

/**
 * Electrons outside the noble-gas core, d electrons included, filled d and f shells not: the group, 3 for lanthanides. Left
 * out are the actinides but actinium, whose f electrons bond and for which no count is agreed.
 */
export const VALENCE_ELECTRONS: ElementTable = magpieTable("valence electron count", "Column", (column, symbol) => {
  if (symbol === "He" || atomicNumber(symbol) > 89) return Number.NaN;
  return column > 12 ? column - 10 : column;
});

/** s and p electrons of the free atom's valence shell. */
export const SP_ELECTRONS: ElementTable = magpieTable(
  "s and p valence electrons",
  "NsValence",
  (s, symbol) => s + elementProperty(symbol, "NpValence"),
);

/** Density near room temperature, kg/m³: where compilations disagree by more than 2 % (boron, graphite, …) as in Magpie. */
export const DENSITY: ElementTable = {
  label: "density",
  source: `${ELEMENT_PROPERTY_INFO.Density.source}; of B, C, S, Sr, Nd, Sm, Yb and Hg the element tables of Magpie, doi:10.1038/npjcompumats.2016.28`,
  values: new Map([
    ...magpieTable("density", "Density", (value) => 1000 * value).values,
    ...elementTable("", "", "B 2460, C 2260, S 1960, Sr 2630, Nd 7010, Sm 7353, Yb 6570, Hg 13534").values,
  ]),
};

/** Cohesive energy of the solid element at 0 K and 1 atm, eV/atom. */
export const COHESIVE_ENERGY: ElementTable = elementTable(
  "cohesive energy",
  "Kittel, Introduction to Solid State Physics, 8th ed., Wiley (2005), chapter 3, table 1",
  `Li 1.63, Be 3.32, B 5.81, C 7.37, N 4.92, O 2.6, Na 1.113, Mg 1.51, Al 3.39, Si 4.63, P 3.43, S 2.85, K 0.934, Ca 1.84,
   Sc 3.9, Ti 4.85, V 5.31, Cr 4.1, Mn 2.92, Fe 4.28, Co 4.39, Ni 4.44, Cu 3.49, Zn 1.35, Ga 2.81, Ge 3.85, As 2.96,
   Se 2.46, Rb 0.852, Sr 1.72, Y 4.37, Zr 6.25, Nb 7.57, Mo 6.82, Tc 6.85, Ru 6.74, Rh 5.75, Pd 3.89, Ag 2.95, Cd 1.16,
   In 2.52, Sn 3.14, Sb 2.75, Cs 0.804, Ba 1.9, La 4.47, Ce 4.32, Pr 3.7, Nd 3.4, Sm 2.14, Eu 1.86, Gd 4.14, Tb 4.05,
   Dy 3.04, Ho 3.14, Er 3.29, Tm 2.42, Yb 1.6, Lu 4.43, Hf 6.44, Ta 8.1, W 8.9, Re 8.03, Os 8.17, Ir 6.94, Pt 5.84,
   Au 3.81, Tl 1.88, Pb 2.03, Bi 2.18, Th 6.2, U 5.55`,
);

/** Bulk and shear modulus of the polycrystal, GPa. */
export const BULK_MODULUS: ElementTable = elementTable(
  "bulk modulus",
  MODULI_SOURCE,
  MODULI_DATA.replace(/^(\w+),([\d.]+),.*$/gm, "$1 $2"),
);
export const SHEAR_MODULUS: ElementTable = elementTable(
  "shear modulus",
  MODULI_SOURCE,
  MODULI_DATA.replace(/^(\w+),[\d.]+,/gm, "$1 "),
);

/** Young's modulus of the isotropic polycrystal, E = 9KG / (3K + G), GPa. */
export const YOUNGS_MODULUS: ElementTable = {
  label: "Young's modulus",
  source: `E = 9KG/(3K + G) of the moduli of ${MODULI_SOURCE}`,
  values: new Map(
    [...BULK_MODULUS.values].flatMap(([symbol, bulk]) => {
      const shear = SHEAR_MODULUS.values.get(symbol);
      return shear === undefined ? [] : [[symbol, (9 * bulk * shear) / (3 * bulk + shear)] as const];
    }),
  ),
};
