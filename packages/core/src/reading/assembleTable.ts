import { DataError, isMateriomeError } from "../errors/errors.ts";
import { ProblemList } from "../errors/problemList.ts";
import type { CategoryColumn, Column, ColumnKind, ColumnRole } from "../table/column.ts";
import { createCategoryColumn, createNumberColumn, createTextColumn } from "../table/columns.ts";
import { type CompositionKind, compositionOfText, isCompositionKind } from "../table/compositionOfText.ts";
import { type ColumnFacts, inferRoles } from "../table/inferRole.ts";
import type { DecimalSign } from "../table/numberText.ts";
import { resolveColumn } from "../table/resolveColumn.ts";
import type { ColumnSchema, TableSchema } from "../table/schema.ts";
import { Table } from "../table/table.ts";
import { resolveNotation } from "../table/tableNotation.ts";
import { isConvertible } from "../units/convertUnit.ts";
import { canonicalUnitText } from "../units/unit.ts";
import { isDateText } from "./cellText.ts";
import { checkIsHeader, type Header, headersFromSchema, headersOf } from "./columnHeaders.ts";
import { type DecimalCandidate, detectDecimal } from "./detectDecimal.ts";
import type { Delimiter } from "./detectDelimiter.ts";
import { inferKind } from "./inferKind.ts";
import { type MissingTexts, missingTextsOf } from "./missing.ts";
import { firstRowOf, type LabelCells, type RawColumn, textsOf } from "./rawColumn.ts";
import { type ReadNumbers, readNumbers } from "./readNumbers.ts";
import type { ReadTableOptions } from "./readTableOptions.ts";
import { checkAgainstSchema } from "./validateTable.ts";

/** A table as it stands in a file of any format. */
export interface RawTable {
  /** Header cells; empty ones where the file has no header. */
  readonly header: readonly string[];
  readonly headerRow: number;
  readonly columns: readonly RawColumn[];
  readonly rowNumbers: Int32Array;
  readonly ragged: readonly { readonly row: number; readonly nFields: number }[];
  /** Undefined where the file is no delimited text. */
  readonly delimiter: Delimiter | undefined;
}

/** A column of the file with what is declared of it. */
export interface LaidOutColumn {
  readonly header: Header;
  readonly declared: ColumnSchema | undefined;
  readonly missing: MissingTexts;
}

/** Names, units and declarations of the columns, before their cells are read. */
export interface Layout {
  readonly columns: readonly LaidOutColumn[];
  readonly problems: ProblemList;
}

/** @throws DataError if the schema speaks of an input column that is not there */
export function layOut(raw: RawTable, options: ReadTableOptions): Layout {
  const { file, schema } = options;
  const { header: hasHeader, missing } = resolveNotation(options);
  const problems = new ProblemList(file);
  if (hasHeader && options.header === undefined && schema?.header === undefined) {
    checkIsHeader(raw.header, raw.headerRow, file);
  }
  const everywhere = missingTextsOf(missing);
  const firstRowWithValue = (index: number): number | undefined => {
    const column = raw.columns[index];
    if (column === undefined) return undefined;
    if (column.plan === "numbers" && column.nNumbers > 0) return raw.rowNumbers[column.valid.indexOf(1)];
    const code = textsOf(column).labels.findIndex((text) => text !== "");
    return code < 0 ? undefined : raw.rowNumbers[firstRowOf(column, code)];
  };
  const headers = hasHeader
    ? headersOf(raw.header, raw.headerRow, firstRowWithValue, problems)
    : headersFromSchema(raw.header.length, schema, file);
  const width = raw.header.length;
  if (hasHeader && raw.delimiter !== undefined && width === 1 && /\S\s{2,}\S/.test(raw.header[0] ?? "")) {
    problems.add("is divided by spaces only; divide the columns by tabs, semicolons, bars or commas", {
      row: raw.headerRow,
    });
  }
  const elsewhere = headerElsewhere(raw);
  if (elsewhere !== undefined) problems.add(elsewhere, { row: raw.headerRow });
  for (const { row, nFields } of elsewhere === undefined ? raw.ragged : []) {
    const what = nFields > width ? "an unquoted delimiter in a text, or a decimal comma?" : "a delimiter is missing?";
    problems.add(`has ${nFields} fields, the header has ${width} (${what})`, { row });
  }
  if (raw.rowNumbers.length === 0) {
    problems.throwIfAny();
    const what =
      headers.length === 0
        ? "the table is empty: it has no rows of data"
        : "the table has no rows of data below its header";
    throw new DataError(what, { location: { file } });
  }
  const declared = schemaByColumn(headers, schema, file, problems);
  checkUnits(headers, declared, problems);
  return {
    problems,
    columns: headers.map((header, i) => {
      const own = declared[i];
      return { header, declared: own, missing: own?.missing === undefined ? everywhere : missingTextsOf(own.missing) };
    }),
  };
}

/** What to say where most rows are alike and only the first, a title or comment, is shorter. */
function headerElsewhere({ header, headerRow, ragged, rowNumbers }: RawTable): string | undefined {
  const [first] = ragged;
  if (first === undefined || first.nFields <= header.length || ragged.length <= rowNumbers.length) return undefined;
  if (header.length > 1 && first.row === headerRow + 1) return undefined; // a title ends before the second line
  if (ragged.some(({ nFields }) => nFields !== first.nFields)) return undefined;
  return `the first row has ${header.length} of the ${first.nFields} fields that rows from ${first.row} on have; if the header stands in row ${first.row}, state headerRow: ${first.row} (in the schema), or remove what stands above`;
}

/** The decimal sign that is declared, or else the one that the cells show. @throws FormatError as `detectDecimal` */
export function decimalOf(
  raw: RawTable,
  layout: Layout,
  readWith: DecimalSign,
  options: ReadTableOptions,
): DecimalSign {
  const { decimal: stated, certificates } = resolveNotation(options);
  if (stated !== undefined) return stated;
  const candidates = layout.columns.flatMap(({ header, declared, missing }): DecimalCandidate[] => {
    const column = raw.columns[header.index];
    if (column === undefined || (declared?.kind !== undefined && declared.kind !== "number")) return [];
    return [{ header: header.header, column, missing }];
  });
  const { delimiter, rowNumbers } = raw;
  try {
    return detectDecimal(candidates, { delimiter, readWith, file: options.file, rowNumbers, certificates });
  } catch (error) {
    layout.problems.throwIfAny(); // rows of another width are where stray commas come from
    throw error;
  }
}

/** Kind of each column of the layout. */
export function kindsOf(raw: RawTable, layout: Layout, decimal: DecimalSign, options: ReadTableOptions): ColumnKind[] {
  const { certificates } = resolveNotation(options);
  return layout.columns.map(({ header, declared, missing }) => {
    if (declared?.kind !== undefined) return declared.kind;
    const column = raw.columns[header.index];
    if (column === undefined) return "text";
    return inferKind(header.name, column, { decimal, missing, certificates, unit: declared?.unit ?? header.unit });
  });
}

interface Draft extends LaidOutColumn {
  readonly kind: ColumnKind;
  readonly numbers: ReadNumbers | undefined;
  /** Distinct texts, missing ones undefined, for kinds other than number. */
  readonly labels: readonly (string | undefined)[];
  readonly codes: Int32Array;
}

/**
 * The table of a file of any format: kinds, numbers, formulas, roles, companion columns, and the checks of the schema.
 * Columns of any kind but number must hold labels.
 *
 * @throws TableFormatError listing everything that is wrong
 */
export function assembleTable(raw: RawTable, layout: Layout, decimal: DecimalSign, options: ReadTableOptions): Table {
  const { file, schema } = options;
  const { problems } = layout;
  const { certificates, coverageFactor } = resolveNotation(options);
  const kinds = kindsOf(raw, layout, decimal, options);
  const drafts = layout.columns.map((column, i): Draft => {
    const kind = kinds[i] ?? "text";
    const cells = raw.columns[column.header.index] as RawColumn; // the layout lists columns of the file
    if (kind === "number") {
      const numbers = readNumbers(
        column.header,
        cells,
        {
          decimal,
          missing: column.missing,
          certificates,
          coverageFactor,
          unit: column.declared?.unit ?? column.header.unit,
          rowNumbers: raw.rowNumbers,
        },
        problems,
      );
      return { ...column, kind, numbers, labels: [], codes: new Int32Array(0) };
    }
    const { labels, codes } = cells as LabelCells;
    const isMissing = (text: string): boolean =>
      isCompositionKind(kind) ? column.missing.hasAsNumber(text) : column.missing.has(text);
    const draft: Draft = {
      ...column,
      kind,
      numbers: undefined,
      labels: labels.map((text) => (isMissing(text) ? undefined : text)),
      codes,
    };
    if (isCompositionKind(kind)) checkCompositions(draft, kind, raw.rowNumbers, problems);
    return draft;
  });
  problems.throwIfAny();
  const roles = inferRoles(drafts.map(factsOf));
  const taken = new Set(drafts.map(({ header }) => header.name));
  const columns = drafts.flatMap((draft, i): Column[] => {
    const { header, declared, kind, numbers } = draft;
    const inferred = roles[i] ?? { role: "note", from: "default" }; // one role per draft
    const info = {
      role: declared?.role ?? inferred.role,
      unit: declared?.unit ?? numbers?.unit ?? header.unit,
      describes: declared?.describes ?? inferred.describes,
      header: header.header === header.name ? undefined : header.header,
    };
    const from = declared?.role === undefined ? { roleFrom: inferred.from } : {};
    if (numbers === undefined) {
      return [{ ...(kind === "category" ? categoryOf(draft, info) : textOf(draft, kind, info)), ...from }];
    }
    const notation = numbers.notation === undefined ? {} : { notation: numbers.notation };
    const column = { ...createNumberColumn(header.name, numbers.values, info, numbers.valid), ...from, ...notation };
    return [column, ...companionsOf(column, numbers, taken, problems)];
  });
  const table = new Table(columns, file, raw.rowNumbers);
  if (schema !== undefined) checkAgainstSchema(table, schema, problems);
  problems.throwIfAny();
  return table;
}

/** What the cells said besides the value: columns of role `uncertainty` and `censor`, only where there is any. */
function companionsOf(column: Column, numbers: ReadNumbers, taken: Set<string>, problems: ProblemList): Column[] {
  const companions: Column[] = [];
  const add = (word: string, role: ColumnRole, create: (name: string) => Column): void => {
    const name = `${column.name} ${word}`;
    if (taken.has(name)) {
      problems.add(
        `the cells state ${word} values, for which a column "${name}" would be needed, but there is one already; rename it, or read with certificates: false`,
        { column: column.name },
      );
      return;
    }
    taken.add(name);
    companions.push({ ...create(name), role, roleFrom: "values" });
  };
  const { sigma, censor } = numbers;
  if (sigma !== undefined) {
    const own = { role: "uncertainty", unit: column.unit, describes: column.name } as const;
    add("uncertainty", "uncertainty", (name) => createNumberColumn(name, sigma, own));
  }
  if (censor !== undefined) {
    add("censoring", "censor", (name) =>
      createCategoryColumn(name, censor, { role: "censor", describes: column.name }),
    );
  }
  return companions;
}

function schemaByColumn(
  headers: readonly Header[],
  schema: TableSchema | undefined,
  file: string | undefined,
  problems: ProblemList,
): (ColumnSchema | undefined)[] {
  const found = new Array<ColumnSchema | undefined>(headers.length).fill(undefined);
  if (schema === undefined) return found;
  problems.throwIfAny(); // two columns of one name cannot be told apart
  // An empty table of the same names, so that the schema's names are found by the same rules as everywhere.
  const names = new Table(
    headers.map(({ name, header }) => createTextColumn(name, [], { kind: "text", role: "note", header })),
    file,
  );
  for (const column of schema.columns) {
    try {
      const { name } = resolveColumn(names, column.name);
      found[headers.findIndex((header) => header.name === name)] = column;
    } catch (error) {
      // A table to predict on need not hold what is predicted.
      const isOutcome = ["property", "uncertainty", "censor", "note"].includes(column.role ?? "");
      if (isMateriomeError(error) && error.code === "DATA" && isOutcome && column.required !== true) continue;
      throw error;
    }
  }
  return found;
}

/** A schema may say what kind of % a header means, or that it states no unit; MPa in one and GPa or K in the other is a mistake. */
function checkUnits(
  headers: readonly Header[],
  declared: readonly (ColumnSchema | undefined)[],
  problems: ProblemList,
): void {
  for (const [i, { header, unit }] of headers.entries()) {
    const own = canonicalUnitText(declared[i]?.unit ?? unit);
    if (own === unit || own === "" || unit === "" || (!isConvertible(unit, own) && `${unit}${own}`.includes("%")))
      continue;
    problems.add(`the header says ${unit}, the schema ${own}; the schema states the unit of the values as they stand`, {
      column: header,
    });
  }
}

function checkCompositions(
  { header, labels, codes }: Draft,
  kind: CompositionKind,
  rowNumbers: Int32Array,
  problems: ProblemList,
): void {
  const wrong = new Map<number, string>();
  for (const [code, text] of labels.entries()) {
    try {
      if (text !== undefined) compositionOfText(text, kind);
    } catch (error) {
      if (!isMateriomeError(error)) throw error;
      wrong.set(code, error.message);
    }
  }
  if (wrong.size === 0) return;
  for (const [row, code] of codes.entries()) {
    const message = wrong.get(code);
    if (message !== undefined) problems.add(message, { row: rowNumbers[row], column: header.header });
  }
}

function factsOf({ header, declared, kind, numbers, labels, codes }: Draft): ColumnFacts {
  const { name } = header;
  const unit = declared?.unit ?? numbers?.unit ?? header.unit;
  let nPresent = 0;
  if (numbers === undefined) {
    for (const code of codes) if (labels[code] !== undefined) nPresent++;
    const nDistinct = labels.filter((label) => label !== undefined).length;
    const all = (test: (text: string) => boolean): boolean =>
      nDistinct > 0 && labels.every((label) => label === undefined || test(label));
    const isRest = (text: string): boolean => /^(?:bal(?:\.|ance)?|rest|rem(?:\.|ainder)?)$/i.test(text);
    const holds = all(isDateText) ? "dates" : all(isRest) ? "balance" : undefined;
    return { name, unit, kind, nPresent, nDistinct, min: Number.NaN, max: Number.NaN, holds };
  }
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  const { values, valid } = numbers;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number; // i < length
    if (value < min) min = value;
    if (value > max) max = value;
    nPresent += valid[i] as number;
  }
  return {
    name,
    unit,
    kind,
    nPresent,
    get nDistinct(): number {
      return new Set(numbers.values.filter((_, row) => numbers.valid[row] === 1)).size; // only ids ask for it
    },
    min,
    max,
  };
}

function categoryOf(
  { header, labels, codes }: Draft,
  info: Parameters<typeof createCategoryColumn>[2],
): CategoryColumn {
  const column = createCategoryColumn(header.name, [], info);
  if (!labels.includes(undefined)) return { ...column, codes, labels: labels as readonly string[] };
  const recoded = new Int32Array(labels.length);
  const present: string[] = [];
  for (const [code, label] of labels.entries()) {
    recoded[code] = label === undefined ? -1 : present.push(label) - 1;
  }
  return { ...column, codes: codes.map((code) => recoded[code] ?? -1), labels: present };
}

function textOf(
  { header, labels, codes }: Draft,
  kind: ColumnKind,
  info: Parameters<typeof createCategoryColumn>[2],
): Column {
  const texts = Array.from(codes, (code) => labels[code]);
  return createTextColumn(header.name, texts, { ...info, kind: isCompositionKind(kind) ? kind : "text" });
}
