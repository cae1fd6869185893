import { IncompatibleError, ShapeError } from "@materiome/core";
import { MOST_FOR_BOXES } from "./frontSearch.ts";
import type { SuggestOptions } from "./options.ts";

const METHODS: readonly string[] = ["auto", "logExpectedImprovement", "noisyExpectedImprovement", "parego"];

/**
 * Checks that the options are ones that several objectives know.
 *
 * @throws ShapeError for a reference point of another length than the objectives
 * @throws IncompatibleError for a method or an option that knows one objective only
 */
export function checkFrontOptions({ objectives, method = "auto", ...options }: SuggestOptions): void {
  const m = objectives.length;
  if (!METHODS.includes(method)) {
    throw new IncompatibleError(
      `suggest: method "${method}" pursues one objective, got ${m}; methods for several are ${METHODS.join(", ")}`,
    );
  }
  if (options.trustRegion === true || options.batchMethod === "localPenalty") {
    throw new IncompatibleError(`suggest: trust region and local penalty know one objective, got ${m}; leave them out`);
  }
  if (options.disturbance?.counts === "worst" && m > MOST_FOR_BOXES) {
    throw new IncompatibleError(
      `suggest: the worst cases under a disturbance are weighed for up to ${MOST_FOR_BOXES} objectives, got ${m}; take the mean under it, or leave the disturbance out`,
    );
  }
  const { referencePoint } = options;
  if (referencePoint !== undefined && referencePoint.length !== m) {
    throw new ShapeError(
      `suggest: ${m} objectives need a reference point of ${m} numbers, got ${referencePoint.length}`,
    );
  }
}
