import { IncompatibleError } from "@materiome/core";
import { registerConvolutionGradients, registerKernels } from "./kernels/registerKernels.ts";
import { registerJoinKernels } from "./layers/joinSkip.ts";
import { registerNormaliseKernels } from "./layers/normalise.ts";
import { registerWrapKernels } from "./layers/wrapBorder.ts";

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

const PEER = "@tensorflow/tfjs-node";

async function open(backend: NetBackend): Promise<NetEngine> {
  const tf = await import("@tensorflow/tfjs-core");
  tf.enableProdMode(); // no checks of every value on its way
  await import("@tensorflow/tfjs-layers"); // registers the gradients of the operations
  if (backend === "wasm") {
    await import("@tensorflow/tfjs-backend-wasm");
    registerKernels(tf);
    registerNormaliseKernels(tf);
    registerJoinKernels(tf);
    registerWrapKernels(tf);
  } else if (backend === "cpu") await import("@tensorflow/tfjs-backend-cpu");
  else await importPeer();
  registerConvolutionGradients(tf);
  await tf.setBackend(backend === "node" ? "tensorflow" : backend);
  await tf.ready();
  // The plain backend advertises tfjs-node on the console when first used.
  if (backend === "cpu") (tf.backend() as { firstUse?: boolean }).firstUse = false;
  return { tf, backend, version: tf.version_core };
}

async function importPeer(): Promise<void> {
  try {
    // By a variable: an optional peer that is not installed must not stop a bundler or the compiler.
    await import(PEER);
  } catch (cause) {
    throw new IncompatibleError(
      `openEngine: the backend "node" needs the package ${PEER}, which cannot be loaded here; install it (npm install ${PEER}@4.22.0) or use "wasm", which needs nothing`,
      { cause },
    );
  }
}
