import { readFileSync } from "node:fs";
import { createRaster, DataError, type Raster } from "@materiome/core";
import { reader } from "@materiome/forward";
import * as ort from "onnxruntime-web";
import { describe, expect, it } from "vitest";
import { openOnnxRuntime } from "../../../src/nets/exchange/onnxRuntime.ts";
import { type OnnxSegmenter, readOnnxSegmenter } from "../../../src/nets/index.ts";
import { type OnnxNode, type OnnxPort, writeOnnx } from "../../../src/onnx/onnxFile.ts";
import { largestDifference, noise } from "./randomUNet.ts";

const fixture = (name: string): URL => new URL(`../../fixtures/nets/${name}`, import.meta.url);
const cases = JSON.parse(readFileSync(fixture("torch_segmenters.json"), "utf8"));
const free = new Uint8Array(readFileSync(fixture("torch_free.onnx")));
const fixed = new Uint8Array(readFileSync(fixture("torch_fixed.onnx")));

const description = {
  format: "materiome/segmenter-description",
  version: 1,
  input: {
    name: "pixels",
    layout: "NCHW",
    channels: 3,
    scale: 1 / 255,
    mean: cases.free.mean,
    deviation: cases.free.deviation,
  },
  output: { name: "logits", layout: "NCHW", values: "logits" },
  tiling: { multiple: 2, halo: 4 },
  classes: ["a", "b", "c"],
};
const ofFixed = {
  format: "materiome/segmenter-description",
  version: 1,
  input: { name: "x", layout: "NCHW", channels: 1, scale: 1 / 255 },
  output: { name: "y", layout: "NCHW", values: "probabilities", foreground: "particle" },
  tiling: { multiple: 1, halo: 1 },
  classes: ["particle", "matrix"],
};

const imageOf = ({ image, width, height }: { image: number[]; width: number; height: number }, channels: number) =>
  createRaster(Float32Array.from(image), width, height, { channels });

/** The free network with one part of its description changed. */
const changed = (part: "input" | "output" | "tiling", entries: object) => ({
  ...description,
  [part]: { ...description[part], ...entries },
});

async function using<T>(segmenter: Promise<OnnxSegmenter>, job: (s: OnnxSegmenter) => Promise<T>): Promise<T> {
  const opened = await segmenter;
  try {
    return await job(opened);
  } finally {
    await opened.close();
  }
}

describe("readOnnxSegmenter of networks from PyTorch", () => {
  it("gives the probabilities that PyTorch gives", async () => {
    await using(readOnnxSegmenter(free, description), async (segmenter) => {
      const found = await segmenter.segmentTile(imageOf(cases.free, 3));
      expect(largestDifference(found.data, cases.free.probabilities)).toBeLessThan(1e-5);
      expect(segmenter).toMatchObject({ classes: ["a", "b", "c"], halo: 4, alignment: 2, runtime: "onnxruntime-web" });
    });
  });

  it("cuts a tile into windows of the largest size and gives the same; odd sides are continued by mirroring", async () => {
    const image = noise(37, 29, 3);
    const small = Float32Array.from(image.data, (v) => v - 29_900);
    const tile = { ...image, data: small };
    const whole = await using(readOnnxSegmenter(free, description), (s) => s.segmentTile(tile));
    const cut = changed("tiling", { largest: [14, 12] });
    const parts = await using(readOnnxSegmenter(free, cut), (s) => s.segmentTile(tile));
    expect(largestDifference(parts.data, whole.data)).toBeLessThan(1e-6);
  });

  it("fills windows and batches of a fixed size, and makes two classes of one channel", async () => {
    const { width, height, foreground } = cases.fixed;
    const found = await using(readOnnxSegmenter(fixed, ofFixed), (s) => s.segmentTile(imageOf(cases.fixed, 1)));
    let most = 0;
    for (let y = 0; y < height - 1; y++) {
      for (let x = 0; x < width - 1; x++) {
        const p = y * width + x;
        most = Math.max(most, Math.abs(found.data[2 * p]! - foreground[p]));
        expect(found.data[2 * p]! + found.data[2 * p + 1]!).toBeCloseTo(1, 6);
      }
    }
    expect(most).toBeLessThan(1e-6);
    const tiny = await using(readOnnxSegmenter(fixed, ofFixed), (s) => s.segmentTile(noise(1, 1)));
    expect(tiny.data).toHaveLength(2);
  });

  it("comes back from JSON, and takes a runtime that is handed over", async () => {
    const own = await readOnnxSegmenter(free, description, { runtime: ort });
    const again = (await reader.read(JSON.parse(JSON.stringify(own)), reader)) as unknown as OnnxSegmenter;
    const tile = imageOf(cases.free, 3);
    expect(own.runtime).toBe("given");
    expect((await again.segmentTile(tile)).data).toEqual((await own.segmentTile(tile)).data);
    expect(JSON.stringify(again)).toBe(JSON.stringify(own));
    await own.close();
    await again.close();
  });

  it("gives grey to all channels only where the description says so", async () => {
    const grey = createRaster(new Float32Array(30).fill(90), 6, 5);
    const colour: Raster<Float32Array> = createRaster(new Float32Array(90).fill(90), 6, 5, { channels: 3 });
    await using(readOnnxSegmenter(free, description), async (segmenter) => {
      await expect(segmenter.segmentTile(grey)).rejects.toThrow(/3 channels, got 1; set input.repeatsGrey/);
    });
    await using(readOnnxSegmenter(free, changed("input", { repeatsGrey: true })), async (segmenter) => {
      expect((await segmenter.segmentTile(grey)).data).toEqual((await segmenter.segmentTile(colour)).data);
      await expect(segmenter.segmentTile({ ...grey, data: grey.data.map(() => Number.NaN) })).rejects.toThrow(
        DataError,
      );
    });
  });
});

const port = (name: string, channels: number, type: OnnxPort["type"] = "float"): OnnxPort => ({
  name,
  type,
  dims: ["n", channels, "h", "w"],
});
const fileOf = (node: Partial<OnnxNode>, inputs: readonly OnnxPort[], output: OnnxPort): Uint8Array =>
  writeOnnx({
    producer: "test",
    producerVersion: "",
    name: "test",
    description: "",
    nodes: [{ type: "Relu", domain: "", inputs: [inputs[0]!.name], outputs: [output.name], attributes: {}, ...node }],
    tensors: [],
    inputs,
    outputs: [output],
    metadata: new Map(),
  });

describe("readOnnxSegmenter of a graph that fixes a batch", () => {
  it("puts only windows of one size together", async () => {
    const batched = (name: string): OnnxPort => ({ name, type: "float", dims: [3, 2, "h", "w"] });
    const model = fileOf({ type: "Softmax", attributes: { axis: { int: 1 } } }, [batched("x")], batched("y"));
    const told = {
      ...ofFixed,
      input: { name: "x", layout: "NCHW", channels: 2 },
      output: { name: "y", layout: "NCHW", values: "probabilities" },
      tiling: { multiple: 1, halo: 0, largest: [8, 8] },
    };
    const tile = noise(13, 11, 2); // windows of 8 × 8, 5 × 8, 8 × 3 and 5 × 3
    const { data } = await using(readOnnxSegmenter(model, told), (s) => s.segmentTile(tile));
    for (let p = 0; p < data.length; p += 2) {
      const [a, b] = [tile.data[p]!, tile.data[p + 1]!];
      expect(data[p]).toBeCloseTo(1 / (1 + Math.exp(b - a)), 6);
    }
  });
});

describe("readOnnxSegmenter of networks with channels last", () => {
  // The network hands its input on, so that results follow from the description alone.
  const axes = (name: string): OnnxPort => ({ name, type: "float", dims: [1, "h", "w", 4] });
  const same = fileOf({ type: "Identity" }, [axes("in")], axes("out"));
  const told = (output: object, input: object = {}) => ({
    format: "materiome/segmenter-description",
    version: 1,
    input: { name: "in", layout: "NHWC", channels: 4, ...input },
    output: { name: "out", layout: "NHWC", ...output },
    tiling: { multiple: 1, halo: 1, largest: [4, 4] },
    targets: [
      { name: "phase", kind: "classes", labels: ["a", "b"] },
      { name: "edge", kind: "presence", labels: ["edge"] },
      { name: "depth", kind: "values", labels: ["depth"] },
    ],
  });
  const tile = createRaster(
    Float32Array.from({ length: 7 * 5 * 4 }, (_, i) => ((i * 29) % 17) - 8),
    7,
    5,
    { channels: 4 },
  );

  it("makes softmax of classes, logistic functions of presences and leaves values", async () => {
    const scaled = { scale: 0.5, mean: [1, 0, 0, 2], deviation: [2, 1, 1, 4] };
    const { data } = await using(readOnnxSegmenter(same, told({ values: "logits" }, scaled)), (s) =>
      s.segmentTile(tile),
    );
    const expected = Array.from({ length: 35 }, (_, p) => {
      const [a, b, c, d] = tile.data.subarray(4 * p, 4 * p + 4);
      const first = 1 / (1 + Math.exp(b! / 2 - (a! / 2 - 1) / 2));
      return [first, 1 - first, 1 / (1 + Math.exp(-c! / 2)), (d! / 2 - 2) / 4];
    }).flat();
    expect(largestDifference(data, expected)).toBeLessThan(1e-6);
  });

  it("takes probabilities as they are, and refuses what is none", async () => {
    const shares = { ...tile, data: tile.data.map((_, i) => [0.25, 0.75, 1, -7][i % 4]!) };
    await using(readOnnxSegmenter(same, told({ values: "probabilities" })), async (segmenter) => {
      expect((await segmenter.segmentTile(shares)).data).toEqual(shares.data);
      const high = { ...shares, data: shares.data.map((v, i) => (i === 4 * 9 + 2 ? 1.1 : v)) };
      await expect(segmenter.segmentTile(high)).rejects.toThrow(/at pixel \(2, 1\) "edge" has the probability 1.1/);
      const low = { ...shares, data: shares.data.map((v, i) => (i === 1 ? 0.5 : v)) };
      await expect(segmenter.segmentTile(low)).rejects.toThrow(
        /at pixel \(0, 0\) the probabilities of the classes sum to 0.75/,
      );
    });
  });
});

describe("readOnnxSegmenter refuses", () => {
  const refused = (model: Uint8Array, told: unknown) =>
    readOnnxSegmenter(model, told).then(
      () => "nothing",
      (error: Error) => `${error.name}: ${error.message}`,
    );

  it.each([
    [
      "another input",
      changed("input", { name: "image" }),
      /takes "pixels", the description gives it one image as "image"/,
    ],
    ["another output", changed("output", { name: "masks" }), /no output "masks"; it gives "logits"/],
    [
      "channels that it has not",
      changed("input", { channels: 1, mean: [0], deviation: [1] }),
      /takes 3 channels \(NCHW\), the description says 1/,
    ],
    ["a mean too few", changed("input", { mean: [0] }), /input.mean has 1 numbers for 3 channels/],
    ["a deviation of 0", changed("input", { deviation: [1, 0, 1] }), /input.deviation must be positive, got 0/],
    [
      "entries it does not know",
      changed("tiling", { overlap: 3 }),
      /tiling has no entry "overlap"; it takes multiple, halo, largest/,
    ],
    ["a window without an inside", changed("tiling", { largest: [8, 8] }), /at most 8 × 8 px.*smaller halo/],
    ["classes twice", { ...description, classes: ["a", "b", "a"] }, /class "a" is listed twice/],
    ["classes besides targets", { ...description, targets: [] }, /either classes or targets/],
    [
      "a foreground among three classes",
      changed("output", { foreground: "a" }),
      /needs two classes of which it is one/,
    ],
    ["another version", { ...description, version: 2 }, /IncompatibleError.*version 1, found.*version 2/],
    ["nothing", undefined, /the description is missing/],
  ])("%s", async (_, told, message) => {
    expect(await refused(free, told)).toMatch(message);
  });

  it("classes that do not match the outputs, before and when the file says nothing of them", async () => {
    const two = { ...description, classes: ["a", "b"] };
    expect(await refused(free, two)).toMatch(
      /output "logits" has 3 channels \(NCHW\), the description 2 classes \(a, b\)/,
    );
    const silent = fileOf({}, [port("pixels", 3)], { ...port("logits", 3), dims: ["n", "c", "h", "w"] });
    await using(readOnnxSegmenter(silent, two), async (segmenter) => {
      await expect(segmenter.segmentTile(imageOf(cases.free, 3))).rejects.toThrow(
        /"logits" is float32 \[1, 3, 10, 12\], expected float32 \[1, 2, 10, 12\] \(NCHW, 2 channels for a, b\)/,
      );
    });
    expect(await refused(fixed, { ...ofFixed, output: { ...ofFixed.output, foreground: undefined } })).toMatch(
      /output "y" has 1 channels \(NCHW\), the description 2 classes \(particle, matrix\)/,
    );
  });

  it("logits that are called probabilities", async () => {
    await using(readOnnxSegmenter(free, changed("output", { values: "probabilities" })), async (segmenter) => {
      await expect(segmenter.segmentTile(imageOf(cases.free, 3))).rejects.toThrow(
        /at pixel \(\d+, \d+\) .* if the network gives logits, say output.values: "logits"/,
      );
    });
  });

  it("bytes that are no ONNX file, or half of one", async () => {
    for (const bytes of [new Uint8Array(0), new TextEncoder().encode("{}"), free.slice(0, 700)]) {
      expect(await refused(bytes, description)).toMatch(/FormatError: readOnnxSegmenter: the bytes are no ONNX file/);
    }
  });

  it("operators that the runtime lacks, by name", async () => {
    for (const [type, domain, name] of [
      ["DeformableUnpool", "", "DeformableUnpool"],
      ["Attend", "vendor.example", "vendor.example:Attend"],
    ] as const) {
      const model = fileOf({ type, domain }, [port("pixels", 3)], port("logits", 3));
      expect(await refused(model, description)).toMatch(
        new RegExp(
          `^IncompatibleError: .*onnxruntime-web has no operator ${name} as the file uses it \\(operator sets`,
        ),
      );
    }
  });

  it("several inputs, other types, other ranks, results of another size", async () => {
    const told = (model: Uint8Array) => refused(model, description);
    const two = fileOf({}, [port("pixels", 3), port("prior", 1)], port("logits", 3));
    expect(await told(two)).toMatch(/takes "pixels", "prior", the description gives it one image/);
    const labels = fileOf({}, [port("pixels", 3)], port("logits", 3, "int64"));
    expect(await told(labels)).toMatch(
      /output "logits" is int64 \[free, 3, free, free\].*scores of the classes rather/,
    );
    const flat = fileOf({}, [{ ...port("pixels", 3), dims: ["n", 3] }], port("logits", 3));
    expect(await told(flat)).toMatch(/input "pixels" is float \[free, 3\], expected float with four axes/);
    const half = (side: number) => ({ ...port("logits", 3), dims: [1, 3, side, side] });
    const coarse = fileOf({}, [{ ...half(16), name: "pixels" }], half(8));
    expect(await told(coarse)).toMatch(/gives 8 px for 16 px; export it with its last upsampling/);
  });
});

describe("openOnnxRuntime", () => {
  const missing = (name: string) =>
    Promise.reject(Object.assign(new Error(`Cannot find package '${name}'`), { code: "ERR_MODULE_NOT_FOUND" }));

  it("takes native code before WebAssembly, and says what to install where there is neither", async () => {
    const both = await openOnnxRuntime("test", undefined, 2, () => Promise.resolve({ default: ort }));
    expect(both).toMatchObject({ name: "onnxruntime-node", sessionOptions: { intraOpNumThreads: 2 } });
    await expect(openOnnxRuntime("test", undefined, undefined, missing)).rejects.toThrow(
      /onnxruntime-node or onnxruntime-web, which is not installed; npm install onnxruntime-node .* or npm install onnxruntime-web/,
    );
    await expect(openOnnxRuntime("test", "node", undefined, missing)).rejects.toThrow(
      /package onnxruntime-node, which/,
    );
  });

  it("does not step over a runtime that is installed and broken", async () => {
    const broken = () => Promise.reject(new Error("libonnxruntime.so.1: cannot open shared object file"));
    await expect(openOnnxRuntime("test", undefined, undefined, broken)).rejects.toThrow(
      /onnxruntime-node is installed but cannot be loaded; ask for runtime: "web"/,
    );
  });
});
