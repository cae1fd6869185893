import { IncompatibleError } from "@materiome/core";
import type { backend_util, Conv2DAttrs, KernelConfig, TensorInfo } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../engine.ts";
import { BAND, convolveByTiles, filterGradientByTiles, goesByTiles, type Images } from "./tiledConvolution.ts";
import { type WasmMemory, wasmMemory } from "./wasmMemory.ts";

type Info = backend_util.Conv2DInfo;

/**
 * Convolution, also with bias and rectifier in one, and its gradients by filter and input, for any stride, dilation and padding. Channels last.
 */
export function convolutionKernels(tf: TensorFlow): KernelConfig[] {
  return [
    kernel("Conv2D", (memory, inputs, attrs) => {
      const { x, filter } = inputs as { x: TensorInfo; filter: TensorInfo };
      return forward(memory, x, filter, infoOf(tf, x.shape, filter.shape, attrs));
    }),
    kernel("ConvolveRectify", (memory, inputs, attrs) => {
      const { x, filter, bias } = inputs as { x: TensorInfo; filter: TensorInfo; bias: TensorInfo };
      return forward(memory, x, filter, infoOf(tf, x.shape, filter.shape, attrs), bias);
    }),
    kernel("Conv2DBackpropInput", (memory, inputs, attrs) => {
      const { dy, filter } = inputs as { dy: TensorInfo; filter: TensorInfo };
      return inputGradient(memory, dy, filter, infoOf(tf, attrs.inputShape, filter.shape, attrs));
    }),
    kernel("Conv2DBackpropFilter", (memory, inputs, attrs) => {
      const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo };
      return filterGradient(memory, x, dy, infoOf(tf, x.shape, attrs.filterShape, attrs));
    }),
  ];
}

type Attributes = Conv2DAttrs & { readonly inputShape: number[]; readonly filterShape: number[] };

function kernel(
  kernelName: string,
  compute: (memory: WasmMemory, inputs: object, attrs: Attributes) => TensorInfo,
): KernelConfig {
  return {
    kernelName,
    backendName: "wasm",
    kernelFunc: ({ inputs, backend, attrs }) => compute(wasmMemory(backend), inputs, attrs as unknown as Attributes),
  };
}

function infoOf(tf: TensorFlow, inShape: readonly number[], filterShape: readonly number[], attrs: Attributes): Info {
  if (attrs.dataFormat === "NCHW") {
    throw new IncompatibleError("Conv2D: the wasm backend takes images with channels last (NHWC), got NCHW");
  }
  return tf.backend_util.computeConv2DInfo(
    inShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    attrs.strides,
    attrs.dilations ?? 1,
    attrs.pad,
    attrs.dimRoundingMode,
  );
}

/** With a bias, max(0, … + bias). */
function forward(
  memory: WasmMemory,
  x: TensorInfo,
  filter: TensorInfo,
  info: Info,
  bias?: TensorInfo | undefined,
): TensorInfo {
  const { nets, address } = memory;
  const out = memory.output(info.outShape);
  if (goesByTiles(info)) {
    const { top, left } = info.padInfo;
    convolveByTiles(
      memory,
      info.batchSize,
      imagesOf(memory, x),
      imagesOf(memory, out),
      [top, left],
      address(filter),
      false,
      bias === undefined ? 0 : address(bias),
    );
    return out;
  }
  const depth = info.filterHeight * info.filterWidth * info.inChannels;
  memory.scratch(8 * Math.ceil(info.outChannels / 8) * depth, (packed) => {
    nets.packFilter(depth, info.outChannels, address(filter), packed);
    const { strideHeight, strideWidth, dilationHeight, dilationWidth } = info;
    convolveBands(memory, {
      count: info.batchSize,
      source: imagesOf(memory, x),
      target: imagesOf(memory, out),
      taps: [info.filterHeight, info.filterWidth],
      stride: [strideHeight, strideWidth],
      dilation: [dilationHeight, dilationWidth],
      origin: [info.padInfo.top, info.padInfo.left],
      spread: [1, 1],
      packed,
    });
  });
  if (bias !== undefined) {
    const pixels = info.batchSize * info.outHeight * info.outWidth;
    nets.rectify(pixels, info.outChannels, address(bias), address(out));
  }
  return out;
}

/** The convolution of dy, spread out by the stride, with the filter turned round. */
function inputGradient(memory: WasmMemory, dy: TensorInfo, filter: TensorInfo, info: Info): TensorInfo {
  const { nets, address } = memory;
  const dx = memory.output(info.inShape);
  const taps = info.filterHeight * info.filterWidth;
  const { dilationHeight, dilationWidth, padInfo } = info;
  if (goesByTiles(info)) {
    const origin = [2 - padInfo.top, 2 - padInfo.left] as const;
    convolveByTiles(
      memory,
      info.batchSize,
      imagesOf(memory, dy),
      imagesOf(memory, dx),
      origin,
      address(filter),
      true,
      0,
    );
    return dx;
  }
  memory.scratch(8 * Math.ceil(info.inChannels / 8) * taps * info.outChannels, (packed) => {
    nets.packFlippedFilter(taps, info.inChannels, info.outChannels, address(filter), packed);
    convolveBands(memory, {
      count: info.batchSize,
      source: imagesOf(memory, dy),
      target: imagesOf(memory, dx),
      taps: [info.filterHeight, info.filterWidth],
      stride: [1, 1],
      dilation: [dilationHeight, dilationWidth],
      origin: [
        (info.filterHeight - 1) * dilationHeight - padInfo.top,
        (info.filterWidth - 1) * dilationWidth - padInfo.left,
      ],
      spread: [info.strideHeight, info.strideWidth],
      packed,
    });
  });
  return dx;
}

function imagesOf(memory: WasmMemory, tensor: TensorInfo): Images {
  const [, height, width, channels] = tensor.shape as [number, number, number, number];
  return { at: memory.address(tensor), height, width, channels };
}

interface Bands {
  readonly count: number;
  readonly source: Images;
  readonly target: Images;
  readonly taps: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  /** Where the first pixel of the source lies in the padded image. */
  readonly origin: readonly [number, number];
  /** Distance of source pixels in the padded image. */
  readonly spread: readonly [number, number];
  readonly packed: number;
}

function convolveBands(memory: WasmMemory, bands: Bands): void {
  const { count, source, target, taps, stride, dilation, origin, spread, packed } = bands;
  const reach = (taps[0] - 1) * dilation[0] + 1;
  const width = (target.width - 1) * stride[1] + (taps[1] - 1) * dilation[1] + 1;
  const rows = rowsOfBand(target.height, stride[0], reach, width * source.channels);
  const { nets } = memory;
  memory.scratch(((rows - 1) * stride[0] + reach) * width * source.channels, (padded) => {
    for (let i = 0; i < count; i++) {
      const from = source.at + 4 * i * source.height * source.width * source.channels;
      const to = target.at + 4 * i * target.height * target.width * target.channels;
      for (let row = 0; row < target.height; row += rows) {
        const n = Math.min(rows, target.height - row);
        nets.padImage(
          ...[source.height, source.width, source.channels],
          ...[(n - 1) * stride[0] + reach, width, source.channels],
          ...[origin[0] - row * stride[0], origin[1], spread[0], spread[1], from, padded],
        );
        nets.convolve(
          ...[n, target.width, target.channels, taps[0] * taps[1], taps[1], source.channels],
          ...[stride[0], stride[1], dilation[0], dilation[1]],
          ...[width, padded, packed, 0, to + 4 * row * target.width * target.channels],
        );
      }
    }
  });
}

function rowsOfBand(height: number, stride: number, reach: number, rowLength: number): number {
  const padded = Math.floor(BAND / rowLength);
  return Math.min(height, Math.max(1, Math.floor((padded - reach) / stride) + 1));
}

function filterGradient(memory: WasmMemory, x: TensorInfo, dy: TensorInfo, info: Info): TensorInfo {
  const { nets, address } = memory;
  const gradient = memory.output(info.filterShape, "zeros");
  if (goesByTiles(info)) {
    const { top, left } = info.padInfo;
    filterGradientByTiles(
      memory,
      info.batchSize,
      imagesOf(memory, x),
      imagesOf(memory, dy),
      [top, left],
      address(gradient),
    );
    return gradient;
  }
  const { inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, filterHeight, filterWidth } = info;
  const { strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo } = info;
  const reach = (filterHeight - 1) * dilationHeight + 1;
  const width = (outWidth - 1) * strideWidth + (filterWidth - 1) * dilationWidth + 1;
  const rows = rowsOfBand(outHeight, strideHeight, reach, width * inChannels);
  const imageSize = 4 * Math.ceil((((rows - 1) * strideHeight + reach) * width * inChannels) / 4) + 4;
  const channels = 8 * Math.ceil(outChannels / 8);
  const dySize = channels === outChannels ? 0 : rows * outWidth * channels;
  memory.scratch(imageSize + dySize, (padded) => {
    for (let i = 0; i < info.batchSize; i++) {
      const from = address(x) + 4 * i * inHeight * inWidth * inChannels;
      for (let row = 0; row < outHeight; row += rows) {
        const n = Math.min(rows, outHeight - row);
        let gradients = address(dy) + 4 * (i * outHeight + row) * outWidth * outChannels;
        nets.padImage(
          ...[inHeight, inWidth, inChannels, (n - 1) * strideHeight + reach, width, inChannels],
          ...[padInfo.top - row * strideHeight, padInfo.left, 1, 1, from, padded],
        );
        if (dySize > 0) {
          const filled = padded + 4 * imageSize;
          nets.padImage(n, outWidth, outChannels, n, outWidth, channels, 0, 0, 1, 1, gradients, filled);
          gradients = filled;
        }
        nets.filterGradient(
          ...[n, outWidth, outChannels, channels, filterHeight, filterWidth, inChannels],
          ...[strideHeight, strideWidth, dilationHeight, dilationWidth],
          ...[width, padded, gradients, address(gradient)],
        );
      }
    }
  });
  return gradient;
}
