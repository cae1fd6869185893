import { UsageError } from "../terminal/exitCodes.ts";

/** What `segment train` learns, as its option says. */
export const TARGETS = ["classes", "boundaries", "grains", "particles"] as const;
export type Target = (typeof TARGETS)[number];

/** What is learned: classes, or regions with a number each. */
export interface TrainingTarget {
  readonly target: Target;
  readonly classes: readonly string[];
  /** What the numbers of the labels are; undefined: classes. */
  readonly regions?: "grains" | "particles" | undefined;
  /** Whether the net learns how far inside its region a pixel lies, besides classes. */
  readonly hasDistance: boolean;
}

const NAMES = {
  boundaries: ["grain", "boundary"],
  grains: ["grain", "boundary"],
  particles: ["matrix", "particle"],
} as const;

/** @throws UsageError for names that are missing or too many, or a learner that cannot learn it */
export function trainingTarget(options: {
  readonly target?: Target | undefined;
  readonly classes?: readonly string[] | undefined;
  readonly learner?: string | undefined;
  readonly augment?: readonly string[] | undefined;
}): TrainingTarget {
  const { target = "classes", learner = "forest" } = options;
  if (target === "classes") {
    if (options.classes === undefined) {
      throw new UsageError(
        "--classes: name the classes 1, 2, …; or say with --target that labels are numbered regions",
      );
    }
    const [only, ...others] = options.classes;
    if (only?.includes(",") === true && others.length === 0) {
      throw new UsageError(
        `--classes ${only}: is one name; put spaces between names: --classes ${only.split(/\s*,\s*/).join(" ")}`,
      );
    }
    return { target, classes: options.classes, hasDistance: false };
  }
  const classes = options.classes ?? NAMES[target];
  if (classes.length !== 2) {
    throw new UsageError(
      `--classes ${classes.join(" ")}: --target ${target} has two, such as ${NAMES[target].join(" and ")}; leave --classes out for these`,
    );
  }
  const regions = target === "particles" ? "particles" : "grains";
  if (regions === "grains" && !/boundar/i.test(classes[1] ?? "")) {
    throw new UsageError(
      `--classes ${classes.join(" ")}: --target ${target} has boundaries second, under a name that says so`,
    );
  }
  const hasDistance = target !== "boundaries";
  if (hasDistance && learner !== "unet") {
    throw new UsageError(
      `--target ${target} needs --learner unet, which learns distances besides classes; ${learner} does not`,
    );
  }
  if (hasDistance && options.augment?.includes("composite")) {
    throw new UsageError(`--augment composite: changes labels, which --target ${target} cannot follow; leave it out`);
  }
  return { target, classes, regions, hasDistance };
}
