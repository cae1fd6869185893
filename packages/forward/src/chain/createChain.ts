import {
  type AnyModel,
  type Column,
  type ColumnInfo,
  createNumberColumn,
  DataError,
  type Domain,
  DomainError,
  decodeArray,
  deriveColumn,
  encodeArray,
  FormatError,
  type HeldOutPredictions,
  IncompatibleError,
  isConvertible,
  type Matrix,
  type ModelReader,
  type Prediction,
  type RunContext,
  resolveColumn,
  type Serialized,
  ShapeError,
  Table,
  type TableModel,
  tableFromJSON,
  tableToJSON,
  takeTableRows,
} from "@materiome/core";
import { mixture } from "./mixture.ts";
import { nodeOrders } from "./nodeOrders.ts";

const TYPE = "materiome/chain";
const VERSION = 1;

/**
 * Two table models in series: the targets of the first are inputs of the second. `heldOut` holds predictions end to end where
 * {@link trainChain} made them, else it is undefined.
 */
export interface Chain extends TableModel, HeldOutPredictions {
  readonly first: TableModel;
  readonly second: TableModel;
}

export interface ChainOptions {
  /** Equiprobable quantiles of the first prediction that are carried through the second model. @defaultValue 15 */
  readonly nNodes?: number | undefined;
  /** Rows that both were trained on. @defaultValue those of the first model, with the second's targets missing where they were not in its table */
  readonly training?: Table | undefined;
  /**
   * [training.nRows, second.targets.length]: predictions of the training rows by chains whose links had not seen them; NaN where there is none.
   * @defaultValue none
   */
  readonly heldOut?: Matrix | undefined;
}

/**
 * Process → structure → property: predicts with the second model from what the first one predicts, and carries the
 * uncertainty of both.
 *
 * The first model's predictive distribution is replaced by its quantiles at (k + ½)/n; the second model predicts from
 * each, and its predictive distributions are mixed with equal weights. Mean, standard deviation and interval are those of
 * the mixture. Several targets of the first are taken as independent of each other given the inputs, each with the nodes
 * in another order (`nodeOrders`). Other inputs of the second model come from the table. A row is in the domain if it is in the
 * first's, and its median structure in the second's.
 *
 * @throws IncompatibleError if no target of the first is an input of the second, or their units cannot be converted
 * @throws DomainError for fewer than 3 nodes, or fewer than 7 where several targets are carried
 * @throws ShapeError for held-out predictions of another shape than training rows and targets
 * @example
 * const chain = createChain(processToGrainSize, grainSizeToStrength);
 * const { mean, lower, upper } = await chain.predict(table);
 */
export function createChain(first: TableModel, second: TableModel, options: ChainOptions = {}): Chain {
  const { nNodes = 15, heldOut } = options;
  if (!(Number.isInteger(nNodes) && nNodes >= 3)) {
    throw new DomainError(`createChain: nNodes must be a whole number of at least 3, got ${nNodes}`);
  }
  const carried = first.targets.flatMap((target, t) => {
    const input = second.inputs.find((column) => column.name === target.name);
    if (input === undefined) return [];
    if (!isConvertible(target.unit, input.unit)) {
      throw new IncompatibleError(
        `createChain: "${target.name}" is predicted in "${target.unit}" but needed in "${input.unit}", which cannot be converted; train both models with units`,
      );
    }
    return [{ ...target, index: t, role: input.role }];
  });
  if (carried.length === 0) {
    throw new IncompatibleError(
      `createChain: the first model predicts ${names(first.targets)}, the second takes ${names(second.inputs)}; they share no column`,
    );
  }
  if (carried.length > 1 && nNodes < 7) {
    throw new DomainError(
      `createChain: ${carried.length} targets are carried through; that takes at least 7 nodes, got ${nNodes}`,
    );
  }
  const orders = nodeOrders(carried.length, nNodes);
  const isCarried = (name: string): boolean => carried.some((target) => target.name === name);
  const inputs: ColumnInfo[] = [
    ...first.inputs,
    ...second.inputs.filter(({ name }) => !isCarried(name) && !first.inputs.some((input) => input.name === name)),
  ];
  const training = options.training ?? chainTraining(first, second, inputs);
  checkHeldOut(heldOut, training, second);
  return {
    first,
    second,
    inputs,
    targets: second.targets,
    training,
    heldOut,
    module: import.meta.url,
    async predict(table: Table, run?: Omit<RunContext, "random">): Promise<Prediction> {
      const structure = await first.predict(table, run);
      const { distribution } = structure;
      if (distribution === undefined) {
        throw new IncompatibleError("chain: the first model gives no predictive distribution; train it with intervals");
      }
      const n = table.nRows;
      const rows = Int32Array.from({ length: n * nNodes }, (_, at) => Math.floor(at / nNodes));
      let nodes = takeTableRows(keepColumns(table, inputs), rows);
      for (const [c, { name, unit, role, index }] of carried.entries()) {
        const values = Float64Array.from(rows, (row, at) => {
          const node = orders[c]?.[at % nNodes] as number; // one order per carried target
          return distribution.quantile(row, index, (node + 0.5) / nNodes);
        });
        nodes = deriveColumn(nodes, createNumberColumn(name, values, { role, unit }));
      }
      return mixPredictions(await second.predict(nodes, run), structure.domain, carriedMedian(carried), n, nNodes);
    },
    toJSON(): Serialized {
      return {
        type: TYPE,
        version: VERSION,
        params: { nNodes },
        state: {
          first: { ...first.toJSON() },
          second: { ...second.toJSON() },
          training: options.training === undefined ? null : tableToJSON(options.training),
          heldOut: heldOut === undefined ? null : encodeArray(heldOut.data),
        },
      };
    },
  };
}

function checkHeldOut(heldOut: Matrix | undefined, training: Table, { targets }: TableModel): void {
  if (heldOut === undefined || (heldOut.rows === training.nRows && heldOut.columns === targets.length)) return;
  throw new ShapeError(
    `createChain: ${training.nRows} training rows and ${targets.length} targets need held-out predictions of that shape, got ${heldOut.rows} × ${heldOut.columns}`,
  );
}

function carriedMedian(carried: readonly { readonly name: string }[]): string {
  return `predicted ${carried.map((target) => target.name).join(", ")}`;
}

function mixPredictions(
  parts: Prediction,
  firstDomain: Domain | undefined,
  label: string,
  n: number,
  nNodes: number,
): Prediction {
  const m = parts.mean.columns;
  const { std, distribution, level = 0.9 } = parts;
  if (std === undefined || distribution === undefined) {
    throw new IncompatibleError("chain: the second model gives no predictive distribution; train it with intervals");
  }
  const mixed = mixture(distribution, nNodes);
  const fill = (value: (row: number, target: number) => number): Matrix => {
    const data = Float64Array.from({ length: n * m }, (_, at) => value(Math.floor(at / m), at % m));
    return { rows: n, columns: m, data };
  };
  const average = (of: (part: number) => number, row: number): number => {
    let sum = 0;
    for (let k = 0; k < nNodes; k++) sum += of(row * nNodes + k);
    return sum / nNodes;
  };
  const meanAt = (part: number, target: number): number => parts.mean.data[part * m + target] as number; // part < n · nNodes
  const stdAt = (part: number, target: number): number => std.data[part * m + target] as number;
  const mean = fill((row, target) => average((part) => meanAt(part, target), row));
  return {
    kind: "regression",
    mean,
    std: fill((row, target) => {
      const centre = mean.data[row * m + target] as number;
      return Math.sqrt(average((part) => stdAt(part, target) ** 2 + (meanAt(part, target) - centre) ** 2, row));
    }),
    lower: fill((row, target) => mixed.quantile(row, target, (1 - level) / 2)),
    upper: fill((row, target) => mixed.quantile(row, target, (1 + level) / 2)),
    level,
    uncertainty: "total",
    distribution: mixed,
    domain: joinDomains(firstDomain, parts.domain, label, n, nNodes),
  };
}

function joinDomains(
  first: Domain | undefined,
  second: Domain | undefined,
  label: string,
  n: number,
  nNodes: number,
): Domain | undefined {
  if (first === undefined || second === undefined) return undefined;
  const middle = (row: number): number => row * nNodes + Math.floor(nNodes / 2);
  const score = Float64Array.from({ length: n }, (_, row) =>
    Math.max(first.score[row] as number, second.score[middle(row)] as number),
  );
  return {
    score,
    inDomain: Uint8Array.from(score, (s) => (s > 1 ? 0 : 1)),
    reason(row) {
      const later = second.reason(middle(row));
      const reasons = [first.reason(row), later === undefined ? undefined : `${label}: ${later}`];
      const given = reasons.filter((reason) => reason !== undefined);
      return given.length === 0 ? undefined : given.join("; ");
    },
  };
}

/** Columns that the chain takes, whatever else the table has. */
function keepColumns(table: Table, inputs: readonly ColumnInfo[]): Table {
  const columns = new Map<string, Column>();
  for (const { name } of inputs) {
    const column = resolveColumn(table, name);
    columns.set(name, { ...column, name });
  }
  return new Table([...columns.values()], table.source, table.rowNumbers);
}

/** Training rows of the first model, with the second's targets where they were in its table, else missing. */
function chainTraining(first: TableModel, second: TableModel, inputs: readonly ColumnInfo[]): Table {
  let training = first.training;
  for (const { name, unit } of second.targets) {
    if (training.has(name)) continue;
    const missing = new Float64Array(training.nRows).fill(Number.NaN);
    training = deriveColumn(training, createNumberColumn(name, missing, { role: "property", unit }));
  }
  const absent = inputs.filter(({ name }) => !training.has(name));
  if (absent.length > 0) {
    throw new DataError(
      `createChain: the second model also takes ${names(absent)}, which the first model's training table lacks; train the first model on a table with these inputs`,
    );
  }
  return training;
}

function names(columns: readonly { readonly name: string }[]): string {
  return columns.map(({ name }) => `"${name}"`).join(", ");
}

/** Reads chains; the models inside are read by `nested`. */
export const reader: ModelReader = {
  types: [TYPE],
  async read(data: unknown, nested: ModelReader): Promise<AnyModel> {
    const { type, version, params, state } = (data ?? {}) as Record<string, unknown>;
    if (type !== TYPE || version !== VERSION) {
      throw new IncompatibleError(
        `model: found ${JSON.stringify(type)} version ${JSON.stringify(version)}, expected "${TYPE}" version ${VERSION}; train the models again, or use the program that wrote them`,
      );
    }
    const { nNodes } = (params ?? {}) as Record<string, unknown>;
    const { first, second, training, heldOut } = (state ?? {}) as Record<string, unknown>;
    if (typeof nNodes !== "number") throw new FormatError("chain: nNodes is missing; the file is damaged, train again");
    const models = [await nested.read(first, nested), await nested.read(second, nested)] as unknown as TableModel[];
    const [a, b] = models as [TableModel, TableModel];
    const rows = training === undefined || training === null ? undefined : tableFromJSON(training);
    const predictions = heldOut === undefined || heldOut === null ? undefined : decodeArray(heldOut, "f64");
    const columns = b.targets.length;
    return createChain(a, b, {
      nNodes,
      training: rows,
      heldOut: predictions && { rows: predictions.length / columns, columns, data: predictions },
    });
  },
};
