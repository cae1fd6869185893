import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { Raster } from "@materiome/core";

/** Equal for images with the same pixels. */
export function imageContent({ data }: Raster<Float32Array>): string {
  return createHash("sha256").update(data).digest("hex").slice(0, 16);
}

/** Equal for files with the same bytes; of any size. */
export async function fileContent(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex").slice(0, 16);
}
