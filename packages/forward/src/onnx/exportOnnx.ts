import { DomainError, type Feature, IncompatibleError, type RegressionModel, type TargetInfo } from "@materiome/core";
import type { ClassBlend } from "../learner/classBlend.ts";
import type { ClassificationModel } from "../learner/classificationModel.ts";
import { type ForwardModel, readForwardModel } from "../learner/regressionModel.ts";
import type { PropertyClassModel } from "../property/classModel.ts";
import type { PropertyModel } from "../property/propertyModel.ts";
import type { ConformalModel } from "../uncertainty/conformalModel.ts";
import { addBlend, addClassifier, classifierNames } from "./classifierGraph.ts";
import { writeOnnx } from "./onnxFile.ts";
import { OnnxGraph, type OnnxMatrix } from "./onnxGraph.ts";
import { addPredictor } from "./predictorGraph.ts";
import type { Stored } from "./stored.ts";

export interface ExportOnnxOptions {
  /**
   * Numbers that the file takes and gives. `float64`: features as they are here. `float32`: what many runtimes ask for; features are
   * rounded to it before they come in, thresholds of trees are rounded so that no single-precision row changes its side, and all
   * but the sums of trees is computed in double precision. @defaultValue "float64"
   */
  readonly precision?: "float64" | "float32" | undefined;
  /** Name of the property, for models that know none. @defaultValue "target" ("class" of classifiers) */
  readonly target?: string | undefined;
  /** Version of the program that writes the file. @defaultValue "" */
  readonly version?: string | undefined;
  /** Further entries of `metadata_props`: seed, hash of the data, versions, licence. @defaultValue none */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** Models that {@link exportOnnx} takes. */
export type OnnxExportable = ForwardModel | ClassificationModel | ConformalModel | PropertyModel | PropertyClassModel;

/** Entries of `metadata_props` that are written always. */
const OWN = ["features", "targets", "labels", "learner", "precision", "note"] as const;

/**
 * A fitted model as the bytes of an ONNX file, for onnxruntime and whatever else reads that format: forests, extra trees, gradient
 * boosting, ridge and the other linear models, the mean of a Gaussian process, kernel ridge, averages of these as stacks and `auto` make
 * them, learners on ranks, dense nets, attention over elements; forest, boosting, logistic and net classifiers.
 *
 * Input `features` [n, d]; output `prediction` [n, nTargets], or `label` [n] and `probabilities` [n, nClasses] of a classifier. Of a
 * regression the mean alone is written, without interval and domain. Of a property model (of numbers or of classes) the learners are written, which take the
 * numeric features its encoder makes of table rows (`model.encoder.encode(table)`), in the order of the entry `features` of
 * `metadata_props`. That holds too: `targets` (names and units) or `labels`, `learner`, `precision`, `note`.
 *
 * Where `predict` refuses a row (a missing feature that the model does not take, an infinite one), the file gives NaN and the
 * label "". Operators: sets `ai.onnx` 16 and `ai.onnx.ml` 3 (ONNX 1.12 of 2022, IR version 8). `TreeEnsembleRegressor` sums in the
 * precision of its input and returns single precision: predictions agree with `predict` to some 10⁻⁷ of the spread of the target.
 * A Gaussian process, kernel ridge or nearest neighbours of N training rows take memory for 3 N numbers a row, attention among E elements
 * for E² of each head.
 *
 * @throws IncompatibleError for a part that the operators cannot say (laws, support vector classifiers, models of other packages),
 * naming it; DomainError for options outside their range
 * @see https://onnx.ai/onnx/operators/
 * @example
 * const model = await createRandomForest().fit(x, y, { random: createRandom(1) });
 * await writeFile("forest.onnx", exportOnnx(model, { target: "Yield strength" }));
 */
export function exportOnnx(model: OnnxExportable, options: ExportOnnxOptions = {}): Uint8Array {
  const { precision = "float64", version = "", metadata = {} } = options;
  if (precision !== "float64" && precision !== "float32") {
    throw new DomainError(`exportOnnx: precision must be "float64" or "float32", got ${String(precision)}`);
  }
  const taken = OWN.find((key) => metadata[key] !== undefined);
  if (taken !== undefined)
    throw new DomainError(`exportOnnx: the metadata entry "${taken}" is written already; rename it`);
  const exported = describeModel(model, options.target);
  const { features } = exported;
  const graph = new OnnxGraph();
  const type = precision === "float64" ? "double" : "float";
  const x: OnnxMatrix = { name: "features", type, columns: features.length };
  graph.inputs.push({ name: x.name, type, dims: ["n", x.columns] });
  const { entries, note } = exported.add(graph, x);
  const text = `${exported.title}. ${note}`;
  return writeOnnx({
    producer: "materiome",
    producerVersion: version,
    name: exported.title,
    description: text,
    nodes: graph.nodes,
    tensors: graph.tensors,
    inputs: graph.inputs,
    outputs: graph.outputs,
    metadata: new Map([
      ["features", JSON.stringify(features.map(({ name, unit }) => ({ name, unit })))],
      ...Object.entries(entries),
      ["precision", precision],
      ["note", note],
      ...Object.entries(metadata),
    ]),
  });
}

interface Exported {
  readonly title: string;
  readonly features: readonly Feature[];
  readonly add: (
    graph: OnnxGraph,
    x: OnnxMatrix,
  ) => { readonly entries: Readonly<Record<string, string>>; readonly note: string };
}

function describeModel(model: OnnxExportable, target: string | undefined): Exported {
  if ("encoder" in model) {
    const { encoder, targets } = model;
    const note = `Takes the ${encoder.outputs.length} numeric features that materiome makes of the input columns (${encoder.inputs.map(({ name }) => name).join(", ")}), in the order of the metadata entry "features"`;
    if (!("classifier" in model)) return describeRegression(model.models, targets, encoder.outputs, note);
    return describeClassifier(model.classifier, targets.map(({ name }) => name).join(", "), note, model.blend);
  }
  const note = 'Takes numeric features in the order of the metadata entry "features"';
  if ("labels" in model) return describeClassifier(model, target ?? "class", note);
  return describeRegression([model], [{ name: target ?? "target", unit: model.unit }], model.features, note);
}

function describeRegression(
  models: readonly RegressionModel[],
  targets: readonly TargetInfo[],
  features: readonly Feature[],
  note: string,
): Exported {
  const inner = models.map(forwardModel);
  const learner = inner.map(({ predictor }) => nameOf(predictor.encode())).join("; ");
  return {
    title: targets.map(({ name }) => name).join(", "),
    features,
    add(graph, x) {
      const columns = inner.map(({ predictor }) => {
        const mean = addPredictor(graph, predictor.encode(), x);
        return graph.add("Add", [mean, addRefusal(graph, x, predictor.allowsMissing)]);
      });
      finish(graph, graph.join(columns), x.type, { name: "prediction", columns: columns.length });
      return {
        entries: { targets: JSON.stringify(targets.map(({ name, unit }) => ({ name, unit }))), learner },
        note: `${note}, and gives the mean, without interval and without a check whether it knows such rows.`,
      };
    },
  };
}

function describeClassifier(model: ClassificationModel, target: string, note: string, blend?: ClassBlend): Exported {
  const { features, labels } = model;
  const state = model.toJSON().state as Stored;
  const fillsGaps = state["classifier"] !== undefined;
  return {
    title: target,
    features,
    add(graph, x) {
      const own = addClassifier(graph, state, x, labels.length);
      const probabilities = blend === undefined ? own : addBlend(graph, own, blend);
      const refusal = addRefusal(graph, x, fillsGaps);
      const known = graph.add("Add", [probabilities, refusal]);
      const best = graph.add("ArgMax", [probabilities], { axis: { int: 1 }, keepdims: { int: 0 } });
      const axis = graph.numbers([1], [1], "int64");
      const isRefused = graph.add("IsNaN", [graph.add("Squeeze", [refusal, axis])]);
      const none = graph.numbers([labels.length], [], "int64");
      const chosen = graph.add("Where", [isRefused, none, best]);
      const label = graph.add("Gather", [graph.texts([...labels, ""]), chosen]);
      graph.nodes.push({ type: "Identity", domain: "", inputs: [label], outputs: ["label"], attributes: {} });
      graph.outputs.push({ name: "label", type: "string", dims: ["n"] });
      finish(graph, known, x.type, { name: "probabilities", columns: labels.length });
      return {
        entries: { labels: JSON.stringify(labels), learner: classifierNames(state).join(", ") },
        note: `${note}, and gives a label and the probabilities of "labels".`,
      };
    },
  };
}

/** The model whose mean is written. */
function forwardModel(model: RegressionModel): ForwardModel {
  if ("predictor" in model) return model as ForwardModel;
  const { type, state } = model.toJSON();
  const point = (state as Stored | null)?.["point"];
  if (type === "materiome/conformal" && (point as Stored)["type"] === "materiome/regression") {
    return readForwardModel(point);
  }
  throw new IncompatibleError(
    `exportOnnx: a model of type "${type}" is of no kind whose arithmetic is known here; export one of the learners of @materiome/forward`,
  );
}

/** 0 for each row that `predict` takes, NaN for others, [nSamples, 1]. */
function addRefusal(graph: OnnxGraph, x: OnnxMatrix, allowsMissing: boolean): string {
  // A finite number less itself is 0; what is infinite or missing gives NaN.
  const difference = graph.add("Sub", [x.name, x.name]);
  const isMissing = allowsMissing ? graph.add("IsNaN", [x.name]) : undefined;
  const seen =
    isMissing === undefined
      ? difference
      : graph.add("Where", [isMissing, graph.numbers([0], [1, 1], x.type), difference]);
  return graph.inDouble({ ...x, name: graph.sumColumns(seen) }).name;
}

function finish(
  graph: OnnxGraph,
  result: string,
  type: "float" | "double",
  { name, columns }: { readonly name: string; readonly columns: number },
): void {
  const node = { domain: "", inputs: [result], outputs: [name] };
  if (type === "double") graph.nodes.push({ ...node, type: "Identity", attributes: {} });
  else graph.nodes.push({ ...node, type: "Cast", attributes: { to: { int: 1 } } });
  graph.outputs.push({ name, type, dims: ["n", columns] });
}

/** "stack(forest, columns(ridge))" */
function nameOf(stored: Stored): string {
  const { kind, member, members } = stored;
  const inner = Array.isArray(members) ? members : member === undefined ? [] : [member];
  return inner.length === 0 ? String(kind) : `${kind}(${inner.map((part) => nameOf(part as Stored)).join(", ")})`;
}
