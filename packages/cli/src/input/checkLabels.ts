import { DataError, type LabelMap } from "@materiome/core";

/** A micrograph that labels are to fit. */
export interface LabelledSize {
  readonly file: string;
  readonly width: number;
  readonly height: number;
  /** That was cut off it. */
  readonly dataBar?: { readonly rows: number } | null | undefined;
  /** Whether a data bar may yet be found and cut off. */
  readonly mayLackRows?: boolean | undefined;
}

interface LabelFile {
  readonly file: string;
  readonly labels: LabelMap;
}

/** @throws DataError, naming the file and the way out, for labels of another size than the micrograph's */
export function checkLabelSize({ file, labels }: LabelFile, image: LabelledSize): void {
  const { width, height, dataBar, mayLackRows = false } = image;
  if (labels.width === width && (labels.height === height || (mayLackRows && labels.height < height))) return;
  const found = `has ${labels.width} × ${labels.height} px, its micrograph ${image.file} ${width} × ${height}`;
  const isWithBar = dataBar && labels.width === width && labels.height === height + dataBar.rows;
  throw new DataError(
    isWithBar
      ? `${found} without its data bar of ${dataBar.rows} rows, which is cut off; use --data-bar keep, or cut these rows off the labels too`
      : `${found}; they must be equal: give labels that were drawn on this image, in the order of the micrographs${dataBar ? ` (a data bar of ${dataBar.rows} rows was cut off; --data-bar keep leaves it)` : ""}`,
    { location: { file } },
  );
}

/** @throws DataError, naming the file, for numbers that are no class */
export function checkLabelNumbers({ file, labels }: LabelFile, classes: readonly string[]): void {
  const largest = labels.data.reduce((most, label) => Math.max(most, label), 0);
  if (largest <= classes.length) return;
  throw new DataError(
    `holds label ${largest}, but there ${classes.length === 1 ? "is 1 class" : `are ${classes.length} classes`} (${classes.join(", ")}); number them as in training, from 1, and 0 where nothing is known`,
    { location: { file } },
  );
}
