import type { TableModel } from "@materiome/core";
import type { Evaluated, EvaluatorOptions } from "../search/evaluator.ts";
import type { SearchSpace } from "../space/searchSpace.ts";
import type { Limits } from "../spec/limits.ts";
import type { Spec } from "../spec/spec.ts";
import type { DescribeAt } from "./candidatesAt.ts";

/** What a refusal is written from. */
export interface RefuseContext {
  readonly model: TableModel;
  readonly space: SearchSpace;
  readonly specs: readonly Spec[];
  readonly limits: readonly Limits[];
  readonly scales: readonly number[];
  readonly minProbability: number;
  /** Most promising point inside the domain. */
  readonly best: Evaluated | undefined;
  /** Every predicted point, most probable first, inside the domain or not. */
  readonly ranked: readonly Evaluated[];
  readonly describeAt: DescribeAt;
  readonly context: EvaluatorOptions;
}
