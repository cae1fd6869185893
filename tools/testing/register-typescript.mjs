// Preloaded into test threads and into the worker threads they start: vitest transforms TypeScript only in its own
// threads, so a worker that loads a source file needs this small load hook.
import { register } from "node:module";

register("./typescript-hook.mjs", import.meta.url);
