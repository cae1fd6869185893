import { FormatError, IncompatibleError } from "../errors/errors.ts";
import { continuityProblems } from "./continuity.ts";
import { isRecord, readStep, suggestion } from "./readStep.ts";
import type { Step } from "./step.ts";
import { fieldProblem, STEP_FIELDS } from "./stepFields.ts";

export const SCHEDULE_VERSION = 1;

/** A process: steps in the order in which they were done. Plain data, its own JSON form. */
export interface Schedule {
  readonly version: 1;
  readonly name?: string | undefined;
  /** Temperature before the first step. */
  readonly startTemperatureC?: number | undefined;
  readonly steps: readonly Step[];
}

/** One thing that is wrong with a schedule; `step` counts from 1, as the messages do. */
export interface ScheduleProblem {
  readonly step: number | undefined;
  readonly field: string | undefined;
  /** Expected, found, remedy. */
  readonly message: string;
}

/**
 * Checks steps and makes a schedule of them.
 *
 * Checked are the fields of each step (finite, in range, known) and how steps follow each other: temperatures between
 * 0 K and 6000 K, heating goes up, cooling and quenching go down, holding and deforming happen at the temperature
 * reached (within 1 K), times and rates are positive and agree where both are given (within 1 %), amounts of
 * deformation agree (within 1 %).
 *
 * @throws FormatError listing every problem by step and field
 * @example
 * const schedule = createSchedule(
 *   [
 *     { kind: "heat", temperatureC: 860, rateKPerS: 0.1 },
 *     { kind: "hold", timeS: 3600, treatment: "austenitise" },
 *     { kind: "quench", medium: "oil", temperatureC: 60, rateKPerS: 30 },
 *   ],
 *   { startTemperatureC: 20 },
 * );
 */
export function createSchedule(
  steps: readonly Step[],
  options: { readonly name?: string | undefined; readonly startTemperatureC?: number | undefined } = {},
): Schedule {
  return readSchedule({ version: SCHEDULE_VERSION, ...options, steps });
}

/**
 * A schedule from parsed JSON: `{ version: 1, name?, startTemperatureC?, steps: [{ kind, … }] }`.
 *
 * A number stands in the unit that its field names (`temperatureC: 860`); a text under the field's bare name brings its
 * own (`temperature: "1580 °F"`, `time: "2 h"`) and is converted.
 *
 * @param data - parsed JSON
 * @param file - its name, for messages
 * @throws FormatError listing every problem by step and field
 * @throws IncompatibleError for another version
 * @example
 * readSchedule({ version: 1, steps: [{ kind: "hold", temperature: "600 °C", time: "2 h" }] });
 */
export function readSchedule(data: unknown, file?: string): Schedule {
  const { schedule, problems } = checkSchedule(data, file);
  if (schedule === undefined) throw new FormatError(problemText(problems), { location: { file } });
  return schedule;
}

/** As {@link readSchedule}, but returns the problems. */
export function checkSchedule(
  data: unknown,
  file?: string,
): { readonly schedule: Schedule | undefined; readonly problems: readonly ScheduleProblem[] } {
  const problems: ScheduleProblem[] = [];
  const add = (message: string, step?: number, field?: string): void => {
    problems.push({ step, field, message });
  };
  if (!isRecord(data)) {
    add("a schedule is an object { version: 1, steps: [...] }");
    return { schedule: undefined, problems };
  }
  const { version, name, startTemperatureC, steps } = data;
  if (version !== SCHEDULE_VERSION) {
    if (typeof version === "number") {
      throw new IncompatibleError(`schedule of version ${version}; this release reads version ${SCHEDULE_VERSION}`, {
        location: { file },
      });
    }
    add(`expected ${SCHEDULE_VERSION}, found ${JSON.stringify(version)}; write "version": 1`, undefined, "version");
  }
  for (const key of Object.keys(data)) {
    if (!SCHEDULE_KEYS.includes(key)) add(`unknown field${suggestion(key, SCHEDULE_KEYS)}`, undefined, key);
  }
  if (name !== undefined && typeof name !== "string") add("expected a text", undefined, "name");
  if (startTemperatureC !== undefined) {
    const problem = fieldProblem(STEP_FIELDS.heat.temperatureC, startTemperatureC);
    if (problem !== undefined) add(problem, undefined, "startTemperatureC");
  }
  if (!Array.isArray(steps)) add("expected a list of steps { kind, … }", undefined, "steps");
  else if (steps.length === 0) add("expected at least one step, found none", undefined, "steps");
  const read = (Array.isArray(steps) ? (steps as unknown[]) : []).map((step, i) =>
    readStep(step, (message, field) => add(message, i + 1, field)),
  );
  const sound = read.filter((step) => step !== undefined);
  if (problems.length === 0) problems.push(...continuityProblems(sound, startTemperatureC as number | undefined));
  if (problems.length > 0) return { schedule: undefined, problems };
  const schedule: Schedule = {
    version: SCHEDULE_VERSION,
    ...(name === undefined ? {} : { name: name as string }),
    ...(startTemperatureC === undefined ? {} : { startTemperatureC: startTemperatureC as number }),
    steps: sound,
  };
  return { schedule, problems };
}

const SCHEDULE_KEYS: readonly string[] = ["version", "name", "startTemperatureC", "steps"];

/** The problems as one message, a line each. */
export function problemText(problems: readonly ScheduleProblem[]): string {
  const lines = problems.map(placedMessage);
  return lines.length === 1
    ? (lines[0] ?? "")
    : `${lines.length} problems\n${lines.map((line) => `  ${line}`).join("\n")}`;
}

/** "step 2, timeS: message" */
export function placedMessage({ step, field, message }: ScheduleProblem): string {
  const where = [step === undefined ? "" : `step ${step}`, field ?? ""].filter((part) => part !== "").join(", ");
  return where === "" ? message : `${where}: ${message}`;
}
