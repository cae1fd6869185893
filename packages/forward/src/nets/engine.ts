import { IncompatibleError } from "@materiome/core";

/** TensorFlow.js, as its own modules declare it. Internal: no public signature names it. */
export type TensorFlow = typeof import("@tensorflow/tfjs-core");

/** What computes: WebAssembly of the package, libtensorflow where `@tensorflow/tfjs-node` is installed, or plain loops. */
export type NetBackend = "wasm" | "node" | "cpu";

export const NET_BACKENDS: readonly NetBackend[] = ["wasm", "node", "cpu"];

/** TensorFlow.js with a backend chosen and ready. */
export interface NetEngine {
  readonly tf: TensorFlow;
  readonly backend: NetBackend;
  /** Of TensorFlow.js. */
  readonly version: string;
}

let opening: Promise<NetEngine> | undefined;

/**
 * Loads TensorFlow.js and chooses its backend, once per process (or worker): `wasm` unless asked otherwise.
 * @throws IncompatibleError where another backend is already in use, or `node` is asked for and `@tensorflow/tfjs-node` is not installed.
 */
export async function openEngine(backend: NetBackend = "wasm"): Promise<NetEngine> {
  opening ??= open(backend).catch((error: unknown) => {
    opening = undefined;
    throw error;
  });
  const engine = await opening;
  if (engine.backend !== backend) {
    throw new IncompatibleError(
      `openEngine: this process computes networks with "${engine.backend}", asked for "${backend}"; use one backend per process`,
    );
  }
  return engine;
}

async function open(backend: NetBackend): Promise<NetEngine> {
  const tf = await import("@tensorflow/tfjs-core");
  await import("@tensorflow/tfjs-layers"); // registers the gradients of the operations
  if (backend === "wasm") await import("@tensorflow/tfjs-backend-wasm");
  else await import("@tensorflow/tfjs-backend-cpu");
  await tf.setBackend(backend);
  await tf.ready();
  return { tf, backend, version: tf.version_core };
}
