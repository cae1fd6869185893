/** An outcome that is to be as large or as small as possible, in the unit it is measured in. */
export interface Objective {
  readonly name: string;
  /** "" for none. */
  readonly unit: string;
  readonly direction: "maximize" | "minimize";
}
