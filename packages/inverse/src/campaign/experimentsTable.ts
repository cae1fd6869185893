import {
  type Column,
  createCategoryColumn,
  createNumberColumn,
  createTextColumn,
  DataError,
  Table,
} from "@materiome/core";
import type { CampaignState, Experiment, Run } from "./campaignState.ts";

/**
 * Experiments as a table: `id`, settings, what is given, outcomes (each with its standard deviations, `HV std`, where some were told), `status`,
 * `note`; one row a run, and one for what has no result
 * yet, its outcomes and status empty for a person to fill in. What {@link resultsFromTable} reads back.
 *
 * @param ids - which experiments, in this order
 * @throws DataError for an unknown id
 * @example
 * await writeFileAtomic("batch.csv", writeTable(experimentsTable(state, suggestions.map(({ id }) => id))));
 */
export function experimentsTable(state: CampaignState, ids: readonly string[]): Table {
  const rows = ids.flatMap((id): readonly { readonly experiment: Experiment; readonly run?: Run }[] => {
    const experiment = state.experiments.find((known) => known.id === id);
    if (experiment === undefined) throw new DataError(`experimentsTable: there is no experiment "${id}"`);
    return experiment.runs.length === 0 ? [{ experiment }] : experiment.runs.map((run) => ({ experiment, run }));
  });
  const valueIn = ({ experiment, run }: (typeof rows)[number], name: string): number | string | undefined =>
    (run ?? experiment).settings[name];
  const columns: Column[] = [
    createTextColumn(
      "id",
      rows.map(({ experiment }) => experiment.id),
      { role: "id", kind: "text" },
    ),
  ];
  for (const { name, role, unit } of state.space.variables) {
    columns.push(
      settingColumn(
        name,
        rows.map((row) => valueIn(row, name)),
        { role, unit },
      ),
    );
  }
  for (const { name, role, unit, value } of state.space.fixed) {
    columns.push(
      settingColumn(
        name,
        rows.map((row) => valueIn(row, name) ?? value),
        { role, unit },
      ),
    );
  }
  for (const { name, unit } of state.outcomes) {
    const values = rows.map(({ run }) => run?.outcomes[name] ?? Number.NaN);
    columns.push(createNumberColumn(name, values, { role: "property", unit }));
    const deviations = rows.map(({ run }) => run?.noiseStd?.[name] ?? Number.NaN);
    if (deviations.every(Number.isNaN)) continue;
    columns.push(createNumberColumn(`${name} std`, deviations, { role: "uncertainty", unit, describes: name }));
  }
  columns.push(
    createTextColumn(
      "status",
      rows.map(({ experiment, run }) => statusText(experiment, run)),
      { role: "note", kind: "text" },
    ),
    createTextColumn(
      "note",
      rows.map(({ run }) => run?.note),
      { role: "note", kind: "text" },
    ),
  );
  return new Table(columns, "experiments");
}

/** Suggestions wait for a word: nothing. */
function statusText({ status, asked }: Experiment, run: Run | undefined): string | undefined {
  if (run !== undefined) return run.status;
  return status === "pending" && asked !== undefined ? undefined : status;
}

function settingColumn(
  name: string,
  values: readonly (number | string | undefined)[],
  info: { readonly role: Column["role"]; readonly unit: string },
): Column {
  if (values.some((value) => typeof value === "string")) {
    return createCategoryColumn(
      name,
      values.map((value) => (value === undefined ? undefined : String(value))),
      info,
    );
  }
  return createNumberColumn(
    name,
    values.map((value) => Number(value ?? Number.NaN)),
    info,
  );
}
