import { createRaster, DataError, IncompatibleError, type Raster } from "@materiome/core";
import { readMicrograph } from "@materiome/microstructure";
import { fitImage } from "@materiome/microstructure/patches";
import { imageContent } from "../input/imageContent.ts";
import type { Session } from "../terminal/session.ts";

/** How image files become what a network takes; kept with it. */
export interface ImagePreparation {
  readonly widthPx: number;
  readonly heightPx: number;
  /** exact: files of one size (and all brought to another, if so); resize: of any size; crop: the middle. */
  readonly fit: "exact" | "resize" | "crop";
  /** Size of the files with `exact`. */
  readonly fileWidthPx: number;
  readonly fileHeightPx: number;
  readonly channels: "grey" | "colour";
  /** Whether images of the other kind are converted. */
  readonly isConverted: boolean;
  readonly dataBar: "crop" | "keep";
  /** Edge of a pixel of the files, µm; null where they have none, or several. */
  readonly pixelSizeUm: number | null;
}

export interface PrepareOptions {
  readonly size?: readonly [number, number] | undefined;
  readonly fit?: ImagePreparation["fit"] | undefined;
  readonly channels?: "grey" | "colour" | undefined;
  readonly dataBar?: "crop" | "keep" | undefined;
}

export interface PreparedImages {
  readonly images: readonly Raster<Float32Array>[];
  readonly preparation: ImagePreparation;
  /** Equal for files that hold the same pixels. */
  readonly contents: readonly string[];
  readonly warnings: readonly string[];
}

/** Longer edge of images that nobody gave a size for. */
const LARGEST_PX = 256;

interface Fitted {
  readonly grey: Raster<Float32Array>;
  readonly colour: Raster<Float32Array> | undefined;
}

/**
 * Reads images to learn from, and finds how they are prepared.
 *
 * @throws DataError, naming the file, for images of other sizes or kinds than the first; what `readMicrograph` throws
 */
export async function readTrainingImages(
  files: readonly string[],
  options: PrepareOptions,
  session: Session,
): Promise<PreparedImages> {
  const { fit = "exact", dataBar = "crop" } = options;
  const found: Fitted[] = [];
  const contents: string[] = [];
  const pixelSizes = new Set<number | undefined>();
  let size: Pick<ImagePreparation, "widthPx" | "heightPx" | "fileWidthPx" | "fileHeightPx"> | undefined;
  for (const [k, file] of files.entries()) {
    session.signal.throwIfAborted();
    const { grey, colour } = await readMicrograph(file, { dataBar });
    size ??= { ...sizeFor(grey, options), fileWidthPx: grey.width, fileHeightPx: grey.height };
    found.push(fitted(file, { grey, colour }, { ...size, fit }));
    contents.push(imageContent(colour ?? grey));
    pixelSizes.add(grey.pixelSizeUm);
    session.onProgress({ stage: "read images", done: k + 1, total: files.length });
  }
  if (size === undefined) throw new DataError("there are no images");
  if (size.widthPx < size.fileWidthPx && options.size === undefined) {
    session.note(
      `images of ${size.fileWidthPx} × ${size.fileHeightPx} px are brought to ${size.widthPx} × ${size.heightPx}; --size ${size.fileWidthPx}x${size.fileHeightPx} keeps them, at more time`,
    );
  }
  const nColoured = found.filter(({ colour }) => colour !== undefined).length;
  const { channels = nColoured === found.length ? "colour" : "grey" } = options;
  const [first] = [...found.keys()].filter((k) => (found[k]?.colour !== undefined) !== (channels === "colour"));
  if (options.channels === undefined && nColoured > 0 && nColoured < found.length) {
    throw new DataError(
      `is ${nColoured < found.length / 2 ? "" : "not "}coloured, unlike others (${nColoured} of ${found.length} are); use --channels grey, which takes the luma of colours, or --channels colour`,
      { location: { file: files[first ?? 0] ?? "" } },
    );
  }
  const known = [...pixelSizes];
  const [one] = known;
  const numbers = known.filter((value) => value !== undefined);
  const isMixed = numbers.length > 1 && Math.max(...numbers) > 1.05 * Math.min(...numbers);
  return {
    images: found.map((image) => ofKind(image, channels)),
    preparation: {
      ...{ ...size, fit, channels, dataBar },
      isConverted: options.channels !== undefined,
      pixelSizeUm: known.length === 1 && one !== undefined ? one : null,
    },
    contents,
    warnings: isMixed
      ? [
          `pixels are ${Math.min(...numbers)} … ${Math.max(...numbers)} µm: what the images show differs in scale as well`,
        ]
      : [],
  };
}

/**
 * Reads an image for a network.
 *
 * @throws IncompatibleError, naming the file, for another size, scale or kind than the training images had
 */
export async function readImageFor(
  preparation: ImagePreparation,
  file: string,
  rules: {
    readonly pixelSizeUm?: number | undefined;
    readonly otherScale: "refuse" | "ignore";
    readonly otherColour: "refuse" | "convert";
  },
): Promise<{
  readonly image: Raster<Float32Array>;
  readonly content: string;
  /** Whether its pixel size is not known, where that of the training images is. */
  readonly isUnscaled: boolean;
}> {
  const { grey, colour } = await readMicrograph(file, { dataBar: preparation.dataBar, pixelSizeUm: rules.pixelSizeUm });
  const { channels, isConverted, pixelSizeUm } = preparation;
  const location = { file };
  const isColoured = colour !== undefined;
  if (isColoured !== (channels === "colour") && !isConverted && rules.otherColour === "refuse") {
    throw new IncompatibleError(
      `is ${isColoured ? "coloured" : "grey"}, the training images were ${isColoured ? "grey" : "coloured"}; use --other-colour convert, or train with --channels`,
      { location },
    );
  }
  const own = grey.pixelSizeUm;
  if (
    rules.otherScale === "refuse" &&
    pixelSizeUm !== null &&
    own !== undefined &&
    Math.abs(Math.log(own / pixelSizeUm)) > Math.log(1.05)
  ) {
    throw new IncompatibleError(
      `has pixels of ${own} µm, the training images of ${pixelSizeUm} µm; resample it, or take it as it is with --other-scale ignore`,
      { location },
    );
  }
  return {
    image: ofKind(fitted(file, { grey, colour }, preparation), channels),
    content: imageContent(colour ?? grey),
    isUnscaled: pixelSizeUm !== null && own === undefined && rules.otherScale === "refuse",
  };
}

function sizeFor(
  grey: Raster<Float32Array>,
  { size }: PrepareOptions,
): { readonly widthPx: number; readonly heightPx: number } {
  if (size !== undefined) return { widthPx: size[0], heightPx: size[1] };
  const factor = Math.min(1, LARGEST_PX / Math.max(grey.width, grey.height));
  return { widthPx: Math.round(factor * grey.width), heightPx: Math.round(factor * grey.height) };
}

function fitted(
  file: string,
  { grey, colour }: Fitted,
  {
    widthPx,
    heightPx,
    fit,
    fileWidthPx,
    fileHeightPx,
  }: Pick<ImagePreparation, "widthPx" | "heightPx" | "fit" | "fileWidthPx" | "fileHeightPx">,
): Fitted {
  if (fit === "exact" && (grey.width !== fileWidthPx || grey.height !== fileHeightPx)) {
    throw new DataError(
      `has ${grey.width} × ${grey.height} px, others ${fileWidthPx} × ${fileHeightPx}; a network takes images of one size: train with --fit resize (which changes their scale), or --fit crop (which takes the middle)`,
      { location: { file } },
    );
  }
  if (fit === "crop" && (grey.width < widthPx || grey.height < heightPx)) {
    throw new DataError(
      `has ${grey.width} × ${grey.height} px, of which ${widthPx} × ${heightPx} cannot be cut; use a smaller --size`,
      {
        location: { file },
      },
    );
  }
  const how = { widthPx, heightPx, fit: fit === "crop" ? fit : "resize" } as const;
  return { grey: fitImage(grey, how), colour: colour && fitImage(colour, how) };
}

function ofKind({ grey, colour }: Fitted, channels: "grey" | "colour"): Raster<Float32Array> {
  if (channels === "grey") return grey;
  if (colour !== undefined) return colour;
  const { data, width, height } = grey;
  const planes = Float32Array.from({ length: 3 * data.length }, (_, k) => data[Math.floor(k / 3)] as number); // below length
  return createRaster(planes, width, height, { channels: 3 });
}
