import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { IncompatibleError, isMateriomeError, writeFileAtomic } from "@materiome/core";
import { exportImageNetworkOnnx, exportUNetOnnx, type UNetSegmenter } from "@materiome/forward/nets";
import { loadClassifier } from "@materiome/microstructure";
import type { TrainedSegmenter } from "@materiome/microstructure/pixels";
import { readImageModel } from "../images/imageModel.ts";
import { UsageError } from "../terminal/exitCodes.ts";
import type { Session } from "../terminal/session.ts";
import { materiomeVersion, versions } from "../version.ts";

/** What `segment` writes besides, and why it is no ONNX file. */
const NOT_EXPORTED: Readonly<Record<string, string>> = {
  "pixel-classifier":
    "holds trees on features of pixels, which are computed from the image before and are no part of ONNX; export a net (segment train --learner unet)",
  "segmenter-average":
    "holds an average of several models, and ONNX files are of one net; export the nets that it was made of, each by itself",
  "pretrained-net":
    "holds a net to start from, which tells no classes; train with segment train --learner unet --pretrained, and export that",
};

/**
 * Which kind of net of images a file holds, by its first words; undefined for other models and where it cannot be read.
 *
 * @throws IncompatibleError for models of images that are no net to export
 */
export async function netIn(path: string): Promise<"segments" | "wholeImages" | undefined> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(256), 0, 256, 0);
    const start = new TextDecoder().decode(buffer.subarray(0, bytesRead));
    const type = /^\s*\{\s*"type"\s*:\s*"materiome\/([a-z-]+)"/.exec(start)?.[1];
    const why = NOT_EXPORTED[type ?? ""];
    if (why !== undefined) throw new IncompatibleError(why, { location: { file: path } });
    return type === "trained-segmenter" ? "segments" : type === "image-model" ? "wholeImages" : undefined;
  } catch (error) {
    if (isMateriomeError(error)) throw error;
    return undefined; // a folder
  } finally {
    await file.close();
  }
}

/** A net of `segment train` as an ONNX file, and a description of the same name beside it. */
export async function exportNet(
  path: string,
  onnx: string,
  origin: Readonly<Record<string, string>>,
  session: Session,
): Promise<void> {
  const json = besideOnnx(path, onnx);
  const classifier = await loadClassifier({ path, readerModule: import.meta.resolve("@materiome/forward") });
  const { segmenter, ranges, channels, normalise, pixelSizeUm, instances } = classifier as TrainedSegmenter;
  if (!("filters" in segmenter)) {
    throw new IncompatibleError("holds a net that is no U-Net; it can be exported by what made it", {
      location: { file: path },
    });
  }
  // What happens to images before they come to the net: for who runs the file.
  const regions = instances && { kind: instances.kind, depth: instances.depth };
  const preparation = { channels, normalise, ranges, ...(regions === undefined ? {} : { instances: regions }) };
  const { model, description } = exportUNetOnnx(segmenter as UNetSegmenter, {
    pixelSizeUm,
    version: materiomeVersion(),
    metadata: { ...origin, preparation: JSON.stringify(preparation) },
  });
  const told = { ...description, network: { ...description.network, preparation } };
  await writeNet({ json, told, onnx, model, origin, shown: { classes: classifier.classes } }, session);
  const grey = channels === "grey" ? "grey of 0 … 1" : "CIELAB L, a, b over 50";
  const first = normalise === "image" ? ", brought to mean 0 and deviation 1 over the image" : "";
  const list = ranges.map(({ low, high, isLimited }) => `${low} … ${high}${isLimited ? ", limited" : ""}`).join("; ");
  session.say(
    `${onnx}: ${model.length} bytes. Input "image" [n, ${description.input.channels}, height, width] takes ${grey}${first}, then (v − low) / (high − low) with low … high of ${list}; output "probabilities" of ${classifier.classes.join(", ")}${instances === undefined ? "" : ", behind them the distance to the border of a region"}.`,
  );
  session.say(`${json}: what the input and the output are`);
}

interface NetFiles {
  readonly json: string;
  readonly told: object;
  readonly onnx: string;
  readonly model: Uint8Array;
  readonly origin: Readonly<Record<string, string>>;
  /** In the result, beside the files. */
  readonly shown: Readonly<Record<string, unknown>>;
}

/** The description first: a net without it cannot be used. */
async function writeNet({ json, told, onnx, model, origin, shown }: NetFiles, session: Session): Promise<void> {
  await writeFileAtomic(json, `${JSON.stringify(told, undefined, 2)}\n`);
  await writeFileAtomic(onnx, model);
  session.result({ onnx, description: json, bytes: model.length, ...shown, ...origin, versions: versions() });
}

/** Where the description goes. */
function besideOnnx(path: string, onnx: string): string {
  const json = `${onnx.replace(/\.onnx$/i, "")}.json`;
  if (resolve(json) !== resolve(path)) return json;
  throw new UsageError(`--onnx ${onnx}: ${json}, which describes it, would replace the model; choose another name`);
}

/** A net of `images train` as an ONNX file, and a description of the same name beside it. */
export async function exportImageNet(
  path: string,
  onnx: string,
  origin: Readonly<Record<string, string>>,
  session: Session,
): Promise<void> {
  const json = besideOnnx(path, onnx);
  const { network, preparation, targets } = await readImageModel(path);
  const { model, description } = exportImageNetworkOnnx(network, {
    version: materiomeVersion(),
    metadata: { ...origin, preparation: JSON.stringify(preparation), units: JSON.stringify(targets) },
  });
  const told = { ...description, units: targets, network: { ...description.network, preparation } };
  const labels = description.targets.flatMap((target) => target.labels);
  const { channels, height, width } = description.input;
  await writeNet({ json, told, onnx, model, origin, shown: { output: description.output.name, labels } }, session);
  const colours = channels === 1 ? "grey" : "red, green and blue";
  session.say(
    `${onnx}: ${model.length} bytes. Input "image" [n, ${channels}, ${height}, ${width}] takes ${colours} of 0 … 1, of files brought to ${width} × ${height} px as "preparation" says; output "${description.output.name}" of ${labels.join(", ")}.`,
  );
  session.say(`${json}: what the input and the output are`);
}
