import type { ColumnKind, ColumnRole } from "@materiome/core";
import { FormatError } from "@materiome/core";

/** One column of a dataset's table. `roleReason` says why the role differs from the one its publisher would give. */
export interface DatasetColumn {
  readonly name: string;
  readonly role: ColumnRole;
  /** "" where the quantity has none. */
  readonly unit: string;
  readonly kind: ColumnKind;
  readonly description: string;
  readonly roleReason?: string | undefined;
}

/** One CSV file of a dataset. Without a header line the columns are in file order. */
export interface DatasetTable {
  readonly file: string;
  readonly nRows: number;
  readonly header: boolean;
  readonly note?: string | undefined;
  readonly columns: readonly DatasetColumn[];
}

/** Quantity that the dataset is used to predict, and the metric it is compared by where one is customary. */
export interface DatasetTarget {
  readonly name: string;
  readonly unit: string;
  readonly direction?: "maximize" | "minimize" | undefined;
  readonly metric?: string | undefined;
}

/**
 * One file. `sha256` and `bytes` are of the file at `path`. `source` is its path in the source repository: the content
 * at the URL is the file itself, its unpacked content (`encoding: "gzip"`, with `contentSha256`), or what it was made
 * from (`converted` says how).
 */
export interface DatasetFile {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly source: string;
  readonly encoding?: "gzip" | undefined;
  readonly contentSha256?: string | undefined;
  readonly contentBytes?: number | undefined;
  readonly converted?: string | undefined;
}

/** An image with its mask, as paths of the dataset. */
export interface ImagePair {
  readonly image: string;
  readonly mask: string;
}

/** Official splits: the rule that makes the fold lists (`datasetFolds`), or named lists of image pairs (set → part → pairs). */
export interface DatasetSplits {
  readonly rule?: string | undefined;
  readonly folds?: number | undefined;
  readonly note?: string | undefined;
  readonly sets?: Readonly<Record<string, Readonly<Record<string, readonly ImagePair[]>>>> | undefined;
}

/** Everything known of a dataset except its rows. Format version 1. */
export interface DatasetManifest {
  readonly format: "materiome-dataset";
  readonly version: 1;
  readonly name: string;
  readonly title: string;
  readonly task: string;
  readonly licence: string;
  readonly citation: string;
  /** Repository and pinned commit; `url` holds `{path}` where the path in the repository goes. */
  readonly source: { readonly repository: string; readonly commit: string; readonly url: string };
  readonly nImages?: number | undefined;
  /** Pixel size in µm by file name pattern. */
  readonly pixelSizeUm?: Readonly<Record<string, number>> | undefined;
  readonly imageFormat?: string | undefined;
  readonly maskFormat?: string | undefined;
  readonly classes?: Readonly<Record<string, string>> | undefined;
  readonly tables: readonly DatasetTable[];
  readonly targets: readonly DatasetTarget[];
  readonly splits?: DatasetSplits | undefined;
  readonly publishedScores?: readonly unknown[] | undefined;
  readonly notes: readonly string[];
  readonly files: readonly DatasetFile[];
}

/** Checks that JSON read from a file is a manifest of a version this package reads. */
export function parseManifest(data: unknown, file: string): DatasetManifest {
  const manifest = data as Partial<DatasetManifest> | null;
  if (manifest === null || typeof manifest !== "object" || manifest.format !== "materiome-dataset") {
    throw new FormatError("not a dataset manifest: format is not materiome-dataset", { location: { file } });
  }
  if (manifest.version !== 1) {
    throw new FormatError(`manifest version ${String(manifest.version)}; this release reads version 1`, {
      location: { file },
    });
  }
  const missing = (["name", "title", "licence", "source", "tables", "targets", "notes", "files"] as const).filter(
    (key) => manifest[key] === undefined,
  );
  if (missing.length > 0) throw new FormatError(`manifest lacks ${missing.join(", ")}`, { location: { file } });
  return manifest as DatasetManifest;
}
