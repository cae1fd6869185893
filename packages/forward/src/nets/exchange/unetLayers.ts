import { IncompatibleError, type Json } from "@materiome/core";
import { EPSILON } from "../layers/normalise.ts";
import type { Parameters } from "../training/parameters.ts";
import type { UNetSettings } from "../unet/unetSegmenter.ts";
import { type Block, blocksOf } from "../unet/unetSpec.ts";

type Config = { readonly [key: string]: Json };

/** Topology of a U-Net in the Keras format that TensorFlow.js reads. */
export function layersOfUNet({ spec, targets }: UNetSettings): Config {
  const layers: Config[] = [];
  const add = (kind: string, name: string, from: readonly string[], config: Config): string => {
    const inbound = from.length === 0 ? [] : [from.map((source) => [source, 0, 0, {}])];
    layers.push({ class_name: kind, name, config: { name, trainable: true, ...config }, inbound_nodes: inbound });
    return name;
  };
  const convolve = (name: string, from: string, side: number, filters: number, isBiased: boolean): string =>
    add("Conv2D", name, [from], {
      filters,
      kernel_size: [side, side],
      strides: [1, 1],
      padding: "same",
      data_format: "channels_last",
      dilation_rate: [1, 1],
      activation: "linear",
      use_bias: isBiased,
    });
  const normalise = (name: string, from: string, epsilon: number, isTrainable: boolean): string =>
    add("BatchNormalization", name, [from], {
      axis: -1,
      momentum: 0.9,
      epsilon,
      center: true,
      scale: true,
      trainable: isTrainable,
    });
  const apply = (from: string, { name, outputs }: Block): string => {
    const convolved = convolve(`${name}.conv`, from, 3, outputs, false);
    const normed = normalise(`${name}.norm`, convolved, EPSILON, true);
    return add("Activation", `${name}.relu`, [normed], { activation: "relu" });
  };
  const { down, up } = blocksOf(spec);
  add("InputLayer", "image", [], {
    batch_input_shape: [null, null, null, spec.channels],
    dtype: "float32",
    sparse: false,
  });
  let h = normalise(INPUT, "image", 0, false);
  const skips: string[] = [];
  for (const [level, blocks] of down.entries()) {
    if (level > 0) {
      h = add("MaxPooling2D", `down${level}.pool`, [h], {
        pool_size: [2, 2],
        strides: [2, 2],
        padding: "valid",
        data_format: "channels_last",
      });
    }
    h = blocks.reduce(apply, h);
    skips.push(h);
  }
  for (let level = up.length - 1; level >= 0; level--) {
    h = add("UpSampling2D", `up${level}.double`, [h], {
      size: [2, 2],
      data_format: "channels_last",
      interpolation: "nearest",
    });
    h = add("Concatenate", `up${level}.join`, [skips[level] as string, h], { axis: -1 });
    h = (up[level] as Block[]).reduce(apply, h);
  }
  const heads = targets.map(({ kind, labels }, t) => {
    const head = convolve(`head.${t}`, h, 1, labels.length, true);
    if (kind === "values") return head;
    return add("Activation", `head.${t}.probabilities`, [head], {
      activation: kind === "classes" ? "softmax" : "sigmoid",
    });
  });
  const last = heads.length === 1 ? (heads[0] as string) : add("Concatenate", "heads", heads, { axis: -1 });
  return {
    class_name: "Model",
    config: { name: "unet", layers, input_layers: [["image", 0, 0]], output_layers: [[last, 0, 0]] },
  };
}

const INPUT = "normalise";

/** An array of a LayersModel, and where it comes from. */
export interface WeightSlot {
  readonly name: string;
  readonly shape: readonly number[];
  readonly length: number;
  take(parameters: Parameters): Float32Array;
  put(who: string, values: Float32Array, parameters: Record<string, Float32Array>): void;
}

export function weightSlots(settings: UNetSettings): WeightSlot[] {
  const { spec, targets } = settings;
  const { down, up } = blocksOf(spec);
  const blocks = [...down, ...up]
    .flat()
    .flatMap(({ name, inputs, outputs }) => [
      whole(`${name}.conv/kernel`, `${name}.filter`, [3, 3, inputs, outputs]),
      whole(`${name}.norm/gamma`, `${name}.scale`, [outputs]),
      whole(`${name}.norm/beta`, `${name}.shift`, [outputs]),
      whole(`${name}.norm/moving_mean`, `${name}.mean`, [outputs]),
      whole(`${name}.norm/moving_variance`, `${name}.variance`, [outputs]),
    ]);
  const inputs = spec.filters[0] as number; // at least one level
  let start = 0;
  const heads = targets.flatMap(({ labels }, t) => {
    const at = { start, count: labels.length, of: spec.outputs };
    start += labels.length;
    return [
      part(`head.${t}/kernel`, "head.filter", [1, 1, inputs, labels.length], at),
      part(`head.${t}/bias`, "head.bias", [labels.length], at),
    ];
  });
  return [...inputSlots(settings), ...blocks, ...heads];
}

function whole(name: string, parameter: string, shape: readonly number[]): WeightSlot {
  return {
    name,
    shape,
    length: lengthOf(shape),
    take: (parameters) => parameters[parameter] as Float32Array, // of this network
    put: (_, values, parameters) => {
      parameters[parameter] = values;
    },
  };
}

/** Some columns of a parameter whose outputs vary fastest. */
function part(
  name: string,
  parameter: string,
  shape: readonly number[],
  { start, count, of }: { readonly start: number; readonly count: number; readonly of: number },
): WeightSlot {
  const length = lengthOf(shape);
  const place = (i: number): number => Math.floor(i / count) * of + start + (i % count);
  return {
    name,
    shape,
    length,
    take: (parameters) => Float32Array.from({ length }, (_, i) => parameters[parameter]?.[place(i)] as number), // of this network
    put: (_, values, parameters) => {
      const all = parameters[parameter] ?? new Float32Array((length / count) * of);
      parameters[parameter] = all;
      for (const [i, value] of values.entries()) all[place(i)] = value;
    },
  };
}

/** (value − mean) / deviation; what single precision leaves of the mean goes into beta. */
function inputSlots({ spec, normalisation }: UNetSettings): WeightSlot[] {
  const { mean, deviation } = normalisation;
  const fixed = {
    gamma: deviation.map(() => 1),
    beta: mean.map((m, c) => (Math.fround(m) - m) / deviation[c]!), // one per channel
    moving_mean: mean,
    moving_variance: deviation.map((d) => d * d),
  };
  return Object.entries(fixed).map(([key, numbers]) => {
    const values = Float32Array.from(numbers);
    const name = `${INPUT}/${key}`;
    return {
      name,
      shape: [spec.channels],
      length: spec.channels,
      take: () => values,
      put: (who, found) => {
        if (found.every((value, c) => value === values[c])) return;
        throw new IncompatibleError(
          `${who}: "${name}" is [${found.join(", ")}], the network's description says [${values.join(", ")}]; the normalisation of images must stay as it was`,
        );
      },
    };
  });
}

function lengthOf(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}
