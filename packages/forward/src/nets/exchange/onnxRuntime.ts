import { IncompatibleError } from "@materiome/core";

/** What is used of `onnxruntime-node`, `onnxruntime-web` and other builds with the same interface. */
export interface OnnxRuntime {
  readonly InferenceSession: { create(model: Uint8Array, options?: object): Promise<OnnxSession> };
  readonly Tensor: new (type: "float32", data: Float32Array, dims: readonly number[]) => object;
}

export interface OnnxSession {
  run(feeds: Readonly<Record<string, object>>): Promise<{ readonly [name: string]: unknown }>;
  release(): Promise<void>;
}

/** `node`: native code, twice as fast and more; `web`: WebAssembly, nothing native. */
export type OnnxRuntimeName = "node" | "web";

export interface OpenedRuntime {
  readonly runtime: OnnxRuntime;
  /** Name of the package; "given" where the caller brought it. */
  readonly name: string;
  readonly sessionOptions: object;
}

const PACKAGES = { node: "onnxruntime-node", web: "onnxruntime-web" } as const;

/**
 * Loads the optional peer that runs ONNX files: native code where it is installed, else WebAssembly.
 *
 * @param load - imports a package by name
 * @throws IncompatibleError where what is asked for is not installed, or is and cannot be loaded
 */
export async function openOnnxRuntime(
  who: string,
  wanted: OnnxRuntimeName | undefined,
  threads: number | undefined,
  load: (name: string) => Promise<unknown> = (name) => import(name),
): Promise<OpenedRuntime> {
  const causes: unknown[] = [];
  for (const kind of wanted === undefined ? (["node", "web"] as const) : [wanted]) {
    const name = PACKAGES[kind];
    const loaded = await load(name).catch((cause: unknown) => {
      causes.push(cause);
      if (isMissing(cause, name)) return undefined;
      const instead = kind === "node" ? '; ask for runtime: "web", which needs nothing native' : "";
      throw new IncompatibleError(`${who}: ${name} is installed but cannot be loaded${instead}`, { cause });
    });
    if (loaded !== undefined) return prepare(kind, name, loaded, threads);
  }
  const missing = wanted === undefined ? "onnxruntime-node or onnxruntime-web" : PACKAGES[wanted];
  throw new IncompatibleError(
    `${who}: running ONNX files needs the package ${missing}, which is not installed; npm install onnxruntime-node (fastest) or npm install onnxruntime-web (WebAssembly, nothing native)`,
    { cause: causes[0] },
  );
}

/** As Node and bundlers say it; a part of the package that is missing is another matter. */
function isMissing(error: unknown, name: string): boolean {
  const said = (error as { readonly message?: string }).message ?? "";
  return /cannot find (package|module)|could not resolve/i.test(said) && new RegExp(`["']${name}["']`).test(said);
}

function prepare(kind: OnnxRuntimeName, name: string, loaded: unknown, threads: number | undefined): OpenedRuntime {
  const { default: inner, ...named } = loaded as OnnxRuntime & { readonly default?: OnnxRuntime };
  const runtime = (named.InferenceSession === undefined ? inner : named) as OnnxRuntime;
  const quiet = { logSeverityLevel: 3 };
  if (kind === "node") {
    const own = threads === undefined ? {} : { intraOpNumThreads: threads };
    return { runtime, name, sessionOptions: { ...quiet, ...own, executionProviders: ["cpu"] } };
  }
  if (threads !== undefined) {
    // Taken up when the first session is made.
    const { env } = runtime as unknown as { readonly env: { readonly wasm: { numThreads?: number } } };
    env.wasm.numThreads = threads;
  }
  return { runtime, name, sessionOptions: { ...quiet, executionProviders: ["wasm"] } };
}
