import { DataError, DomainError, MateriomeError } from "../errors/errors.ts";
import type { Featurizer, FitContext } from "../features/featurizer.ts";
import { resolveColumn } from "../table/resolveColumn.ts";
import type { Table } from "../table/table.ts";
import { QUENCH_SEVERITY_SOURCE } from "./quenchSeverity.ts";
import { placedMessage } from "./schedule.ts";
import { createScheduleEncoder, type ScheduleEncoder } from "./scheduleEncoder.ts";
import { featureOptionProblems, type ScheduleFeatureOptions } from "./scheduleFeatureOptions.ts";
import type { ScheduleMapping } from "./scheduleMapping.ts";
import { type RowProblem, schedulesFromTable } from "./schedulesFromTable.ts";

export type ScheduleFeaturizerOptions = ScheduleFeatureOptions;

/** Featurizer of process columns; the encoder it fits says why a number is missing. */
export interface ScheduleFeaturizer extends Featurizer<Table> {
  fit(rows: Table, context: FitContext): Promise<ScheduleEncoder>;
}

/**
 * Process physics from the columns of a table, by a mapping that says what they mean.
 *
 * Of each step, as far as the mapping has its fields: the Hollomon–Jaffe parameter of holding, the severity of a quench
 * (middle of Grossmann's range), strain and strain rate of deformation, energy densities and build rate of printing,
 * thickness of a film. Of the whole: peak temperature, total time of holding, total strain; with `profile`, measures of
 * the thermal history. With constants of the material: ln Zener–Hollomon, normalised enthalpy, homologous temperature,
 * equivalent time. Every feature names the columns it comes from; where a row lacks what a feature needs it is NaN, and
 * `missing` of the encoder says why.
 *
 * Nothing is learned from the rows; `fit` checks them.
 *
 * @throws DomainError for options out of range, all of them
 * @throws DataError from `fit` if columns are missing or of the wrong kind, or the mapping gives no feature
 * @throws FormatError from `fit` listing the rows that make no sound schedule, as `precheck` does
 * @example
 * const mapping = readScheduleMapping({
 *   version: 1,
 *   steps: [
 *     { kind: "heat", temperature: { column: "Tempering temperature" }, treatment: "temper" },
 *     { kind: "hold", time: { column: "Tempering time" }, treatment: "temper" },
 *   ],
 * });
 * const encoder = await scheduleFeaturizer(mapping).fit(table, { random: createRandom(1) });
 * encoder.encode(table).features[0]; // "step 2 temper: Hollomon–Jaffe parameter", K
 */
export function scheduleFeaturizer(
  mapping: ScheduleMapping,
  options: ScheduleFeaturizerOptions = {},
): ScheduleFeaturizer {
  const wrong = featureOptionProblems({ ...options });
  if (wrong.length > 0) throw new DomainError(`scheduleFeaturizer: ${wrong.join("; ")}`);
  const encoder = createScheduleEncoder(mapping, options);
  const check = (table: Table, onError: "throw" | "record"): readonly RowProblem[] => {
    if (encoder.outputs.length === 0) {
      throw new DataError(
        "scheduleFeaturizer: the mapping has the fields of no feature; add times, strains, or powers and speeds",
      );
    }
    if (options.beamMaterial !== undefined) resolveColumn(table, options.beamMaterial.column);
    return schedulesFromTable(table, mapping, { onError }).problems;
  };
  return {
    citations: citationsOf(mapping, options),
    precheck: (table: Table): string[] => {
      try {
        return check(table, "record").map(problemLine);
      } catch (error) {
        if (error instanceof MateriomeError) return [error.message];
        throw error;
      }
    },
    fit: async (table: Table): Promise<ScheduleEncoder> => {
      check(table, "throw");
      return encoder;
    },
  };
}

function citationsOf(mapping: ScheduleMapping, options: ScheduleFeaturizerOptions): string[] {
  const kinds = new Set(mapping.steps.map((step) => step.kind));
  return [
    ...(kinds.has("hold") ? ["Hollomon and Jaffe, Trans. AIME 162 (1945) 223"] : []),
    ...(kinds.has("quench") ? [QUENCH_SEVERITY_SOURCE] : []),
    ...(options.zenerHollomon === undefined ? [] : ["doi:10.1063/1.1707363"]),
    ...(options.beamMaterial === undefined
      ? []
      : ["doi:10.1088/0022-3727/44/44/445401", "doi:10.1016/j.jmatprotec.2014.06.005"]),
    ...(options.meltingK === undefined ? [] : ["doi:10.1116/1.1312732"]),
  ];
}

function problemLine({ row, column, ...problem }: RowProblem): string {
  return `row ${row}${column === undefined ? "" : `, column "${column}"`}: ${placedMessage(problem)}`;
}
