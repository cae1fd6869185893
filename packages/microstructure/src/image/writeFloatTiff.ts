import { DomainError, type Raster, writeFileAtomic } from "@materiome/core";
import { encodeTiff } from "./encodeTiff.ts";
import { metadataOfName, type WriteLabelTiffOptions } from "./writeLabelTiff.ts";

export interface WriteFloatTiffOptions extends WriteLabelTiffOptions {
  /** Names of the channels, such as the classes of a probability map. @defaultValue none */
  readonly names?: readonly string[] | undefined;
}

/**
 * Bytes of the file that `writeFloatTiff` writes.
 *
 * @example
 * const bytes = encodeFloatTiff(probabilities, { names: ["matrix", "carbide"] });
 */
export function encodeFloatTiff(map: Raster<Float32Array>, options: WriteFloatTiffOptions = {}): Uint8Array {
  const { data, width, height, channels, pixelSizeUm } = map;
  if (options.names !== undefined && options.names.length !== channels) {
    throw new DomainError(`writeFloatTiff: ${options.names.length} names for ${channels} channels; give one each`);
  }
  const planes: Float32Array[] = [];
  for (let c = 0; c < channels; c++) {
    const plane = new Float32Array(width * height);
    for (let i = 0, k = c; i < plane.length; i++, k += channels) plane[i] = data[k]!; // width × height × channels
    planes.push(plane);
  }
  return encodeTiff(planes, width, height, { pixelSizeUm, ...options });
}

/**
 * Writes a map of 32-bit floats (probabilities, uncertainty, features) as TIFF, a page for each channel, values as they are,
 * calibrated where the map is; ImageJ opens it as a hyperstack. The file appears whole or not at all.
 *
 * @throws DomainError if the names are not one a channel
 * @throws DataError if the folder is missing or not writable
 * @example
 * await writeFloatTiff("steel.probabilities.tif", probabilities, { names: ["matrix", "pearlite"] });
 */
export async function writeFloatTiff(
  path: string,
  map: Raster<Float32Array>,
  options: WriteFloatTiffOptions = {},
): Promise<void> {
  const metadata = options.metadata ?? metadataOfName(path);
  await writeFileAtomic(path, encodeFloatTiff(map, { ...options, metadata }));
}
