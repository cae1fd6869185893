import { IncompatibleError } from "@materiome/core";
import type { OnnxHeader, OnnxPortHeader } from "../../onnx/readOnnxHeader.ts";
import { checkLargest, outputChannels, type SegmenterDescription } from "./segmenterDescription.ts";

/** Sizes that a graph fixes; absent where they are free. */
export interface GraphSizes {
  readonly batch?: number | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

/**
 * Checks that a graph takes and gives what its description says.
 * @throws IncompatibleError for other inputs, outputs, types, ranks or channels; FormatError for sizes that the tiling does not allow
 */
export function checkGraph(who: string, header: OnnxHeader, description: SegmenterDescription): GraphSizes {
  const { input, output, tiling } = description;
  if (header.externalTensor !== undefined) {
    throw new IncompatibleError(
      `${who}: the weights "${header.externalTensor}" lie in another file; save the network as one file (onnx.save with save_as_external_data=False)`,
    );
  }
  const names = (ports: readonly OnnxPortHeader[]): string => ports.map(({ name }) => `"${name}"`).join(", ");
  const others = header.inputs.filter(({ name }) => name !== input.name);
  const taken = header.inputs.find(({ name }) => name === input.name);
  if (taken === undefined || others.length > 0) {
    throw new IncompatibleError(
      `${who}: the network takes ${names(header.inputs)}, the description gives it one image as "${input.name}"`,
      { location: { key: "input.name" } },
    );
  }
  const given = header.outputs.find(({ name }) => name === output.name);
  if (given === undefined) {
    throw new IncompatibleError(
      `${who}: the network has no output "${output.name}"; it gives ${names(header.outputs)}`,
      { location: { key: "output.name" } },
    );
  }
  const [batch, channels, height, width] = axes(who, "input", taken, input.layout);
  const [, found, outHeight, outWidth] = axes(who, "output", given, output.layout);
  if (channels !== undefined && channels !== input.channels) {
    throw new IncompatibleError(
      `${who}: input "${input.name}" takes ${channels} channels (${input.layout}), the description says ${input.channels}`,
      { location: { key: "input.channels" } },
    );
  }
  const expected = outputChannels(description);
  if (found !== undefined && found !== expected) {
    const labels = description.targets.flatMap((target) => target.labels);
    throw new IncompatibleError(
      `${who}: output "${output.name}" has ${found} channels (${output.layout}), the description ${labels.length} classes (${labels.join(", ")}); list them all in the order of the channels, or name output.foreground where one channel tells two classes apart`,
      { location: { key: "classes" } },
    );
  }
  for (const [side, other] of [
    [height, outHeight],
    [width, outWidth],
  ] as const) {
    if (side === undefined || other === undefined || side === other) continue;
    throw new IncompatibleError(
      `${who}: the network gives ${other} px for ${side} px; export it with its last upsampling, so that every pixel has a score`,
    );
  }
  const { multiple, halo } = tiling;
  for (const side of [width, height]) if (side !== undefined) checkLargest(who, [side, side], multiple, halo);
  return { batch, width, height };
}

/** Sizes of batch, channels, height and width. */
function axes(
  who: string,
  what: string,
  { name, type, dims }: OnnxPortHeader,
  layout: "NCHW" | "NHWC",
): readonly (number | undefined)[] {
  if (type !== "float" || (dims !== undefined && dims.length !== 4)) {
    const shape = dims === undefined ? "" : ` [${dims.map((size) => size ?? "free").join(", ")}]`;
    const remedy =
      what === "output"
        ? "export scores of the classes rather than their numbers"
        : "export the network for single precision";
    throw new IncompatibleError(
      `${who}: ${what} "${name}" is ${type}${shape}, expected float with four axes (${layout}); ${remedy}`,
    );
  }
  const [n, a, b, c] = dims ?? [];
  return layout === "NCHW" ? [n, a, b, c] : [n, c, a, b];
}
