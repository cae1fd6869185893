// Where the description shipped with a data folder says less, or something else, than the column roles of
// @materiome/core. Each entry: [role, why]. Keys: dataset → column. Every table of the dataset is meant.
export const ROLE_OVERRIDES = {
  "concrete-strength": {
    age: ["condition", "the age at test is part of what is asked for (strength at 28 days), not a setting of the mix"],
  },
  "lpbf-relative-density": {
    "Density Measurement Method": ["condition", "a measuring method is an input, never a knob"],
    "Printed Geom.": ["condition", "the geometry is given by the part"],
    "Geometric Factor": ["condition", "the geometry is given by the part"],
    "Printer Model": ["condition", "the machine at hand is given"],
    DOI: ["group", "rows of one paper are related; split by it"],
  },
  "mpea-mechanical": {
    "IDENTIFIER: Reference ID": ["group", "rows of one paper are related; split by it"],
    "PROPERTY: Type of test": ["condition", "compression or tension is a test mode"],
    "PROPERTY: Test temperature ($^\\circ$C)": ["condition", "temperature of the test, not of the process"],
    "REFERENCE: doi": ["group", "rows of one paper are related; split by it"],
    "REFERENCE: year": ["note", "bibliography"],
    "REFERENCE: title": ["note", "bibliography"],
  },
  "xiong-hea": {
    Ref: ["group", "rows of one paper are related; split by it"],
  },
};

// Columns that are not plain numbers. "formula" is parsed as a chemical formula, "text" is kept as written.
export const KINDS = {
  "lpbf-relative-density": {
    Material: "category",
    "Density Measurement Method": "category",
    Atmosphere: "category",
    "Printed Geom.": "category",
    "Printer Model": "category",
    DOI: "category",
  },
  "matbench-dielectric-composition": { formula: "formula" },
  "matbench-expt-gap": { formula: "formula" },
  "matbench-jdft2d-composition": { formula: "formula" },
  "matbench-phonons-composition": { formula: "formula" },
  "matbench-steels": { formula: "formula" },
  "mpea-mechanical": {
    "IDENTIFIER: Reference ID": "category",
    FORMULA: "formula",
    "PROPERTY: Microstructure": "category",
    "PROPERTY: Processing method": "category",
    "PROPERTY: BCC/FCC/other": "category",
    "PROPERTY: Type of test": "category",
    "REFERENCE: doi": "category",
    "REFERENCE: title": "text",
  },
  "olympus-electrochem": { ligand: "category", metal: "category" },
  "olympus-hybrid-perovskites": { organic: "category", cation: "category", anion: "category" },
  "olympus-lipid-nanoparticles": { solid_lipid: "category" },
  "olympus-mmli-opv": { DB_block: "category", A_block: "category" },
  "xiong-hea": {
    Alloys: "formula",
    "Phase(s)": "category",
    "ML-A": "category",
    "ML-B": "category",
    "ML-C": "category",
    Ref: "category",
  },
  "xiong-metallic-glass-properties": { Alloy: "formula" },
};

// Unit texts that are no units: the meaning goes into the description, the unit becomes "" (none).
export const NOT_A_UNIT = {
  unitless: "dimensionless",
  "molar ratio": "amounts are molar ratios",
  "at.%": "amounts are atomic percent",
  "ratio to C60": "ratio to C60",
  "mole fraction": "mole fraction",
  fraction: "fraction, 0 to 1",
};

// Which file of the source repository a stored file is, where DATASET.json gives only a list of paths.
// A file that is not byte for byte the one at its URL says how it was made.
export const FILE_SOURCES = {
  "concrete-strength": { "concrete-strength.csv": "concrete.csv" },
  "lpbf-relative-density": {
    "lpbf-relative-density.csv": {
      source: "dataset.xlsx",
      converted: 'sheet "data" of the workbook written as CSV, cell values unchanged, numbers at full stored precision',
    },
  },
  "mpea-mechanical": { "mpea.csv": "MPEA_dataset.csv" },
  "nims-fatigue-steels": { "nims-fatigue.csv": "Chapter4/NIMS-Fatigue.csv" },
  "pvlab-agnp": { "pvlab-agnp.csv": "datasets/AgNP_dataset.csv" },
  "pvlab-autoam": { "pvlab-autoam.csv": "datasets/AutoAM_dataset.csv" },
  "pvlab-p3ht-cnt": { "pvlab-p3ht-cnt.csv": "datasets/P3HT_dataset.csv" },
  "pvlab-perovskite": { "pvlab-perovskite.csv": "datasets/Perovskite_dataset.csv" },
  "xiong-hea": {
    "phases.csv": "Chapter6/Formed Phases.csv",
    "hardness.csv": "Chapter6/Hardness.csv",
    "tensile.csv": "Chapter6/Tensile Property.csv",
    "references.csv": "Chapter6/Refence List.csv",
  },
  "xiong-metallic-glass-properties": {
    "characteristic-temperatures.csv": "Chapter5/CTT.csv",
    "elastic-moduli.csv": "Chapter5/EM.csv",
  },
};

/** Matbench: one CSV per task; the fold lists are a file of their own, made from the published fold generator. */
export const MATBENCH_SOURCES = {
  "matbench-dielectric-composition": "data/matbench/dielectric.csv",
  "matbench-expt-gap": "data/matbench/expt_gap.csv",
  "matbench-jdft2d-composition": "data/matbench/jdft2d.csv",
  "matbench-phonons-composition": "data/matbench/phonons.csv",
  "matbench-steels": "data/matbench/steels_yield.csv",
};
