import { mkdir, statfs } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { isMateriomeError, type Progress } from "@materiome/core";
import { checkDatasetFile } from "./checkDataset.ts";
import { cacheFolder, type DataFolderOptions } from "./dataFolders.ts";
import { datasetFileUrl } from "./datasetFileUrl.ts";
import { DownloadError, download, type ExpectedContent } from "./download.ts";
import type { DatasetFile, DatasetManifest } from "./manifest.ts";
import { datasetInfo } from "./registry.ts";

/**
 * What became of one file: `fetched`; `present` (already there and verified, nothing was transferred); `failed`, with the
 * reason; `skipped`, with the reason: it cannot be fetched, or an earlier failure would befall it too.
 */
export interface FetchedFile {
  readonly path: string;
  readonly status: "fetched" | "present" | "failed" | "skipped";
  /** Where it lies, for `fetched` and `present`. */
  readonly file?: string | undefined;
  /** Bytes that came over the network. */
  readonly transferred: number;
  /** Bytes that an interrupted fetch had left and that were kept. */
  readonly resumed: number;
  readonly reason?: string | undefined;
}

/** Result of {@link fetchDataset}; `ok` is true where every file is there and verified. */
export interface FetchedDataset {
  readonly name: string;
  readonly folder: string;
  readonly ok: boolean;
  readonly files: readonly FetchedFile[];
}

export interface FetchDatasetOptions extends DataFolderOptions {
  /**
   * Address to fetch from instead of the source repository, with `{repository}`, `{commit}` and `{path}`.
   * @defaultValue the address in the manifest
   */
  readonly mirror?: string | undefined;
  /** Files at a time. @defaultValue 6 */
  readonly connections?: number | undefined;
  /** Attempts per file while the server is busy or the connection breaks. @defaultValue 3 */
  readonly attempts?: number | undefined;
  /** Wait before attempt k + 1: k times this, ms. @defaultValue 1000 */
  readonly retryDelayMs?: number | undefined;
  /** Longest silence of the server, ms. @defaultValue 30 000 */
  readonly silenceMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Bytes done of all bytes. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/**
 * Brings the files of a dataset to this machine: into `dataDir` where given, otherwise into the user's cache. A file that
 * one of the searched folders already holds with the right sha256 is left where it is. Interrupted transfers continue;
 * only whole, verified files get their name, and replace one in that folder that differs. Failures are recorded per file; an unreachable server or a full disk ends
 * the run, the files left over are `skipped`.
 *
 * @param dataset - name in the registry, or a manifest
 * @throws DataError for an unknown name; the reason of `signal`
 * @example
 * const { ok, files } = await fetchDataset("matbench-steels");
 * for (const file of files) if (file.reason !== undefined) console.error(file.path, file.reason);
 */
export async function fetchDataset(
  dataset: string | DatasetManifest,
  options: FetchDatasetOptions = {},
): Promise<FetchedDataset> {
  const manifest = typeof dataset === "string" ? datasetInfo(dataset) : dataset;
  const folder = join(options.dataDir ?? cacheFolder(options.env ?? process.env), manifest.name);
  const total = manifest.files.reduce((sum, file) => sum + contentOf(file).bytes, 0);
  const files: FetchedFile[] = [];
  let done = 0;
  const advance = (bytes: number): void => {
    done += bytes;
    options.onProgress?.({ stage: `fetch ${manifest.name}`, done: Math.min(done, total), total });
  };

  const queue: { readonly index: number; readonly file: DatasetFile }[] = [];
  for (const [index, file] of manifest.files.entries()) {
    options.signal?.throwIfAborted();
    const found = await checkDatasetFile(manifest.name, file, options);
    if (found.status === "ok") {
      files[index] = { path: file.path, status: "present", file: found.file, transferred: 0, resumed: 0 };
      advance(contentOf(file).bytes);
    } else if (found.file !== undefined && found.file !== placeOf(folder, file)) {
      const reason = `${found.file} differs from its checksum and would hide the right file; move it away, then fetch again`;
      files[index] = { path: file.path, status: "failed", transferred: 0, resumed: 0, reason };
    } else if (file.converted !== undefined) {
      const reason = `it is not published as such but made from ${datasetFileUrl(manifest, file)} (${file.converted}); make it and place it at ${join(folder, file.path)}`;
      files[index] = { path: file.path, status: "skipped", transferred: 0, resumed: 0, reason };
      advance(contentOf(file).bytes);
    } else {
      queue.push({ index, file });
    }
  }

  const needed = queue.reduce((sum, { file }) => sum + contentOf(file).bytes, 0);
  let stopped = queue.length === 0 ? undefined : await lackOfSpace(folder, needed);
  const next = queue[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (const { index, file } of next) {
      const path = file.path;
      if (stopped !== undefined) {
        files[index] = { path, status: "skipped", transferred: 0, resumed: 0, reason: stopped };
        continue;
      }
      const place = placeOf(folder, file);
      try {
        const outcome = await attempt(addressOf(manifest, file, options.mirror), place, file, options, advance);
        files[index] = { path, status: "fetched", file: place, ...outcome };
      } catch (error) {
        options.signal?.throwIfAborted();
        if (!isMateriomeError(error)) throw error;
        files[index] = { path, status: "failed", transferred: 0, resumed: 0, reason: error.message };
        if (error instanceof DownloadError && (error.kind === "unreachable" || error.kind === "disk")) {
          stopped = `not tried after ${path} failed: ${error.message}`;
        }
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, options.connections ?? 6) }, worker));
  const ok = files.every((file) => file.status === "fetched" || file.status === "present");
  return { name: manifest.name, folder, ok, files };
}

async function attempt(
  url: string,
  place: string,
  file: DatasetFile,
  options: FetchDatasetOptions,
  advance: (bytes: number) => void,
): Promise<{ readonly transferred: number; readonly resumed: number }> {
  const attempts = Math.max(1, options.attempts ?? 3);
  for (let k = 1; ; k++) {
    try {
      const outcome = await download(url, place, contentOf(file), {
        signal: options.signal,
        silenceMs: options.silenceMs,
        onBytes: advance,
      });
      if (outcome.resumed > 0 && k === 1) advance(outcome.resumed);
      return outcome;
    } catch (error) {
      if (!(error instanceof DownloadError && error.passing) || k === attempts) throw error;
      await wait(k * (options.retryDelayMs ?? 1000), undefined, { signal: options.signal }).catch(() => {
        options.signal?.throwIfAborted();
      });
    }
  }
}

/** The address delivers packed files unpacked, so that is how they are stored. */
function placeOf(folder: string, file: DatasetFile): string {
  const path = file.encoding === "gzip" ? file.path.replace(/\.gz$/, "") : file.path;
  return join(folder, ...path.split("/"));
}

function contentOf(file: DatasetFile): ExpectedContent {
  return file.encoding === "gzip"
    ? { sha256: file.contentSha256 ?? file.sha256, bytes: file.contentBytes ?? file.bytes }
    : { sha256: file.sha256, bytes: file.bytes };
}

function addressOf(manifest: DatasetManifest, file: DatasetFile, mirror: string | undefined): string {
  if (mirror === undefined) return datasetFileUrl(manifest, file);
  const { repository, commit } = manifest.source;
  const url = mirror.replace("{repository}", () => repository).replace("{commit}", () => commit);
  return datasetFileUrl({ ...manifest, source: { repository, commit, url } }, file);
}

async function lackOfSpace(folder: string, needed: number): Promise<string | undefined> {
  try {
    await mkdir(folder, { recursive: true });
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    if (free >= needed) return undefined;
    return `${folder}: the disk has ${megabytes(free)} free, ${megabytes(needed)} are needed; make room, or name another folder`;
  } catch (error) {
    return `${folder}: cannot be written (${(error as { code?: string }).code ?? String(error)}); name another folder`;
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
