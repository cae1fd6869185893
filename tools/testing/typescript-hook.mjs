import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

// Tests start many processes and threads; each would transform the same files again.
const cache = new URL("../../node_modules/.cache/typescript-hook/", import.meta.url);

export async function load(url, context, nextLoad) {
  const bare = url.replace(/[?#].*$/, "");
  if (!bare.endsWith(".ts")) return nextLoad(url, context);
  const file = fileURLToPath(bare);
  const source = await readFile(file, "utf8");
  const entry = new URL(`${createHash("sha256").update(`${file}\n${source}`).digest("hex")}.mjs`, cache);
  const known = await readFile(entry, "utf8").catch(() => undefined);
  if (known !== undefined) return { format: "module", source: known, shortCircuit: true };
  const { transform } = await import("esbuild");
  const { code } = await transform(source, {
    loader: "ts",
    format: "esm",
    target: "node20",
    sourcefile: file,
    sourcemap: "inline",
  });
  await mkdir(cache, { recursive: true });
  const part = new URL(`${entry.href}.${process.pid}-${Math.trunc(performance.now() * 1000)}`);
  await writeFile(part, code);
  await rename(part, entry);
  return { format: "module", source: code, shortCircuit: true };
}
