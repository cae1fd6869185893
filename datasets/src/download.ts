import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { DataError } from "@materiome/core";

/** What a downloaded file must be, byte for byte. */
export interface ExpectedContent {
  readonly sha256: string;
  readonly bytes: number;
}

export interface DownloadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of bytes that each chunk brought. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
  /** Longest silence of the server, ms. @defaultValue 30 000 */
  readonly silenceMs?: number | undefined;
}

/** Why a download failed: `unreachable` and `disk` will befall every other file too. */
export class DownloadError extends DataError {
  readonly kind: "unreachable" | "refused" | "content" | "disk";
  /** Worth another attempt in a moment. */
  readonly passing: boolean;

  constructor(kind: DownloadError["kind"], message: string, options: { cause?: unknown; passing?: boolean } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.kind = kind;
    this.passing = options.passing ?? false;
  }
}

/**
 * Downloads one file to `path`. The bytes go to `<path>.part`; what an interrupted download left there is continued
 * with a range request. Only a file of the expected size and sha256 is renamed to `path`; a part that does not match is
 * thrown away and fetched once more from its start.
 *
 * @returns bytes that were transferred, and how many an earlier part had saved
 * @throws DownloadError if the server cannot be reached or refuses, the content differs, or the disk is full
 */
export async function download(
  url: string,
  path: string,
  expected: ExpectedContent,
  options: DownloadOptions = {},
): Promise<{ readonly transferred: number; readonly resumed: number }> {
  const part = `${path}.part`;
  await mkdir(dirname(path), { recursive: true }).catch((error) => {
    throw diskError(path, error);
  });
  const resumed = await usablePart(part, expected.bytes);
  let { transferred, sha256, bytes, continued } = await transfer(url, part, resumed, expected.bytes, options);
  if (continued && (sha256 !== expected.sha256 || bytes !== expected.bytes)) {
    await rm(part, { force: true });
    ({ transferred, sha256, bytes, continued } = await transfer(url, part, 0, expected.bytes, options));
  }
  if (sha256 !== expected.sha256 || bytes !== expected.bytes) {
    await rm(part, { force: true });
    throw new DownloadError(
      "content",
      `${url} is not the file that was recorded: ${bytes} bytes with sha256 ${sha256}, expected ${expected.bytes} bytes ` +
        `with sha256 ${expected.sha256}. Nothing was kept. A proxy or mirror may have answered with a page of its own; open the address in a browser.`,
    );
  }
  await rename(part, path).catch((error) => {
    throw diskError(path, error);
  });
  return { transferred, resumed: continued ? resumed : 0 };
}

interface Transfer {
  readonly transferred: number;
  readonly sha256: string;
  readonly bytes: number;
  readonly continued: boolean;
}

/** Appends to the part from byte `from` on, or starts again where the server does not continue. */
async function transfer(
  url: string,
  part: string,
  from: number,
  expectedBytes: number,
  options: DownloadOptions,
): Promise<Transfer> {
  if (from === expectedBytes && from > 0) {
    return { transferred: 0, bytes: from, continued: true, sha256: (await hashOf(part)).digest("hex") };
  }
  const silence = new AbortController();
  const silenceMs = options.silenceMs ?? 30_000;
  let timer = setTimeout(() => silence.abort(), silenceMs);
  const signal = options.signal === undefined ? silence.signal : AbortSignal.any([options.signal, silence.signal]);
  let file: FileHandle | undefined;
  try {
    const headers = { "accept-encoding": "identity", ...(from > 0 ? { range: `bytes=${from}-` } : {}) };
    const response = await fetch(url, { headers, signal });
    const continued = from > 0 && response.status === 206 && startOf(response) === from;
    if (!(response.status === 200 || continued)) {
      await response.body?.cancel();
      if (from > 0 && (response.status === 416 || response.status === 206)) {
        await rm(part, { force: true });
        clearTimeout(timer);
        return await transfer(url, part, 0, expectedBytes, options);
      }
      throw refusal(url, response);
    }
    const hash = continued ? await hashOf(part) : createHash("sha256");
    let bytes = continued ? from : 0;
    const start = bytes;
    file = await open(part, continued ? "a" : "w").catch((error) => {
      throw diskError(part, error);
    });
    for await (const chunk of response.body ?? []) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), silenceMs);
      bytes += chunk.length;
      if (bytes > expectedBytes) break; // not the file; its sum will say so
      await file.writeFile(chunk).catch((error) => {
        throw diskError(part, error);
      });
      hash.update(chunk);
      options.onBytes?.(chunk.length);
    }
    await file.sync().catch((error) => {
      if (error.code !== "EINVAL") throw diskError(part, error); // not every kind of file can be flushed
    });
    if (
      bytes < expectedBytes &&
      response.headers.get("content-length") !== null &&
      bytes < announced(response, start)
    ) {
      throw unreachable(url, undefined, `the connection ended after ${bytes} of ${expectedBytes} bytes`);
    }
    return { transferred: bytes - start, sha256: hash.digest("hex"), bytes, continued };
  } catch (error) {
    if (options.signal?.aborted) throw options.signal.reason;
    if (error instanceof DownloadError) throw error;
    if (silence.signal.aborted) throw unreachable(url, error, `no answer for ${silenceMs / 1000} s`);
    throw unreachable(url, error, causeOf(error));
  } finally {
    clearTimeout(timer);
    await file?.close();
  }
}

/** Bytes of an earlier part that can be continued; a longer one is no part of this file. */
async function usablePart(part: string, expectedBytes: number): Promise<number> {
  const info = await stat(part).catch(() => undefined);
  if (info === undefined) return 0;
  return info.isFile() && info.size <= expectedBytes ? info.size : 0;
}

async function hashOf(path: string): Promise<ReturnType<typeof createHash>> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash;
}

function startOf(response: Response): number {
  return Number(/^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "")?.[1] ?? Number.NaN);
}

function announced(response: Response, start: number): number {
  return start + Number(response.headers.get("content-length"));
}

function refusal(url: string, response: Response): DownloadError {
  const { status, statusText } = response;
  const wait = response.headers.get("retry-after");
  const hint =
    status === 404 || status === 410
      ? "the source was moved or removed; place the file by hand, or name a mirror"
      : status === 403 || status === 429
        ? `the server limits requests${wait === null ? "" : `; it asks to wait ${wait} s`}; try again later, what is complete is kept`
        : "try again later, what is complete is kept";
  return new DownloadError("refused", `${url}: the server answered ${status} ${statusText}; ${hint}`, {
    passing: status >= 500 || status === 429,
  });
}

function unreachable(url: string, cause: unknown, what: string): DownloadError {
  return new DownloadError(
    "unreachable",
    `could not reach ${new URL(url).host} (${what}). Offline? Check the connection and any proxy; what was already ` +
      "transferred is kept and the next fetch continues there.",
    { cause, passing: true },
  );
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = (cause as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : cause instanceof Error ? cause.message : String(cause);
}

function diskError(path: string, cause: unknown): DownloadError {
  const code = (cause as { code?: string }).code ?? "unknown";
  const what =
    code === "ENOSPC" || code === "EDQUOT"
      ? "the disk is full; make room, then fetch again: it continues where it stopped"
      : `cannot be written (${code}); choose another folder`;
  return new DownloadError("disk", `${path}: ${what}`, { cause });
}
