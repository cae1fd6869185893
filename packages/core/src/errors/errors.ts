/** Where in a file a problem was found. Rows and columns are 1-based as a person counts them; row 1 is the header. */
export interface DataLocation {
  readonly file?: string | undefined;
  readonly row?: number | undefined;
  readonly column?: string | undefined;
  /** Entry of a JSON file, parts joined by dots: `input.channels`. */
  readonly key?: string | undefined;
}

export interface MateriomeErrorOptions extends ErrorOptions {
  readonly location?: DataLocation | undefined;
}

/**
 * Base of every error that Materiome throws on purpose.
 *
 * The message says what was asked, what was found, what was expected and how to mend it; `code` is stable and meant
 * for programs, `location` says where in a file the problem sits.
 *
 * @example
 * try { parseFormula("Xx2O3"); } catch (error) { if (isMateriomeError(error)) console.log(error.code); }
 */
export class MateriomeError extends Error {
  readonly code: string = "MATERIOME";
  readonly location: DataLocation | undefined;

  constructor(message: string, options: MateriomeErrorOptions = {}) {
    super(describe(message, options.location), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.location = options.location;
  }
}

/** Sizes do not fit: a matrix with the wrong number of columns, label and image of different size. */
export class ShapeError extends MateriomeError {
  override readonly code = "SHAPE";
}

/** A value lies outside the range where the computation means anything. */
export class DomainError extends MateriomeError {
  override readonly code = "DOMAIN";
}

/** A unit is unknown, missing, or cannot be converted to the one needed. */
export class UnitError extends MateriomeError {
  override readonly code = "UNIT";
}

/** A file or text cannot be read as what it claims to be: CSV, image, model, formula. */
export class FormatError extends MateriomeError {
  override readonly code = "FORMAT";
}

/** The data are readable but do not allow what was asked: constant target, fewer rows than folds, unknown column. */
export class DataError extends MateriomeError {
  override readonly code = "DATA";
}

/** Two things do not belong together: a model of another version, a table that lacks the model's inputs. */
export class IncompatibleError extends MateriomeError {
  override readonly code = "INCOMPATIBLE";
}

/** An iteration did not reach its tolerance. */
export class ConvergenceError extends MateriomeError {
  override readonly code = "CONVERGENCE";
  readonly iterations: number;
  readonly residual: number;

  constructor(message: string, iterations: number, residual: number, options: MateriomeErrorOptions = {}) {
    super(`${message} (stopped after ${iterations} iterations, residual ${residual})`, options);
    this.iterations = iterations;
    this.residual = residual;
  }
}

/** The question has no feasible answer: target out of reach, contradictory constraints. */
export class InfeasibleError extends MateriomeError {
  override readonly code = "INFEASIBLE";
}

/** True for errors of this library, also across copies of the package and worker threads (compares shape, not class). */
export function isMateriomeError(error: unknown): error is MateriomeError {
  return (
    error instanceof Error &&
    typeof (error as { code?: unknown }).code === "string" &&
    CODES.has((error as unknown as { code: string }).code)
  );
}

const CODES: ReadonlySet<string> = new Set([
  "MATERIOME",
  "SHAPE",
  "DOMAIN",
  "UNIT",
  "FORMAT",
  "DATA",
  "INCOMPATIBLE",
  "CONVERGENCE",
  "INFEASIBLE",
]);

function describe(message: string, location: DataLocation | undefined): string {
  if (location === undefined) return message;
  const parts: string[] = [];
  if (location.file !== undefined) parts.push(location.file);
  if (location.row !== undefined) parts.push(`row ${location.row}`);
  if (location.column !== undefined) parts.push(`column "${location.column}"`);
  if (location.key !== undefined) parts.push(location.key);
  return parts.length === 0 ? message : `${parts.join(", ")}: ${message}`;
}
