import { readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Column, columnTexts, DataError, resolveColumn, type Table } from "@materiome/core";
import { expandImages } from "../input/expandImages.ts";
import { readTableArgument, type TableOptions } from "../input/readTableArgument.ts";
import { UsageError } from "../terminal/exitCodes.ts";
import type { Session } from "../terminal/session.ts";

/** An image and what is known of it. */
export interface ImageSample {
  readonly file: string;
  /** Images of one group are never on both sides of a split. */
  readonly group?: string | undefined;
  readonly label?: string | undefined;
  /** One a target, NaN where it is not known; none with classes. */
  readonly values: readonly number[];
}

export interface ImageSamples {
  readonly kind: "classes" | "values";
  readonly targets: readonly { readonly name: string; readonly unit: string }[];
  /** In natural order; none with values. */
  readonly classes: readonly string[];
  readonly samples: readonly ImageSample[];
}

export interface SampleOptions extends TableOptions {
  readonly target?: readonly string[] | undefined;
  readonly imageColumn?: string | undefined;
  /** Folder that the names in the table are relative to. */
  readonly images?: string | undefined;
  readonly group?: readonly string[] | undefined;
}

const IMAGE_COLUMNS = ["image", "images", "file", "filename", "file name", "micrograph", "path"];
const byNature = new Intl.Collator("en", { numeric: true }).compare;

/**
 * Reads labelled images: a folder with a sub-folder for each class, or a table with a column of files and one or several of what they show.
 *
 * @throws UsageError for options that do not go with what is given; DataError for files, columns or values that are missing
 */
export async function readImageSamples(path: string, options: SampleOptions, session: Session): Promise<ImageSamples> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) return fromFolder(path, options);
  return fromTable(path, options, session);
}

async function fromFolder(folder: string, options: SampleOptions): Promise<ImageSamples> {
  for (const name of ["target", "imageColumn", "images", "group", "schema", "sheet"] as const) {
    if (options[name] === undefined) continue;
    const option = name.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`);
    throw new UsageError(
      `--${option} is for a table of images; ${folder} is a folder, whose sub-folders are the classes`,
    );
  }
  const entries = await readdir(folder, { withFileTypes: true });
  const classes = entries
    .flatMap((entry) => (entry.isDirectory() && !entry.name.startsWith(".") ? [entry.name] : []))
    .sort(byNature);
  if (classes.length < 2) {
    throw new DataError(
      `has ${classes.length} sub-folders; expected one for each of two or more classes, or give a table with a column of images`,
      { location: { file: folder } },
    );
  }
  const samples: ImageSample[] = [];
  for (const label of classes) {
    for (const file of await expandImages([join(folder, label)], "micrographs"))
      samples.push({ file, label, values: [] });
  }
  return { kind: "classes", targets: [{ name: "class", unit: "" }], classes, samples };
}

async function fromTable(path: string, options: SampleOptions, session: Session): Promise<ImageSamples> {
  const { table } = await readTableArgument(path, options, session);
  const { target = [] } = options;
  if (target.length === 0) throw new UsageError("name what the images show with --target, a column of the table");
  const columns = target.map((name) => resolveColumn(table, name));
  const isNumbers = columns.every(({ kind }) => kind === "number");
  if (!isNumbers && columns.length > 1) {
    throw new UsageError("classes are learned one column at a time, and numbers together; name one --target");
  }
  const files = columnTexts(imageColumn(table, path, options.imageColumn));
  const groups = (options.group ?? []).map((name) => columnTexts(resolveColumn(table, name)));
  const labels = isNumbers ? undefined : columnTexts(columns[0] as Column); // one
  const folder = options.images ?? dirname(path);
  const samples: ImageSample[] = [];
  const missing: { readonly file: string; readonly row: number }[] = [];
  let nUnknown = 0;
  for (let i = 0; i < table.nRows; i++) {
    const name = files[i];
    const label = labels?.[i];
    const values = isNumbers ? columns.map((column) => numberAt(column, i, path, table)) : [];
    if (name === undefined || (isNumbers ? values.every(Number.isNaN) : label === undefined)) {
      nUnknown++;
      continue;
    }
    const file = join(folder, name);
    if (
      !(await stat(file).then(
        (found) => found.isFile(),
        () => false,
      ))
    )
      missing.push({ file, row: table.rowNumber(i) });
    const own = groups.map((group) => group[i]);
    const group = own.length === 0 || own.includes(undefined) ? undefined : own.join(" | ");
    samples.push({ file, group, label, values });
  }
  const [first] = missing;
  if (first !== undefined) {
    throw new DataError(
      `${missing.length} of ${samples.length} images are not there, first ${first.file}; names are relative to the table, or to the folder that --images names`,
      { location: { file: path, row: first.row } },
    );
  }
  if (samples.length === 0)
    throw new DataError("no row has both an image and the target", { location: { file: path } });
  if (nUnknown > 0) session.warn(`${path}: ${nUnknown} rows without image or ${target.join(", ")} are left out`);
  return {
    kind: isNumbers ? "values" : "classes",
    targets: columns.map((column) => ({
      name: column.name,
      unit: column.kind === "number" ? (column.unit ?? "") : "",
    })),
    classes: isNumbers ? [] : [...new Set(samples.map(({ label }) => label as string))].sort(byNature), // all have one
    samples,
  };
}

function numberAt(column: Column, i: number, path: string, table: Table): number {
  if (column.kind !== "number" || column.valid[i] === 0) return Number.NaN;
  const value = column.values[i] as number; // a row of the table
  if (Number.isFinite(value)) return value;
  throw new DataError(`is ${value}, expected a finite number; leave the cell empty where it is not known`, {
    location: { file: path, row: table.rowNumber(i), column: column.name },
  });
}

function imageColumn(table: Table, path: string, asked: string | undefined): Column {
  if (asked !== undefined) return resolveColumn(table, asked);
  const found = table.columns.filter(({ name }) => IMAGE_COLUMNS.includes(name.toLowerCase()));
  if (found.length === 1) return found[0] as Column; // the one
  throw new DataError(
    `has ${found.length === 0 ? "no column" : `${found.length} columns`} named ${IMAGE_COLUMNS.slice(0, 4).join(", ")} …; say with --image-column which of its columns (${table.columns.map(({ name }) => name).join(", ")}) names the images`,
    { location: { file: path } },
  );
}
