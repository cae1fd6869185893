import { type BandSpace, bandSpace } from "../bands/bandSpace.ts";
import { eachBand } from "../bands/eachBand.ts";
import type { RowReader } from "../bands/rowStore.ts";
import { rowWindow } from "../bands/rowWindow.ts";
import { type CalibrationSource, resolveCalibration } from "../image/calibration.ts";
import { type DataBar, findBarRows } from "../image/dataBar.ts";
import { fileCalibration } from "../image/fileCalibration.ts";
import { greyWarning } from "../image/greyWarning.ts";
import { withReadingNotes } from "../image/readingNotes.ts";
import type { MicrographRows } from "../segment/segmentMicrographBands.ts";
import { openMosaic, storeMosaic } from "./openMosaic.ts";

/** How a mosaic is to be read. */
export interface PictureRequest {
  readonly file: string;
  /** For scratch data. */
  readonly folder: string;
  readonly pixelSizeUm?: number | undefined;
  readonly dataBar?: "crop" | "keep" | undefined;
  readonly bandPixels: number;
}

/** A mosaic in stores, without its data bar. */
export interface StoredPicture {
  readonly space: BandSpace;
  readonly picture: MicrographRows;
  readonly isColoured: boolean;
  readonly pixelSizeUm: number | undefined;
  /** What reading it gave to say. */
  readonly notes: readonly string[];
  readonly record: PictureRecord;
}

/** How a mosaic was read. */
export interface PictureRecord {
  /** Null without calibration. */
  readonly calibrationSource: CalibrationSource | null;
  /** As the instrument states it; null where it does not. */
  readonly magnification: number | null;
  /** The strip that was cut off before; null where there was none. */
  readonly dataBar: Pick<DataBar, "side" | "rows" | "reason"> | null;
}

/**
 * Reads a mosaic into stores, gives it to `work`, and closes the stores.
 *
 * @param check - of the size, before any pixel is read
 */
export async function withStoredPicture<T>(
  request: PictureRequest,
  hasColour: boolean,
  work: (stored: StoredPicture) => Promise<T>,
  check: (size: Pick<BandSpace, "width" | "height">) => void = () => undefined,
): Promise<T> {
  const image = await openMosaic(request.file);
  check(image);
  const { width } = image;
  const { findings, scannedRows } = await fileCalibration(image);
  const { calibration, warnings } = resolveCalibration(request.pixelSizeUm, findings);
  const layout = { bandRows: Math.max(16, Math.floor(request.bandPixels / width)), folder: request.folder };
  const whole = bandSpace(width, image.height, layout);
  let space = whole;
  try {
    const stored = await storeMosaic(image, whole, { hasColour });
    const bar = request.dataBar === "keep" ? undefined : findBarRows(stored.grey, scannedRows);
    const picture = bar === undefined ? stored : withoutBar(stored, bar);
    if (bar !== undefined) space = bandSpace(width, image.height - bar.rows, layout);
    const doubt = greyWarning(eachBand(space, picture.grey));
    const notes = [...image.warnings, ...warnings, ...(doubt === undefined ? [] : [doubt])];
    const record = {
      calibrationSource: calibration?.source ?? null,
      magnification: calibration?.magnification ?? null,
      dataBar: bar === undefined ? null : { side: bar.side, rows: bar.rows, reason: bar.reason },
    };
    try {
      return await work({
        space,
        picture,
        isColoured: stored.isColoured,
        pixelSizeUm: calibration?.pixelSizeUm,
        notes,
        record,
      });
    } catch (cause) {
      throw withReadingNotes(cause, notes);
    }
  } finally {
    whole.close();
    space.close();
  }
}

/** The picture above or below its data bar. */
function withoutBar({ grey, colour }: MicrographRows, { side, top, rows }: DataBar): MicrographRows {
  const [from, to] = side === "bottom" ? [0, top] : [rows, grey.height];
  const cut = (channel: RowReader<Float32Array>): RowReader<Float32Array> => rowWindow(channel, from, to);
  if (colour === undefined) return { grey: cut(grey) };
  const [red, green, blue] = colour;
  return { grey: cut(grey), colour: [cut(red), cut(green), cut(blue)] };
}
