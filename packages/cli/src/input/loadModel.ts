import { stat } from "node:fs/promises";
import { join } from "node:path";
import { type AnyModel, FormatError, IncompatibleError, isMateriomeError, type TableModel } from "@materiome/core";
import { type PropertyClassModel, reader } from "@materiome/forward";
import { IMAGE_MODEL_TYPE } from "../images/imageModel.ts";
import { readJsonFile } from "./readJsonFile.ts";

export interface ReadModel {
  readonly model: AnyModel;
  /** Of the JSON. */
  readonly file: string;
}

/**
 * Reads a model of numbers that `train` wrote: the folder, or its `model.json`.
 *
 * @throws as {@link loadAnyModel}; IncompatibleError for a model of classes
 */
export async function loadModel(path: string): Promise<TableModel> {
  const model = await loadAnyModel(path);
  if (isClassModel(model)) {
    throw new IncompatibleError(
      "holds a model of classes; this command takes models of numbers; predict and explain take both",
      {
        location: { file: path },
      },
    );
  }
  return model;
}

export function isClassModel(model: TableModel | PropertyClassModel): model is PropertyClassModel {
  return "classes" in model;
}

/**
 * Reads a model that `train` wrote, of numbers or of classes: the folder, or its `model.json`.
 *
 * @throws FormatError naming the file if it is missing or damaged
 * @throws IncompatibleError if another version of materiome wrote it
 */
export async function loadAnyModel(path: string): Promise<TableModel | PropertyClassModel> {
  const { model, file } = await readModel(path);
  if ("labels" in model) {
    throw new IncompatibleError("holds a classifier; expected a property model, the model.json that train wrote", {
      location: { file },
    });
  }
  if (!("training" in model)) {
    throw new IncompatibleError("holds a bare learner; give the model.json that train wrote", { location: { file } });
  }
  return model as unknown as TableModel | PropertyClassModel;
}

/** Reads any model of @materiome/forward, bare ones too; otherwise as {@link loadModel}. */
export async function readModel(path: string): Promise<ReadModel> {
  const isFolder = await stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
  const file = isFolder ? join(path, "model.json") : path;
  const data = await readJsonFile(file);
  if ((data as { readonly type?: unknown } | null)?.type === IMAGE_MODEL_TYPE) {
    throw new IncompatibleError("holds a network of whole images; use materiome images predict", {
      location: { file },
    });
  }
  try {
    const model = await reader.read(data, reader);
    if ("predict" in model && !("imageShape" in model)) return { model: model as AnyModel, file };
    throw new IncompatibleError("holds a network of images; this command takes models of tables");
  } catch (error) {
    if (!isMateriomeError(error)) throw error;
    const Class = error.code === "INCOMPATIBLE" ? IncompatibleError : FormatError;
    throw new Class(error.message, { location: { file }, cause: error });
  }
}
