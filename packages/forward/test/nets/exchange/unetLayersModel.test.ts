import { FormatError, IncompatibleError, type Json, type Raster } from "@materiome/core";
import * as tf from "@tensorflow/tfjs-core";
import { type LayersModel, loadLayersModel } from "@tensorflow/tfjs-layers";
import { describe, expect, it } from "vitest";
import { openEngine } from "../../../src/nets/engine.ts";
import {
  type ExportedLayersModel,
  exportUNetLayersModel,
  readUNetLayersModel,
  type UNetSegmenter,
} from "../../../src/nets/index.ts";
import { largestDifference, mixed, noise, randomUNet } from "./randomUNet.ts";

/** As TensorFlow.js loads the two files. */
async function load({ model, weights }: ExportedLayersModel): Promise<LayersModel> {
  await openEngine();
  const json = JSON.parse(JSON.stringify(model));
  return loadLayersModel(
    tf.io.fromMemory({
      modelTopology: json.modelTopology,
      weightSpecs: json.weightsManifest.flatMap((group: { weights: object[] }) => group.weights),
      weightData: weights.slice().buffer,
      format: json.format,
      userDefinedMetadata: json.userDefinedMetadata,
    }),
  );
}

async function differenceOf(net: UNetSegmenter, tile: Raster<Float32Array>): Promise<number> {
  const model = await load(exportUNetLayersModel(net));
  const found = tf.tidy(() => {
    const x = tf.tensor4d(tile.data, [1, tile.height, tile.width, tile.channels]);
    return (model.predict(x) as tf.Tensor).dataSync();
  });
  model.dispose();
  return largestDifference(found, (await net.segmentTile(tile)).data);
}

describe("exportUNetLayersModel", () => {
  it("gives in TensorFlow.js what segmentTile gives", async () => {
    expect(await differenceOf(randomUNet(), noise(20, 12))).toBeLessThan(1e-4);
    expect(await differenceOf(randomUNet({ channels: 3, targets: mixed }), noise(8, 16, 3))).toBeLessThan(1e-4);
    expect(await differenceOf(randomUNet({ filters: [5] }), noise(7, 5))).toBeLessThan(1e-4);
  });

  it("names the file of weights as it is told", () => {
    const { model } = exportUNetLayersModel(randomUNet(), { weightsFile: "phases.bin" });
    expect(model["weightsManifest"]).toMatchObject([{ paths: ["phases.bin"] }]);
  });

  it("comes back bit for bit, also after TensorFlow.js has saved it", async () => {
    const net = randomUNet({ channels: 2, targets: mixed });
    const exported = exportUNetLayersModel(net);
    const copy = JSON.parse(JSON.stringify(exported.model));
    expect(JSON.stringify(readUNetLayersModel(copy, exported.weights))).toBe(JSON.stringify(net));

    const model = await load(exported);
    let saved: tf.io.ModelArtifacts | undefined;
    await model.save(
      tf.io.withSaveHandler(async (artifacts) => {
        saved = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
      }),
    );
    model.dispose();
    const { modelTopology, weightSpecs, weightData, userDefinedMetadata } = saved!;
    const json = JSON.parse(
      JSON.stringify({ modelTopology, userDefinedMetadata, weightsManifest: [{ paths: ["w"], weights: weightSpecs }] }),
    );
    const again = readUNetLayersModel(json, new Uint8Array(weightData as ArrayBuffer));
    expect(again.toJSON()).toEqual(net.toJSON());
  });
});

/** Parts of the file that are broken on purpose. */
interface Breakable {
  userDefinedMetadata?: { readonly materiome: { readonly state: { mean: number[] } } };
  readonly modelTopology: { readonly config: { readonly layers: { class_name: string }[] } };
  readonly weightsManifest: readonly [{ readonly weights: Weight[] }];
}

interface Weight {
  readonly name: string;
  shape: number[];
  readonly dtype: string;
  quantization?: object;
}

describe("readUNetLayersModel refuses", () => {
  const { model, weights } = exportUNetLayersModel(randomUNet());
  const broken = (change: (json: Breakable) => void): Json => {
    const json = JSON.parse(JSON.stringify(model));
    change(json);
    return json;
  };

  it.each([
    [
      "a model of others",
      broken((m) => delete m.userDefinedMetadata),
      IncompatibleError,
      /no entry "materiome".*readOnnxSegmenter/,
    ],
    [
      "other layers",
      broken((m) => {
        m.modelTopology.config.layers[4]!.class_name = "LeakyReLU";
      }),
      IncompatibleError,
      /layer "down0.0.relu" \(LeakyReLU of down0.0.norm\) is none/,
    ],
    [
      "a layer too few",
      broken((m) => m.modelTopology.config.layers.pop()),
      IncompatibleError,
      /layer "head.0.probabilities" \(Activation of head.0\) is none/,
    ],
    [
      "another normalisation of images",
      broken((m) => {
        m.userDefinedMetadata!.materiome.state.mean = [7];
      }),
      IncompatibleError,
      /"normalise\/beta" is .*the normalisation of images must stay/,
    ],
    [
      "compressed weights",
      broken((m) => {
        m.weightsManifest[0].weights[5]!.quantization = { dtype: "uint8", min: 0, scale: 1 };
      }),
      FormatError,
      /weights "down0.0.norm\/gamma" are compressed \[4\], expected float32 \[4\]/,
    ],
    [
      "another shape",
      broken((m) => {
        m.weightsManifest[0].weights[4]!.shape = [3, 3, 4, 1];
      }),
      FormatError,
      /"down0.0.conv\/kernel" are float32 \[3,3,4,1\], expected float32 \[3,3,1,4\]/,
    ],
    ["weights it lacks", broken((m) => m.weightsManifest[0].weights.pop()), FormatError, /no weights "head.0\/bias"/],
    [
      "weights twice",
      broken((m) => m.weightsManifest[0].weights.push({ name: "head.0/bias", shape: [3], dtype: "float32" })),
      FormatError,
      /"head.0\/bias" do not belong to this network, or come twice/,
    ],
  ])("%s", (_, json, kind, message) => {
    expect(() => readUNetLayersModel(json, weights)).toThrow(kind);
    expect(() => readUNetLayersModel(json, weights)).toThrow(message);
  });

  it("files of another length", () => {
    expect(() => readUNetLayersModel(model, weights.slice(0, -4))).toThrow(/end within "head.0\/bias"/);
    const longer = new Uint8Array(weights.length + 4);
    longer.set(weights);
    expect(() => readUNetLayersModel(model, longer)).toThrow(/\d+ bytes of weights, the model names \d+/);
  });
});
