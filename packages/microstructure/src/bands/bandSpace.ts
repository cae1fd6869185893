import { DomainError } from "@materiome/core";
import { fileStore, memoryStore, type RowStore, type StoreTypes } from "./rowStore.ts";

/** Rows of one band, `from` … `to` − 1, and with the rows around it that its work needs, `top` … `bottom` − 1. */
export interface Band {
  readonly index: number;
  readonly from: number;
  readonly to: number;
  readonly top: number;
  readonly bottom: number;
}

/**
 * How an image is worked on: in bands over its whole width, from top to bottom. With bands over the whole width, sums
 * taken band by band add the pixels in raster order, as over the whole image, so that results are the same to the last bit.
 */
export interface BandSpace {
  readonly width: number;
  readonly height: number;
  readonly nBands: number;
  band(index: number, halo: number): Band;
  /** All bands from top to bottom. */
  bands(halo: number): Band[];
  /** An empty store of the size of the image, or of another. */
  store<K extends keyof StoreTypes>(type: K, size?: StoreSize): RowStore<StoreTypes[K]>;
  /** An image of another size, in bands of about as many pixels. Its stores count among those of this one. */
  ofSize(width: number, height: number): BandSpace;
  /** The same of the image with rows and columns exchanged. */
  transposed(): BandSpace;
  /** Closes every store that is still open. */
  close(): void;
}

export interface StoreSize {
  readonly width: number;
  readonly height: number;
}

export interface BandSpaceOptions {
  /** Rows of a band. @defaultValue all: one band */
  readonly bandRows?: number | undefined;
  /** Folder for the files that hold what does not fit in memory. @defaultValue everything is kept in memory */
  readonly folder?: string | undefined;
}

/**
 * Divides an image into bands of rows.
 *
 * @throws DomainError for sizes or rows that are no positive whole numbers
 * @example
 * const space = bandSpace(16384, 16384, { bandRows: 256, folder: "scratch" });
 */
export function bandSpace(width: number, height: number, options: BandSpaceOptions = {}): BandSpace {
  for (const [name, value] of Object.entries({ width, height, bandRows: options.bandRows ?? 1 })) {
    if (!(Number.isSafeInteger(value) && value >= 1)) {
      throw new DomainError(`bandSpace: ${name} must be a positive whole number, got ${value}`);
    }
  }
  return openSpace(width, height, options.bandRows ?? height, options.folder, new Set());
}

/** @param open - closes every store that is still open */
function openSpace(
  width: number,
  height: number,
  mostRows: number,
  folder: string | undefined,
  open: Set<() => void>,
): BandSpace {
  const bandRows = Math.min(height, mostRows);
  const nBands = Math.ceil(height / bandRows);
  const band = (index: number, halo: number): Band => {
    const from = index * bandRows;
    const to = Math.min(height, from + bandRows);
    return { index, from, to, top: Math.max(0, from - halo), bottom: Math.min(height, to + halo) };
  };
  const ofSize = (otherWidth: number, otherHeight: number): BandSpace => {
    const rows = nBands === 1 ? otherHeight : Math.max(1, Math.round((bandRows * width) / otherWidth));
    return openSpace(otherWidth, otherHeight, rows, folder, open);
  };
  return {
    width,
    height,
    nBands,
    band,
    bands: (halo) => Array.from({ length: nBands }, (_, index) => band(index, halo)),
    store(type, size = { width, height }) {
      const store =
        folder === undefined
          ? memoryStore(type, size.width, size.height)
          : fileStore(type, size.width, size.height, folder);
      const close = (): void => {
        if (open.delete(close)) store.close();
      };
      open.add(close);
      return { ...store, close };
    },
    ofSize,
    transposed: () => ofSize(height, width),
    close() {
      for (const close of open) close();
    },
  };
}
