import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  type AnyModel,
  type Column,
  createNumberColumn,
  createTextColumn,
  type FeatureMatrix,
  IncompatibleError,
  isMateriomeError,
  Table,
  type TargetInfo,
  writeFileAtomic,
  writeTable,
} from "@materiome/core";
import { exportOnnx, type OnnxExportable, type PropertyClassModel, type PropertyModel } from "@materiome/forward";
import { inFile } from "../input/inFile.ts";
import { readModel } from "../input/loadModel.ts";
import { readJsonFile } from "../input/readJsonFile.ts";
import { readTableArgument, type TableOptions } from "../input/readTableArgument.ts";
import { UsageError } from "../terminal/exitCodes.ts";
import type { CommonOptions, Session } from "../terminal/session.ts";
import { textTable } from "../terminal/textTable.ts";
import { materiomeVersion, versions } from "../version.ts";
import { exportImageNet, exportNet, netIn } from "./exportNet.ts";

export interface ExportCommandOptions extends CommonOptions, TableOptions {
  readonly onnx: string;
  readonly precision: "float64" | "float32";
  readonly check?: string;
}

/** Features shown; all of them are in the file and in the JSON document. */
const LISTED = 20;

/** `materiome export MODEL --onnx FILE`: the learner of a model, with the order of its features, or a net of images. */
export async function runExportCommand(
  modelPath: string,
  options: ExportCommandOptions,
  session: Session,
): Promise<void> {
  const { precision } = options;
  const net = await netIn(modelPath);
  if (net !== undefined) {
    const does = net === "segments" ? "segments images" : "tells classes or values of images";
    if (options.check !== undefined) throw new UsageError(`--check takes the rows of a table; the model ${does}`);
    const write = net === "segments" ? exportNet : exportImageNet;
    return write(modelPath, options.onnx, await originOf(modelPath), session);
  }
  const { model, file } = await readModel(modelPath);
  const origin = await originOf(file);
  const bytes = writeModel(model, file, { precision, version: materiomeVersion(), metadata: origin });
  const features = ("encoder" in model ? (model as unknown as PropertyModel).encoder.outputs : featuresOf(model)).map(
    ({ name, unit }) => ({ name, unit }),
  );
  const check = options.check === undefined ? undefined : await checkTable(model, options.check, options, session);
  const checkFile = check === undefined ? undefined : `${options.onnx.replace(/\.onnx$/i, "")}.check.csv`;
  await writeFileAtomic(options.onnx, bytes);
  if (checkFile !== undefined && check !== undefined) await writeFileAtomic(checkFile, check);
  session.result({
    onnx: options.onnx,
    bytes: bytes.length,
    precision,
    features,
    ...origin,
    check: checkFile,
    versions: versions(),
  });
  session.output(
    textTable(
      ["column", "feature", "unit"],
      features.slice(0, LISTED).map(({ name, unit }, f) => [String(f), name, unit === "" ? "–" : unit]),
    ),
  );
  if (features.length > LISTED) session.output(`… ${features.length - LISTED} more, all in the file's metadata`);
  session.say(
    `\n${options.onnx}: ${bytes.length} bytes. Input "features" takes these ${features.length} numbers a row (${precision}), which materiome makes of the columns of a table; the file gives ${"classifier" in model ? "the label and the probabilities, without set" : "the mean, without interval"} and domain.`,
  );
  if (checkFile !== undefined)
    session.say(`${checkFile}: features of the rows and predictions from them, to compare with`);
}

function writeModel(model: AnyModel, file: string, options: Parameters<typeof exportOnnx>[1]): Uint8Array {
  try {
    return exportOnnx(model as unknown as OnnxExportable, options);
  } catch (error) {
    if (!isMateriomeError(error) || error.code !== "INCOMPATIBLE") throw error;
    throw new IncompatibleError(error.message, { location: { file }, cause: error });
  }
}

/** What the file of the model and the `metrics.json` beside it tell of where it is from. */
async function originOf(file: string): Promise<Record<string, string>> {
  const modelSha256 = createHash("sha256")
    .update(await readFile(file))
    .digest("hex");
  const metrics = await readJsonFile(join(dirname(file), "metrics.json")).catch(() => undefined);
  const { seed, dataSha256, versions: made } = (metrics ?? {}) as { readonly [key: string]: unknown };
  return {
    modelSha256,
    ...(dataSha256 === undefined ? {} : { dataSha256: String(dataSha256) }),
    ...(seed === undefined ? {} : { seed: String(seed) }),
    ...(made === undefined ? {} : { trainedWith: JSON.stringify(made) }),
  };
}

function featuresOf(model: AnyModel): FeatureMatrix["features"] {
  return (model as unknown as { readonly features: FeatureMatrix["features"] }).features;
}

/** Features of the rows of a table, as the file takes them, and the predictions from these. */
async function checkTable(
  model: AnyModel,
  path: string,
  options: ExportCommandOptions,
  session: Session,
): Promise<string> {
  if (!("encoder" in model)) throw new UsageError("--check takes the rows of a table; a bare learner knows no table");
  const property = model as unknown as PropertyModel | PropertyClassModel;
  const { encoder } = property;
  const { table } = await readTableArgument(path, options, session);
  try {
    const encoded = encoder.encode(table);
    const data = options.precision === "float64" ? encoded.data : Float64Array.from(Float32Array.from(encoded.data));
    const x = { ...encoded, data };
    const columns: Column[] = x.features.map(({ name }, f) =>
      column(name, (i) => data[i * x.columns + f] as number, x.rows),
    ); // f < columns
    columns.push(...("classifier" in property ? classColumns(property, x) : await meanColumns(property, x, session)));
    return writeTable(new Table(columns));
  } catch (error) {
    throw inFile(path, error);
  }
}

async function meanColumns(
  { models, targets }: PropertyModel,
  x: FeatureMatrix,
  { threads, signal }: Session,
): Promise<Column[]> {
  const columns: Column[] = [];
  for (const [t, target] of targets.entries()) {
    const { mean } = await (models[t] as PropertyModel["models"][number]).predict(x, { threads, signal }); // one a target
    columns.push(column(predictionName(target, targets), (i) => mean.data[i] as number, x.rows)); // i < rows
  }
  return columns;
}

/** Label and probabilities, under the names that `predict` gives them. */
function classColumns(model: PropertyClassModel, x: FeatureMatrix): Column[] {
  const { data, columns: k } = model.probabilitiesOf(x);
  const best = Array.from({ length: x.rows }, (_, i) => {
    const own = data.subarray(i * k, (i + 1) * k);
    return model.classes[own.indexOf(Math.max(...own))] as string; // k classes
  });
  return [
    createTextColumn("prediction", best, { kind: "text", role: "note" }),
    ...model.classes.map((label, c) => column(`probability ${label}`, (i) => data[i * k + c] as number, x.rows)), // c < k
  ];
}

function predictionName({ name }: TargetInfo, targets: readonly TargetInfo[]): string {
  return targets.length > 1 ? `${name} prediction` : "prediction";
}

/** Without units in the headers: scripts look for the bare names, in the order of the file's input. */
function column(name: string, value: (row: number) => number, nRows: number): ReturnType<typeof createNumberColumn> {
  return createNumberColumn(
    name,
    Float64Array.from({ length: nRows }, (_, i) => value(i)),
    { role: "note" },
  );
}
