import { FormatError } from "@materiome/core";
import { decodePixels, type OpenedImage } from "./openImage.ts";

/** Samples of an image as the file holds them, channels interleaved. */
export interface Samples {
  readonly values: Uint8Array | Uint16Array | Float64Array | Float32Array;
  /** 1 or 3. */
  readonly channels: number;
  /** Of integers without a sign up to 16 bits, 255 or 65535; undefined where the type has no scale of its own. */
  readonly fullScale: number | undefined;
  readonly bitDepth: 8 | 16 | 32;
}

/** Part of an image, px. */
export interface DecodeRegion {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Decodes an opened image, or a part of it, without changing values; transparency is dropped.
 *
 * @throws FormatError for sample types that the decoder would change (signed 16 bits, 16-bit float), for other numbers of
 *   channels than grey or RGB, and for data that are truncated or damaged
 */
export async function decodeSamples(image: OpenedImage, region?: DecodeRegion): Promise<Samples> {
  const { path, metadata } = image;
  const channels = metadata.channels - (metadata.hasAlpha ? 1 : 0);
  const refuse = (message: string): FormatError => new FormatError(message, { location: { file: path } });
  if (channels !== 1 && channels !== 3) {
    throw refuse(`has ${channels} channels; expected grey or RGB, so save one channel at a time`);
  }
  const depth = metadata.depth ?? "unknown";
  const bits = metadata.bitsPerSample;
  if (depth === "short" || (depth === "float" && bits === 16) || !(depth in BIT_DEPTHS)) {
    throw refuse(`has samples of ${bits ?? ""} bits of type ${depth}, which are not read; save it as 32-bit float`);
  }
  let decoder = metadata.hasAlpha ? image.decoder().removeAlpha() : image.decoder();
  if (region !== undefined) decoder = decoder.extract(region);
  const isGrey = channels === 1;
  const bitDepth = BIT_DEPTHS[depth as keyof typeof BIT_DEPTHS];
  if (depth === "uchar") {
    const pipeline = decoder.toColourspace(isGrey ? "b-w" : "srgb").raw({ depth: "uchar" });
    return { values: (await decodePixels(path, pipeline)).data, channels, fullScale: 255, bitDepth };
  }
  // Without the 16-bit colour space sharp reduces to 8 bits, whatever the depth asked for.
  if (depth === "ushort") {
    const pipeline = decoder.toColourspace(isGrey ? "grey16" : "rgb16").raw({ depth: "ushort" });
    const { data } = await decodePixels(path, pipeline);
    const values = new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2);
    return { values, channels, fullScale: 65_535, bitDepth };
  }
  const isFloat = depth === "float";
  const pipeline = decoder
    .toColourspace(isGrey ? "b-w" : "scrgb") // the space that floating-point colour has in the file: no conversion
    .raw({ depth: isFloat ? "float" : "double" });
  const { data } = await decodePixels(path, pipeline);
  const bytes = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
  const values = isFloat ? new Float32Array(bytes) : new Float64Array(bytes);
  return { values, channels, fullScale: undefined, bitDepth };
}

const BIT_DEPTHS = { uchar: 8, char: 8, ushort: 16, uint: 32, int: 32, float: 32 } as const;
