import { type RunContext, runTasks } from "@materiome/core";
import type { ChannelStatistics } from "../layers/normalise.ts";
import type { Parameters } from "./parameters.ts";
import type { StepResult } from "./trainNetwork.ts";

/** Share of the running statistics that one step replaces. */
const MOMENTUM = 0.1;

/** What a fixed part of a batch gives: its part of the loss, of the gradients, and its statistics. */
export interface ShardOutput {
  readonly loss: number;
  readonly gradients: Parameters;
  readonly statistics: Readonly<Record<string, ChannelStatistics>>;
}

/** Computes parts one by one in this thread, or in others where there are several of both. */
export async function computeShards<Input, Output>(
  module: string,
  compute: (input: Input) => Promise<Output>,
  inputs: readonly Input[],
  run: Pick<RunContext, "threads" | "signal">,
): Promise<Output[]> {
  if (run.threads !== 1 && inputs.length > 1) {
    return runTasks<Input, Output>({ module, name: compute.name }, inputs, {
      threads: run.threads,
      signal: run.signal,
    });
  }
  const outputs: Output[] = [];
  for (const input of inputs) {
    run.signal?.throwIfAborted();
    outputs.push(await compute(input));
  }
  return outputs;
}

/** Sums in the order of the parts, so that threads do not matter; running statistics move towards those of the batch. */
export function sumShards(parameters: Parameters, parts: readonly ShardOutput[]): StepResult {
  const [first, ...rest] = parts as [ShardOutput, ...ShardOutput[]]; // a batch has at least one image
  let { loss } = first;
  for (const part of rest) {
    loss += part.loss;
    for (const [name, gradient] of Object.entries(part.gradients)) {
      const sum = first.gradients[name] as Float32Array;
      for (let i = 0; i < sum.length; i++) sum[i]! += gradient[i]!; // of one parameter
    }
  }
  const updates: Record<string, Float32Array> = {};
  for (const name of Object.keys(first.statistics)) {
    const of = (part: ShardOutput) => part.statistics[name] as ShardOutput["statistics"][string];
    const mean = of(first).mean.map((_, c) => parts.reduce((sum, part) => sum + of(part).mean[c]!, 0) / parts.length);
    const variance = mean.map(
      (m, c) =>
        parts.reduce((sum, part) => sum + of(part).variance[c]! + (of(part).mean[c]! - m) ** 2, 0) / parts.length,
    );
    for (const [part, values] of [
      ["mean", mean],
      ["variance", variance],
    ] as const) {
      const key = `${name}.${part}`;
      updates[key] = (parameters[key] as Float32Array).map((old, c) => old + MOMENTUM * (values[c]! - old));
    }
  }
  return { loss, gradients: first.gradients, updates };
}
