import { BroadcastChannel } from "node:worker_threads";
import type { Progress } from "@materiome/core";

let nChannels = 0;

/**
 * Runs `work` with the name of a channel over which a task in another thread tells how far it is (`progressTeller`); without a listener there is none.
 */
export async function withTaskProgress<T>(
  onProgress: ((progress: Progress) => void) | undefined,
  work: (channel: string | undefined) => Promise<T>,
): Promise<T> {
  if (onProgress === undefined) return work(undefined);
  nChannels += 1;
  const name = `materiome progress ${process.pid} ${nChannels}`;
  const channel = new BroadcastChannel(name);
  channel.onmessage = (event) => onProgress((event as { readonly data: Progress }).data);
  channel.unref();
  try {
    return await work(name);
  } finally {
    channel.close();
  }
}

/** In the task: tells the thread that started it. `close` must be called. */
export function progressTeller(name: string | undefined): {
  readonly tell: ((progress: Progress) => void) | undefined;
  close(): void;
} {
  if (name === undefined) return { tell: undefined, close: () => undefined };
  const channel = new BroadcastChannel(name);
  return { tell: (progress) => channel.postMessage(progress), close: () => channel.close() };
}
