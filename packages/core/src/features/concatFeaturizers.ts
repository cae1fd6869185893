import { DataError } from "../errors/errors.ts";
import type { Table } from "../table/table.ts";
import { CombinedEncoder } from "./combinedEncoder.ts";
import type { Encoder, Featurizer, FitContext } from "./featurizer.ts";
import { inputsOfEncoder } from "./learnInput.ts";
import type { TableEncoder } from "./tableEncoder.ts";
import type { TableFeaturizer } from "./tableFeaturizer.ts";

/**
 * Features of several featurizers of one table, side by side: composition, schedule, expressions.
 *
 * @throws DataError from `fit` if two of them give features of one name
 * @example
 * concatFeaturizers([tableFeaturizer({ targets: ["Hardness"] }), expressionFeaturizer({ energy: "P / (v * h * t)" })]);
 */
export function concatFeaturizers(parts: readonly Featurizer<Table>[]): TableFeaturizer {
  if (parts.length === 0) throw new DataError("concatFeaturizers: no featurizer is given");
  return {
    citations: [...new Set(parts.flatMap((part) => part.citations))],
    precheck: (table: Table) => parts.flatMap((part) => part.precheck(table)),
    fit: async (table: Table, context: FitContext): Promise<TableEncoder> => {
      const encoders: Encoder<Table>[] = [];
      for (const [k, part] of parts.entries()) {
        encoders.push(await part.fit(table, { ...context, random: context.random.fork(`part ${k}`) }));
      }
      const names = encoders.flatMap((encoder) => encoder.outputs.map(({ name }) => name));
      const twice = names.find((name, k) => names.indexOf(name) !== k);
      if (twice !== undefined) {
        throw new DataError(`concatFeaturizers: two features are named "${twice}"; leave its column out of one part`);
      }
      const inputs = new Map(
        encoders
          .flatMap((encoder) => inputsOfEncoder(encoder, table))
          .reverse() // of two that share a column the first one says how it enters
          .map((input) => [input.name, input] as const),
      );
      return new CombinedEncoder(encoders, [...inputs.values()].reverse());
    },
  };
}
