import { PbfWriter } from "pbf";

/*
 * The messages of the ONNX file format that are written here, with the field numbers of onnx.proto3 (protocol buffers).
 * https://github.com/onnx/onnx/blob/v1.12.0/onnx/onnx.proto3
 */

/** Of ONNX 1.12 (2022), as are the operator sets: what every runtime since then reads. */
const IR_VERSION = 8;
const OPERATOR_SETS: readonly (readonly [domain: string, version: number])[] = [
  ["", 16],
  ["ai.onnx.ml", 3],
];

/** `TensorProto.DataType` */
export const ELEMENT_TYPES = { float: 1, int64: 7, string: 8, bool: 9, double: 11 } as const;
export type ElementType = keyof typeof ELEMENT_TYPES;

export interface OnnxTensor {
  readonly name: string;
  readonly type: Exclude<ElementType, "bool">;
  readonly dims: readonly number[];
  /** Numbers, or texts for `string`. */
  readonly values: ArrayLike<number> | readonly string[];
}

/** `AttributeProto`, by what it holds. */
export type OnnxAttribute =
  | { readonly int: number }
  | { readonly text: string }
  | { readonly ints: ArrayLike<number> }
  | { readonly floats: ArrayLike<number> }
  | { readonly texts: readonly string[] }
  | { readonly tensor: OnnxTensor };

export interface OnnxNode {
  readonly type: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** An input or output of the graph; a dimension with a name is free. */
export interface OnnxPort {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly (number | string)[];
}

export interface OnnxModel {
  readonly producer: string;
  readonly producerVersion: string;
  readonly name: string;
  readonly description: string;
  readonly nodes: readonly OnnxNode[];
  readonly tensors: readonly OnnxTensor[];
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
  readonly metadata: ReadonlyMap<string, string>;
}

/** The bytes of an ONNX file. */
export function writeOnnx(model: OnnxModel): Uint8Array {
  const pbf = new PbfWriter();
  pbf.writeVarintField(1, IR_VERSION);
  pbf.writeStringField(2, model.producer);
  pbf.writeStringField(3, model.producerVersion);
  pbf.writeStringField(6, model.description);
  pbf.writeMessage(7, writeGraph, model);
  for (const set of OPERATOR_SETS) pbf.writeMessage(8, writeOperatorSet, set);
  for (const entry of model.metadata) pbf.writeMessage(14, writeEntry, entry);
  return pbf.finish();
}

function writeOperatorSet([domain, version]: readonly [string, number], pbf: PbfWriter): void {
  pbf.writeStringField(1, domain);
  pbf.writeVarintField(2, version);
}

function writeEntry([key, value]: readonly [string, string], pbf: PbfWriter): void {
  pbf.writeStringField(1, key);
  pbf.writeStringField(2, value);
}

function writeGraph({ name, nodes, tensors, inputs, outputs }: OnnxModel, pbf: PbfWriter): void {
  for (const [k, node] of nodes.entries()) {
    pbf.writeMessage(
      1,
      (_, inner) => {
        writeNode(node, inner);
        inner.writeStringField(3, `${node.type}_${k}`);
      },
      node,
    );
  }
  pbf.writeStringField(2, name);
  for (const tensor of tensors) pbf.writeMessage(5, writeTensor, tensor);
  for (const input of inputs) pbf.writeMessage(11, writePort, input);
  for (const output of outputs) pbf.writeMessage(12, writePort, output);
}

function writeNode({ type, domain, inputs, outputs, attributes }: OnnxNode, pbf: PbfWriter): void {
  for (const input of inputs) pbf.writeStringField(1, input);
  for (const output of outputs) pbf.writeStringField(2, output);
  pbf.writeStringField(4, type);
  for (const entry of Object.entries(attributes)) pbf.writeMessage(5, writeAttribute, entry);
  if (domain !== "") pbf.writeStringField(7, domain);
}

function writeAttribute([name, attribute]: readonly [string, OnnxAttribute], pbf: PbfWriter): void {
  const writeType = (type: number): void => pbf.writeVarintField(20, type);
  pbf.writeStringField(1, name);
  if ("int" in attribute) {
    pbf.writeVarintField(3, attribute.int);
    writeType(2);
  } else if ("text" in attribute) {
    pbf.writeStringField(4, attribute.text);
    writeType(3);
  } else if ("tensor" in attribute) {
    pbf.writeMessage(5, writeTensor, attribute.tensor);
    writeType(4);
  } else if ("floats" in attribute) {
    pbf.writePackedFloat(7, Array.from(attribute.floats));
    writeType(6);
  } else if ("ints" in attribute) {
    pbf.writePackedVarint(8, Array.from(attribute.ints));
    writeType(7);
  } else {
    for (const text of attribute.texts) pbf.writeStringField(9, text);
    writeType(8);
  }
}

function writeTensor({ name, type, dims, values }: OnnxTensor, pbf: PbfWriter): void {
  pbf.writePackedVarint(1, [...dims]);
  pbf.writeVarintField(2, ELEMENT_TYPES[type]);
  pbf.writeStringField(8, name);
  if (type === "string") {
    for (const text of values as readonly string[]) pbf.writeStringField(6, text);
  } else {
    pbf.writeBytesField(9, littleEndian(type, values as ArrayLike<number>));
  }
}

function writePort({ name, type, dims }: OnnxPort, pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
  const writeDimension = (dim: number | string, inner: PbfWriter): void => {
    if (typeof dim === "number") inner.writeVarintField(1, dim);
    else inner.writeStringField(2, dim);
  };
  const writeShape = (_: unknown, inner: PbfWriter): void => {
    for (const dim of dims) inner.writeMessage(1, writeDimension, dim);
  };
  const writeTensorType = (_: unknown, inner: PbfWriter): void => {
    inner.writeVarintField(1, ELEMENT_TYPES[type]);
    inner.writeMessage(2, writeShape, undefined);
  };
  pbf.writeMessage(2, (_, inner) => inner.writeMessage(1, writeTensorType, undefined), undefined);
}

/** The format asks for this order on every machine. */
function littleEndian(type: "float" | "double" | "int64", values: ArrayLike<number>): Uint8Array {
  const size = type === "float" ? 4 : 8;
  const view = new DataView(new ArrayBuffer(size * values.length));
  for (let k = 0; k < values.length; k++) {
    const value = values[k] as number; // k < length
    if (type === "float") view.setFloat32(4 * k, value, true);
    else if (type === "double") view.setFloat64(8 * k, value, true);
    else view.setBigInt64(8 * k, BigInt(value), true);
  }
  return new Uint8Array(view.buffer);
}
