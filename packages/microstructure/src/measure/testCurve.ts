/** Straight test line; pixel coordinates, the centre of the first pixel at (0, 0), y down. */
export interface TestLine {
  readonly kind: "line";
  readonly fromX: number;
  readonly fromY: number;
  readonly toX: number;
  readonly toY: number;
}

/** Circular test line. */
export interface TestCircle {
  readonly kind: "circle";
  readonly centreX: number;
  readonly centreY: number;
  readonly radiusPx: number;
}

/** A line laid over a field on which boundaries are counted. */
export type TestCurve = TestLine | TestCircle;

/**
 * Length of a test curve, px.
 *
 * @example
 * testCurveLength({ kind: "circle", centreX: 0, centreY: 0, radiusPx: 1 }); // 2π
 */
export function testCurveLength(curve: TestCurve): number {
  return curve.kind === "circle"
    ? 2 * Math.PI * curve.radiusPx
    : Math.hypot(curve.toX - curve.fromX, curve.toY - curve.fromY);
}
