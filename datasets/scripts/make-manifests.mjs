// Writes datasets/manifests/*.json from the DATASET.json files of a folder that holds one folder per dataset.
//   node datasets/scripts/make-manifests.mjs <folder>
// The manifests carry source, licence, schema and checksums, never data rows. Format: datasets/README.md.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { FILE_SOURCES, KINDS, MATBENCH_SOURCES, NOT_A_UNIT, ROLE_OVERRIDES } from "./overrides.mjs";

const folder = process.argv[2];
if (folder === undefined) {
  console.error("usage: node datasets/scripts/make-manifests.mjs <folder with one folder per dataset>");
  process.exit(2);
}
const out = fileURLToPath(new URL("../manifests/", import.meta.url));
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const MATBENCH_RULE = "matbench-v0.1: KFold(n_splits=5, shuffle=True, random_state=18012019)";

const index = [];
for (const name of readdirSync(folder).sort()) {
  let shipped;
  try {
    shipped = JSON.parse(readFileSync(join(folder, name, "DATASET.json"), "utf8"));
  } catch (error) {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") continue;
    throw error;
  }
  const manifest = manifestOf(name, shipped);
  writeFileSync(join(out, `${name}.json`), format(manifest));
  index.push({
    name,
    title: manifest.title,
    task: manifest.task,
    licence: manifest.licence,
    nFiles: manifest.files.length,
    bytes: manifest.files.reduce((sum, file) => sum + file.bytes, 0),
    nRows: manifest.tables[0]?.nRows,
    nImages: manifest.nImages,
    targets: manifest.targets.map((target) => target.name),
  });
}
writeFileSync(join(out, "index.json"), format({ format: "materiome-dataset-index", version: 1, datasets: index }));
console.log(`${index.length} manifests in ${out}`);

function manifestOf(name, shipped) {
  if (shipped.name !== name) throw new Error(`${name}: DATASET.json says it is "${shipped.name}"`);
  const source = sourceOf(shipped.source);
  return {
    format: "materiome-dataset",
    version: 1,
    name,
    title: shipped.title,
    task: shipped.task,
    licence: shipped.licence,
    citation: shipped.citation,
    source: {
      repository: source.repository,
      commit: source.commit,
      url: `https://raw.githubusercontent.com/${source.repository}/${source.commit}/{path}`,
    },
    nImages: shipped.nImages || undefined,
    pixelSizeUm: pixelSizeOf(shipped.pixelSizeUm),
    imageFormat: shipped.imageFormat,
    maskFormat: shipped.maskFormat,
    classes: shipped.classes !== undefined && Object.keys(shipped.classes).length > 0 ? shipped.classes : undefined,
    tables: tablesOf(name, shipped),
    targets: (shipped.targets ?? []).map((target) => targetOf(shipped, target)),
    splits: splitsOf(shipped.splits),
    publishedScores: shipped.publishedScores,
    notes: notesOf(shipped),
    files: shipped.files
      .filter((file) => file.path !== shipped.splits?.file)
      .map((file) => fileOf(name, shipped, source, file)),
  };
}

function sourceOf(source) {
  if (typeof source !== "string") return { repository: source.repository, commit: source.commit, paths: source.paths };
  const match = /^([^@]+)@([0-9a-f]{40}):/.exec(source);
  if (match === null) throw new Error(`cannot read source "${source}"`);
  return { repository: match[1], commit: match[2], paths: [] };
}

function pixelSizeOf(size) {
  if (size === null || size === undefined) return undefined;
  return typeof size === "number" ? { "*": size } : size;
}

function tablesOf(name, shipped) {
  const tables = [];
  if (shipped.dataFile !== undefined) {
    tables.push({ file: shipped.dataFile, nRows: shipped.nRows, header: shipped.header, columns: shipped.columns });
  }
  if (shipped.secondTable !== undefined) tables.push({ header: true, ...shipped.secondTable });
  for (const table of shipped.otherTables ?? []) {
    if (table.columns !== undefined) tables.push({ header: true, ...table });
  }
  return tables.map(({ file, nRows, header, columns, note }) => ({
    file,
    nRows,
    header,
    note,
    columns: columns.map((column) => columnOf(name, column)),
  }));
}

function columnOf(name, column) {
  const override = ROLE_OVERRIDES[name]?.[column.name];
  const meaning = column.unit === null ? undefined : NOT_A_UNIT[column.unit];
  return {
    name: column.name,
    role: override?.[0] ?? column.role,
    unit: meaning === undefined ? (column.unit ?? "") : "",
    kind: KINDS[name]?.[column.name] ?? "number",
    description: meaning === undefined ? column.description : `${column.description}; ${meaning}`,
    roleReason: override?.[1],
  };
}

function targetOf(shipped, target) {
  const column = shipped.columns.find((candidate) => candidate.name === target.name);
  if (column === undefined) throw new Error(`${shipped.name}: target "${target.name}" is no column`);
  const unit = target.unit ?? column.unit ?? "";
  return {
    name: target.name,
    unit: unit in NOT_A_UNIT ? "" : unit,
    direction: target.direction,
    metric: target.metric,
  };
}

function splitsOf(splits) {
  if (splits === undefined || Object.keys(splits).length === 0) return undefined;
  // Fold lists are not shipped: the rule that made them is in src/matbenchFolds.ts, and a test compares.
  if (splits.file !== undefined) return { rule: MATBENCH_RULE, folds: splits.folds, note: splits.verification };
  const sets = Array.isArray(splits.train) ? { default: splits } : splits;
  // A pair whose image is absent from the stored copy is left out; notes name the image.
  const parts = (set) => Object.fromEntries(Object.entries(set).map(([part, pairs]) => [part, pairs.filter(isWhole)]));
  return { sets: Object.fromEntries(Object.entries(sets).map(([set, lists]) => [set, parts(lists)])) };
}

function isWhole(pair) {
  return pair.image !== null && pair.mask !== null;
}

function notesOf(shipped) {
  const notes = [...(shipped.notes ?? []), ...(shipped.warnings ?? [])];
  for (const key of ["pixelSizeNote", "format", "truthNote", "nameNote", "classNote", "dedup"]) {
    if (shipped[key] !== undefined) notes.push(shipped[key]);
  }
  if (shipped.missing?.length > 0) notes.push(`Missing from the stored copy: ${shipped.missing.join(", ")}`);
  if (shipped.constraint === "simplex") notes.push("Inputs are shares of a mixture: they sum to 1.");
  if (shipped.exactDuplicates !== undefined) {
    notes.push(`Exact duplicates: ${shipped.exactDuplicates.map((pair) => pair.join(" = ")).join("; ")}`);
  }
  if (shipped.expected !== undefined) notes.push(`Expected values: ${JSON.stringify(shipped.expected)}`);
  return notes;
}

function fileOf(name, shipped, source, file) {
  const entry = { path: file.path, sha256: file.sha256, bytes: file.bytes };
  if (file.sourcePath !== undefined) {
    entry.source = file.sourcePath;
    if (file.encoding === "gzip") {
      entry.encoding = "gzip";
      entry.contentSha256 = file.contentSha256;
      entry.contentBytes = file.contentBytes;
    }
    return entry;
  }
  const named = FILE_SOURCES[name]?.[file.path] ?? MATBENCH_SOURCES[name] ?? olympusSource(name, source, file.path);
  if (named === undefined) throw new Error(`${name}: no source known for ${file.path}`);
  const path = typeof named === "string" ? named : named.source;
  if (!shipped.source.paths.some((listed) => listed === path || listed.startsWith(`${path} (`))) {
    throw new Error(`${name}: source ${path} of ${file.path} is not in its list of source paths`);
  }
  entry.source = path;
  if (typeof named !== "string") entry.converted = named.converted;
  return entry;
}

function olympusSource(name, source, path) {
  return name.startsWith("olympus-") ? source.paths.find((listed) => listed.endsWith(`/${path}`)) : undefined;
}

/** JSON with one array element, or one leaf object, per line: readable diffs, small files. */
function format(value) {
  return `${lines(value, "")}\n`;
}

function lines(value, indent) {
  const inner = `${indent} `;
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    return `[\n${value.map((item) => inner + (isTable(item) ? lines(item, inner) : JSON.stringify(item))).join(",\n")}\n${indent}]`;
  }
  if (value !== null && typeof value === "object") {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return `{\n${entries.map(([key, item]) => `${inner}${JSON.stringify(key)}: ${lines(item, inner)}`).join(",\n")}\n${indent}}`;
  }
  return JSON.stringify(value);
}

/** A table entry is spread over lines because its columns are. */
function isTable(item) {
  return item !== null && typeof item === "object" && Array.isArray(item.columns);
}
