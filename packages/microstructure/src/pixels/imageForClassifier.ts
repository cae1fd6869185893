import { createRaster, IncompatibleError, type Raster } from "@materiome/core";
import type { MicrographSegmenter } from "./micrographSegmenter.ts";

/**
 * What becomes of an image that is coloured where the model's training images were grey, or the reverse: it is refused, or converted: of a
 * coloured one the luma is taken, of a grey one the grey as red, green and blue.
 */
export type OtherColour = "refuse" | "convert";

interface AnyImage<G, C> {
  readonly grey: G;
  readonly colour?: C | undefined;
  /** Where the colours were not kept. @defaultValue whether there are colours */
  readonly isColoured?: boolean | undefined;
}

export interface ImageForClassifier<G, C> {
  readonly image: G | C;
  /** What was done to it, for the record. */
  readonly notes: readonly string[];
}

/**
 * The image that a classifier takes: the grey, or the colours. A file with three channels that agree in every pixel is grey.
 *
 * @param asColour - the grey as red, green and blue
 * @throws IncompatibleError for a coloured image and a model of grey ones, or the reverse, unless it is to be converted
 */
export function imageForClassifier<G, C>(
  { channels }: Pick<MicrographSegmenter, "channels">,
  { grey, colour, isColoured = colour !== undefined }: AnyImage<G, C>,
  otherColour: OtherColour | undefined,
  asColour: (grey: G) => C,
): ImageForClassifier<G, C> {
  if (channels === "grey" && !isColoured) return { image: grey, notes: [] };
  if (channels === "colour" && colour !== undefined) return { image: colour, notes: [] };
  const [is, were, becomes] =
    channels === "grey"
      ? ["coloured", "grey", "its luma is taken"]
      : ["grey", "coloured", "the grey is taken as red, green and blue"];
  if (otherColour === "convert") {
    const image = channels === "grey" ? grey : asColour(grey);
    return { image, notes: [`the image is ${is}, those the model was trained on were ${were}: ${becomes}`] };
  }
  throw new IncompatibleError(
    `the image is ${is}${howColoured(colour)}, those the model was trained on were ${were}; train on ${is} images, or use otherColour "convert" (on the command line --other-colour convert): ${becomes}`,
  );
}

/** The grey of an image in memory as red, green and blue. */
export function greyAsColour({ data, width, height, pixelSizeUm }: Raster<Float32Array>): Raster<Float32Array> {
  const colour = new Float32Array(3 * data.length);
  for (let k = 0; k < colour.length; k++) colour[k] = data[Math.floor(k / 3)]!; // below length
  return createRaster(colour, width, height, { channels: 3, pixelSizeUm });
}

/** Of an image in memory: in how much of it channels differ, which tells a coloured scale bar from a coloured image. */
function howColoured(colour: unknown): string {
  const { data } = (colour ?? {}) as Partial<Raster<Float32Array>>;
  if (data === undefined) return "";
  let [n, most] = [0, 0];
  for (let k = 0; k < data.length; k += 3) {
    const [red, green, blue] = [data[k]!, data[k + 1]!, data[k + 2]!]; // three a pixel
    const range = Math.max(red, green, blue) - Math.min(red, green, blue);
    if (range > 0) n++;
    most = Math.max(most, range);
  }
  return ` (red, green and blue differ in ${((300 * n) / data.length).toPrecision(2)} % of the pixels, by ${most.toPrecision(2)} of full scale at most)`;
}
