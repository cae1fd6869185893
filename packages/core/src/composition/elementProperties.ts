/** What a property of the elements is, in which unit it stands, and where its numbers come from. */
export interface ElementPropertyInfo {
  readonly description: string;
  /** "" where there is none. */
  readonly unit: string;
  readonly source: string;
}

const MAGPIE =
  "Magpie element tables, Ward et al., npj Comput. Mater. 2, 16028 (2016), doi:10.1038/npjcompumats.2016.28";
const VALENCE = `${MAGPIE}: electrons of the free atom's outer shells; filled p, d and f shells below a new period do not count`;
const UNFILLED = `${MAGPIE}: places left in a subshell that holds electrons, else 0`;
const GROUND_STATE = `${MAGPIE}: density functional theory, ground state at 0 K`;

function info(description: string, unit: string, source: string): ElementPropertyInfo {
  return { description, unit, source };
}

/**
 * The 22 element properties of the Magpie set, in its order, with the source's own names and gaps (it has no `Number`
 * beyond 112; `atomicNumber` knows all 118).
 */
export const MAGPIE_PROPERTIES = [
  "Number",
  "MendeleevNumber",
  "AtomicWeight",
  "MeltingT",
  "Column",
  "Row",
  "CovalentRadius",
  "Electronegativity",
  "NsValence",
  "NpValence",
  "NdValence",
  "NfValence",
  "NValence",
  "NsUnfilled",
  "NpUnfilled",
  "NdUnfilled",
  "NfUnfilled",
  "NUnfilled",
  "GSvolume_pa",
  "GSbandgap",
  "GSmagmom",
  "SpaceGroupNumber",
] as const;

const FURTHER_PROPERTIES = [
  "FirstIonisationEnergy",
  "ElectronAffinity",
  "Density",
  "AtomicRadius",
  "MolarVolume",
] as const;

/** All element properties: the 22 of the Magpie set, then further measured ones. */
export const ELEMENT_PROPERTIES: readonly [...typeof MAGPIE_PROPERTIES, ...typeof FURTHER_PROPERTIES] = [
  ...MAGPIE_PROPERTIES,
  ...FURTHER_PROPERTIES,
];

export type MagpieProperty = (typeof MAGPIE_PROPERTIES)[number];
export type ElementProperty = (typeof ELEMENT_PROPERTIES)[number];

/** Description, unit and source of each element property. */
export const ELEMENT_PROPERTY_INFO: Readonly<Record<ElementProperty, ElementPropertyInfo>> = {
  Number: info("atomic number", "", MAGPIE),
  MendeleevNumber: info("Mendeleev number (Villars)", "", MAGPIE),
  AtomicWeight: info("atomic weight; of the longest-lived isotope where there is no stable one", "g/mol", MAGPIE),
  MeltingT: info("melting temperature", "K", MAGPIE),
  Column: info("column of the periodic table, 3 for all lanthanides and actinides", "", MAGPIE),
  Row: info("row of the periodic table", "", MAGPIE),
  CovalentRadius: info(
    "covalent radius",
    "pm",
    `${MAGPIE}; the values of Cordero et al., Dalton Trans. 2008, 2832, doi:10.1039/b801115j`,
  ),
  Electronegativity: info("Pauling electronegativity", "", MAGPIE),
  NsValence: info("s valence electrons", "", VALENCE),
  NpValence: info("p valence electrons", "", VALENCE),
  NdValence: info("d valence electrons", "", VALENCE),
  NfValence: info("f valence electrons", "", VALENCE),
  NValence: info("valence electrons", "", VALENCE),
  NsUnfilled: info("unfilled s states", "", UNFILLED),
  NpUnfilled: info("unfilled p states", "", UNFILLED),
  NdUnfilled: info("unfilled d states", "", UNFILLED),
  NfUnfilled: info("unfilled f states", "", UNFILLED),
  NUnfilled: info("unfilled valence states", "", UNFILLED),
  GSvolume_pa: info("volume per atom of the elemental solid", "angstrom3/atom", GROUND_STATE),
  GSbandgap: info("band gap of the elemental solid", "eV", GROUND_STATE),
  GSmagmom: info(
    "magnetic moment of the elemental solid, Bohr magnetons per atom (the source states no unit)",
    "",
    GROUND_STATE,
  ),
  SpaceGroupNumber: info("space group number of the elemental solid", "", GROUND_STATE),
  FirstIonisationEnergy: info(
    "first ionisation energy of the free atom",
    "eV",
    "NIST Atomic Spectra Database, as compiled in pymatgen 2022.11.7; only values that the Blue Obelisk data repository confirms within 0.2 %",
  ),
  ElectronAffinity: info(
    "electron affinity of the free atom, where a stable anion is measured",
    "eV",
    "compiled in pymatgen 2022.11.7; only values that the Blue Obelisk data repository confirms within 0.01 eV",
  ),
  Density: info(
    "density near room temperature, of elements that are solid there",
    "g/cm3",
    "CRC Handbook of Chemistry and Physics, 80th edition, as compiled in periodictable 1.6; only values that pymatgen 2022.11.7 confirms within 2 %",
  ),
  AtomicRadius: info(
    "empirical atomic radius",
    "pm",
    "Slater, J. Chem. Phys. 41, 3199 (1964), doi:10.1063/1.1725697, as compiled in pymatgen 2022.11.7",
  ),
  MolarVolume: info("molar volume near room temperature: AtomicWeight / Density", "cm3/mol", "as its two factors"),
};
