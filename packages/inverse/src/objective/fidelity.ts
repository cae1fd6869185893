/** A way to measure the same thing that comes in cheaper and dearer versions: simulation and experiment, short and full test. */
export interface Fidelity {
  /** Name of the given input that says which version it was; its given value is the one that counts. */
  readonly name: string;
  /** What one experiment costs in each version, in any one unit; above 0. */
  readonly costs: Readonly<Record<string, number>>;
}
