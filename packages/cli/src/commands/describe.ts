import {
  checkFinite,
  deriveGroups,
  describeTable,
  findDuplicateRows,
  formatSchema,
  isMateriomeError,
  schemaOf,
  type Table,
  writeFileAtomic,
} from "@materiome/core";
import { readTableArgument, type TableOptions } from "../input/readTableArgument.ts";
import type { CommonOptions, Session } from "../terminal/session.ts";

export interface DescribeCommandOptions extends CommonOptions, TableOptions {
  readonly writeSchema?: string | undefined;
}

/** `materiome describe TABLE`: what was read as what, the range of every column, groups, repeated rows. */
export async function runDescribeCommand(
  tablePath: string,
  options: DescribeCommandOptions,
  session: Session,
): Promise<void> {
  const { table, sha256 } = await readTableArgument(tablePath, options, session);
  const schema = schemaOf(table);
  const summary = describeTable(table);
  const groups = deriveGroups(table);
  const duplicates = findDuplicateRows(table);
  const nonFinite = nonFiniteText(table);
  if (options.writeSchema !== undefined) {
    await writeFileAtomic(options.writeSchema, `${JSON.stringify(schema, null, 2)}\n`);
    session.note(`roles and units written to ${options.writeSchema}; edit it, then give it to --schema`);
  }
  session.result({ schema, nRows: table.nRows, columns: summary.columns, groups, duplicates, dataSha256: sha256 });
  session.output(formatSchema(table));
  session.output(`\n${summary.text.trimEnd()}`);
  session.output(`\ngroups: ${groups.reason}`);
  session.output(`\n${duplicates.text.trimEnd()}`);
  if (nonFinite !== undefined) session.warn(nonFinite);
}

function nonFiniteText(table: Table): string | undefined {
  try {
    checkFinite(table);
    return undefined;
  } catch (error) {
    if (isMateriomeError(error)) return error.message;
    throw error;
  }
}
