import { readFileSync } from "node:fs";
import { createRaster, FormatError, IncompatibleError } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { floatsOf, readSafetensors, writeSafetensors } from "../../../src/nets/exchange/safetensors.ts";
import { exportUNetSafetensors, readUNetSafetensors, type UNetArchitecture } from "../../../src/nets/index.ts";
import { largestDifference, mixed, phases, randomUNet } from "./randomUNet.ts";

const fixture = (name: string): URL => new URL(`../../fixtures/nets/${name}`, import.meta.url);
const fromTorch = new Uint8Array(readFileSync(fixture("torch_unet.safetensors")));
const { unet } = JSON.parse(readFileSync(fixture("torch_segmenters.json"), "utf8"));
const architecture: UNetArchitecture = {
  channels: 2,
  filters: [4, 8],
  targets: [phases],
  mean: unet.mean,
  deviation: unet.deviation,
};

describe("exportUNetSafetensors", () => {
  it("comes back bit for bit, with all that the network is", () => {
    const net = randomUNet({ channels: 3, targets: mixed });
    expect(JSON.stringify(readUNetSafetensors(exportUNetSafetensors(net)))).toBe(JSON.stringify(net));
    const flat = randomUNet({ filters: [5] });
    expect(JSON.stringify(readUNetSafetensors(exportUNetSafetensors(flat)))).toBe(JSON.stringify(flat));
  });

  it("names and lays out the weights as PyTorch does", () => {
    const ours = readSafetensors("test", exportUNetSafetensors(randomUNet({ channels: 2, filters: [4, 8] }))).tensors;
    const theirs = [...readSafetensors("test", fromTorch).tensors].filter(([name]) => !name.endsWith("_tracked"));
    expect([...ours].map(([name, { shape, dtype }]) => [name, dtype, shape]).sort()).toEqual(
      theirs.map(([name, { shape, dtype }]) => [name, dtype, shape]).sort(),
    );
  });
});

describe("readUNetSafetensors", () => {
  it("of weights from PyTorch gives what PyTorch gives", async () => {
    const net = readUNetSafetensors(fromTorch, architecture);
    const image = createRaster(Float32Array.from(unet.image), unet.width, unet.height, { channels: 2 });
    const { data } = await net.segmentTile(image);
    expect(largestDifference(data, unet.probabilities)).toBeLessThan(1e-5);
    expect(net).toMatchObject({ bestEpoch: 0, learningCurve: [] });
  });

  const { tensors } = readSafetensors("test", fromTorch);
  const stored = new Map(
    [...tensors]
      .filter(([, { dtype }]) => dtype === "F32")
      .map(([name, tensor]) => [name, { shape: tensor.shape, values: floatsOf("test", name, tensor) }]),
  );
  const changed = (change: (map: typeof stored) => void): Uint8Array => {
    const map = new Map(stored);
    change(map);
    return writeSafetensors(map, {});
  };

  it.each([
    [
      "another architecture",
      fromTorch,
      { ...architecture, filters: [4, 6] },
      /"down.1.0.conv.weight" is \[8, 4, 3, 3\], this network needs \[6, 4, 3, 3\]/,
    ],
    [
      "fewer levels",
      fromTorch,
      { ...architecture, filters: [4] },
      /"down.1.0.conv.weight" does not belong to this network/,
    ],
    ["a missing array", changed((map) => map.delete("head.bias")), architecture, /the file has no "head.bias"/],
    [
      "a surplus array",
      changed((map) => map.set("tail", { shape: [1], values: Float32Array.of(1) })),
      architecture,
      /"tail" does not belong/,
    ],
    [
      "weights that are no numbers",
      changed((map) => map.set("head.bias", { shape: [3], values: Float32Array.of(0, Number.NaN, 0) })),
      architecture,
      /"head.bias" hold numbers that are not finite/,
    ],
    ["a deviation of 0", fromTorch, { ...architecture, deviation: [1, 0] }, /mean and deviation do not fit 2 channels/],
    ["no description", fromTorch, undefined, /say nothing of the network .* give the architecture as second argument/],
  ])("refuses %s", (_, file, told, message) => {
    expect(() => readUNetSafetensors(file, told)).toThrow(FormatError);
    expect(() => readUNetSafetensors(file, told)).toThrow(message);
  });

  it("refuses metadata of another network", () => {
    expect(() => readUNetSafetensors(writeSafetensors(stored, { materiome: "{" }))).toThrow(/is no JSON/);
    const other = JSON.stringify({ type: "materiome/cnn", version: 1, params: {}, state: {} });
    expect(() => readUNetSafetensors(writeSafetensors(stored, { materiome: other }))).toThrow(IncompatibleError);
  });
});
