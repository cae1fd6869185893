import { FormatError } from "@materiome/core";
import { PbfReader } from "pbf";
import { ELEMENT_TYPES } from "./onnxFile.ts";

/** An input or output of a graph, as the file declares it. */
export interface OnnxPortHeader {
  readonly name: string;
  /** Such as `float`; other types by their number in `TensorProto.DataType`. */
  readonly type: string;
  /** Absent where the file says nothing; a dimension is undefined where it is free. */
  readonly dims?: readonly (number | undefined)[] | undefined;
}

/** What an ONNX file asks of who runs it, without its numbers. */
export interface OnnxHeader {
  /** Without those that are constants of the file. */
  readonly inputs: readonly OnnxPortHeader[];
  readonly outputs: readonly OnnxPortHeader[];
  /** Operators in use, those of the standard by their bare name, others as `domain:name`. */
  readonly operators: ReadonlySet<string>;
  /** Operator sets by domain. */
  readonly operatorSets: ReadonlyMap<string, number>;
  /** A constant whose numbers lie in another file. */
  readonly externalTensor?: string | undefined;
}

/**
 * Reads the declarations of an ONNX file.
 * @throws FormatError where the bytes are no such file
 * @see https://github.com/onnx/onnx/blob/v1.12.0/onnx/onnx.proto3
 */
export function readOnnxHeader(who: string, bytes: Uint8Array): OnnxHeader {
  const found = new Header();
  try {
    new PbfReader(bytes).readFields((tag, _, pbf) => {
      if (tag === 7) pbf.readMessage((field, header, inner) => header.readGraph(field, inner, true), found);
      else if (tag === 8) pbf.readMessage(readOperatorSet, { domain: "", version: 0, of: found });
    }, undefined);
  } catch (cause) {
    throw new FormatError(`${who}: the bytes are no ONNX file, or it was cut off`, { cause });
  }
  if (found.outputs.length === 0) {
    throw new FormatError(
      `${who}: the bytes are no ONNX file: no graph with outputs was found in ${bytes.length} bytes`,
    );
  }
  return found.close();
}

class Header {
  readonly #inputs: OnnxPortHeader[] = [];
  readonly outputs: OnnxPortHeader[] = [];
  readonly #constants = new Set<string>();
  readonly #operators = new Set<string>();
  readonly operatorSets = new Map<string, number>();
  #externalTensor: string | undefined;

  readGraph(field: number, pbf: PbfReader, isOutermost: boolean): void {
    if (field === 1) this.#readNode(pbf);
    else if (field === 5) this.#readTensor(pbf);
    else if (field === 11 && isOutermost) this.#inputs.push(readPort(pbf));
    else if (field === 12 && isOutermost) this.outputs.push(readPort(pbf));
  }

  #readNode(pbf: PbfReader): void {
    const node = { type: "", domain: "" };
    pbf.readMessage((field, _, inner) => {
      if (field === 4) node.type = inner.readString();
      else if (field === 7) node.domain = inner.readString();
      else if (field === 5) {
        inner.readMessage((part, __, attribute) => {
          if (part === 5) this.#readTensor(attribute);
          // Graphs inside of `If` and `Loop`.
          else if (part === 6 || part === 11) {
            attribute.readMessage((entry, ___, graph) => this.readGraph(entry, graph, false), undefined);
          }
        }, undefined);
      }
    }, undefined);
    const isStandard = node.domain === "" || node.domain === "ai.onnx";
    this.#operators.add(isStandard ? node.type : `${node.domain}:${node.type}`);
  }

  #readTensor(pbf: PbfReader): void {
    const tensor = { name: "", isExternal: false };
    pbf.readMessage((field, _, inner) => {
      if (field === 8) tensor.name = inner.readString();
      else if (field === 14) tensor.isExternal = inner.readVarint() === 1;
    }, undefined);
    this.#constants.add(tensor.name);
    if (tensor.isExternal) this.#externalTensor ??= tensor.name;
  }

  close(): OnnxHeader {
    return {
      inputs: this.#inputs.filter(({ name }) => !this.#constants.has(name)),
      outputs: this.outputs,
      operators: this.#operators,
      operatorSets: this.operatorSets,
      externalTensor: this.#externalTensor,
    };
  }
}

function readOperatorSet(
  field: number,
  set: { domain: string; version: number; readonly of: Header },
  pbf: PbfReader,
): void {
  if (field === 1) set.domain = pbf.readString();
  else if (field === 2) set.version = pbf.readVarint();
  set.of.operatorSets.set(set.domain, set.version);
}

const TYPE_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(ELEMENT_TYPES).map(([name, number]) => [number, name]),
);

function readPort(pbf: PbfReader): OnnxPortHeader {
  const port: { name: string; type: string; dims?: (number | undefined)[] } = { name: "", type: "no tensor" };
  const readShape = (field: number, dims: (number | undefined)[], shape: PbfReader): void => {
    if (field !== 1) return;
    const size = shape.readMessage((part, dim: { value?: number }, inner) => {
      if (part === 1) dim.value = inner.readVarint(true);
    }, {});
    dims.push(size.value !== undefined && size.value > 0 ? size.value : undefined);
  };
  pbf.readMessage((field, _, inner) => {
    if (field === 1) port.name = inner.readString();
    else if (field === 2) {
      inner.readMessage((kind, __, type) => {
        if (kind !== 1) return;
        type.readMessage((part, ___, tensor) => {
          if (part === 1) {
            const number = tensor.readVarint();
            port.type = TYPE_NAMES.get(number) ?? `element type ${number}`;
          } else if (part === 2) port.dims = tensor.readMessage(readShape, []);
        }, undefined);
      }, undefined);
    }
  }, undefined);
  return port;
}
