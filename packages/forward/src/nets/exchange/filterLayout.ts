/** Filter [taps, inputs, outputs], as TensorFlow.js keeps it, as [outputs, inputs, taps], as ONNX and PyTorch do. */
export function outputsFirst(filter: Float32Array, taps: number, inputs: number, outputs: number): Float32Array {
  const turned = new Float32Array(filter.length);
  for (let t = 0, at = 0; t < taps; t++) {
    for (let i = 0; i < inputs; i++) {
      for (let o = 0; o < outputs; o++) turned[(o * inputs + i) * taps + t] = filter[at++]!; // taps · inputs · outputs
    }
  }
  return turned;
}

/** The other way round. */
export function outputsLast(filter: Float32Array, taps: number, inputs: number, outputs: number): Float32Array {
  const turned = new Float32Array(filter.length);
  for (let o = 0, at = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      for (let t = 0; t < taps; t++) turned[(t * inputs + i) * outputs + o] = filter[at++]!; // outputs · inputs · taps
    }
  }
  return turned;
}
