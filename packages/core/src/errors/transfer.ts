import {
  ConvergenceError,
  DataError,
  type DataLocation,
  DomainError,
  FormatError,
  IncompatibleError,
  InfeasibleError,
  isMateriomeError,
  MateriomeError,
  ShapeError,
  UnitError,
} from "./errors.ts";

/** An error as data: structured cloning keeps neither class nor code. */
export interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly code: string | undefined;
  readonly location: DataLocation | undefined;
  readonly iterations?: number | undefined;
  readonly residual?: number | undefined;
  /** Where the file system or network failed, what it said, as `ENOSPC`. */
  readonly cause?: { readonly message: string; readonly code: string } | undefined;
}

const CLASSES: Readonly<Record<string, typeof MateriomeError>> = {
  MATERIOME: MateriomeError,
  SHAPE: ShapeError,
  DOMAIN: DomainError,
  UNIT: UnitError,
  FORMAT: FormatError,
  DATA: DataError,
  INCOMPATIBLE: IncompatibleError,
  INFEASIBLE: InfeasibleError,
};

export function plainError(error: unknown): PlainError {
  if (!(error instanceof Error)) {
    return { name: "Error", message: String(error), stack: undefined, code: undefined, location: undefined };
  }
  const known = isMateriomeError(error) ? error : undefined;
  const { iterations, residual } = error as Partial<ConvergenceError>;
  return {
    name: error.name,
    message: error.message,
    stack: error.stack,
    code: known?.code,
    location: known?.location,
    iterations,
    residual,
    cause: systemCause(error.cause),
  };
}

function systemCause(cause: unknown): PlainError["cause"] {
  if (!(cause instanceof Error)) return undefined;
  const { message, code, errno } = cause as NodeJS.ErrnoException;
  return errno !== undefined && code !== undefined ? { message, code } : systemCause(cause.cause);
}

/** The error again, of its own class, with the worker's stack. */
export function reviveError(plain: PlainError): Error {
  const error = revive(plain);
  error.message = plain.message; // already carries the location
  if (plain.stack !== undefined) error.stack = plain.stack;
  return error;
}

function revive(plain: PlainError): Error {
  const { location, cause: said } = plain;
  const cause = said && Object.assign(new Error(said.message), { code: said.code });
  const options = { location, cause };
  if (plain.code === "CONVERGENCE") {
    return new ConvergenceError(plain.message, plain.iterations ?? Number.NaN, plain.residual ?? Number.NaN, options);
  }
  const Class = plain.code === undefined ? undefined : CLASSES[plain.code];
  if (Class !== undefined) return new Class(plain.message, options);
  const error = new Error(plain.message, cause && { cause });
  error.name = plain.name;
  return error;
}
