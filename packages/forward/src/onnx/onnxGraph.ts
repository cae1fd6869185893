import {
  ELEMENT_TYPES,
  type ElementType,
  type OnnxAttribute,
  type OnnxNode,
  type OnnxPort,
  type OnnxTensor,
} from "./onnxFile.ts";

/** A matrix inside the graph, [nSamples, columns]. */
export interface OnnxMatrix {
  readonly name: string;
  readonly type: "float" | "double";
  readonly columns: number;
}

type Attributes = Readonly<Record<string, OnnxAttribute>>;

/** Collects the nodes and constants of a file. Names of results are numbered. */
export class OnnxGraph {
  readonly nodes: OnnxNode[] = [];
  readonly tensors: OnnxTensor[] = [];
  readonly inputs: OnnxPort[] = [];
  readonly outputs: OnnxPort[] = [];
  readonly #scalars = new Map<number, string>();

  /** Adds a node with one result, whose name is returned. */
  add(type: string, inputs: readonly string[], attributes: Attributes = {}, domain = ""): string {
    const [result] = this.addMany(type, inputs, 1, attributes, domain);
    return result as string; // one result
  }

  addMany(
    type: string,
    inputs: readonly string[],
    nResults: number,
    attributes: Attributes = {},
    domain = "",
  ): string[] {
    const outputs = Array.from({ length: nResults }, (_, k) => `r${this.nodes.length}${nResults > 1 ? `_${k}` : ""}`);
    this.nodes.push({ type, domain, inputs, outputs, attributes });
    return outputs;
  }

  numbers(values: ArrayLike<number>, dims: readonly number[], type: "float" | "double" | "int64" = "double"): string {
    return this.#constant({ name: `c${this.tensors.length}`, type, dims, values });
  }

  /** A single number of double precision, which broadcasts. */
  scalar(value: number): string {
    const known = this.#scalars.get(value);
    if (known !== undefined) return known;
    const name = this.numbers([value], []);
    this.#scalars.set(value, name);
    return name;
  }

  texts(values: readonly string[]): string {
    return this.#constant({ name: `c${this.tensors.length}`, type: "string", dims: [values.length], values });
  }

  #constant(tensor: OnnxTensor): string {
    this.tensors.push(tensor);
    return tensor.name;
  }

  cast(name: string, type: ElementType): string {
    return this.add("Cast", [name], { to: { int: ELEMENT_TYPES[type] } });
  }

  /** The matrix in double precision. */
  inDouble(x: OnnxMatrix): OnnxMatrix {
    return x.type === "double" ? x : { ...x, type: "double", name: this.cast(x.name, "double") };
  }

  /** Some columns of a matrix, in the given order. */
  pick(x: OnnxMatrix, columns: ArrayLike<number>): OnnxMatrix {
    const isAll = columns.length === x.columns && Array.from(columns).every((f, k) => f === k);
    if (isAll) return x;
    const indices = this.numbers(columns, [columns.length], "int64");
    return { ...x, columns: columns.length, name: this.add("Gather", [x.name, indices], { axis: { int: 1 } }) };
  }

  /** Each column by itself, [nSamples, 1]. */
  split(x: OnnxMatrix): string[] {
    if (x.columns === 1) return [x.name];
    const sizes = this.numbers(new Array<number>(x.columns).fill(1), [x.columns], "int64");
    return this.addMany("Split", [x.name, sizes], x.columns, { axis: { int: 1 } });
  }

  /** Columns side by side. */
  join(columns: readonly string[]): string {
    return columns.length === 1 ? (columns[0] as string) : this.add("Concat", columns, { axis: { int: 1 } }); // one
  }

  sumColumns(name: string): string {
    return this.add("ReduceSum", [name, this.numbers([1], [1], "int64")]);
  }

  /** A column of one value, as long as x. */
  constantColumn(x: OnnxMatrix, value: number): string {
    const rows = this.add("Gather", [this.add("Shape", [x.name]), this.numbers([0], [1], "int64")]);
    const shape = this.add("Concat", [rows, this.numbers([1], [1], "int64")], { axis: { int: 0 } });
    const filled = { tensor: { name: "", type: "double", dims: [1], values: [value] } } as const;
    return this.add("ConstantOfShape", [shape], { value: filled });
  }
}
