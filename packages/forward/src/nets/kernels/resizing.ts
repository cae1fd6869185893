import type { KernelConfig, ResizeBilinearAttrs, TensorInfo } from "@tensorflow/tfjs-core";
import { wasmMemory } from "./wasmMemory.ts";

/** Gradients of resizing by the nearest pixel and by bilinear interpolation, with either convention of where pixels lie. */
export function resizingKernels(): KernelConfig[] {
  return (["ResizeNearestNeighborGrad", "ResizeBilinearGrad"] as const).map((kernelName) => ({
    kernelName,
    backendName: "wasm",
    kernelFunc: ({ inputs, backend, attrs }) => {
      const { images, dy } = inputs as { images: TensorInfo; dy: TensorInfo };
      const attributes = attrs as unknown as ResizeBilinearAttrs;
      const [count, inHeight, inWidth, channels] = images.shape as [number, number, number, number];
      const [, height, width] = dy.shape as [number, number, number, number];
      const memory = wasmMemory(backend);
      const dx = memory.output(images.shape, "zeros");
      const sources = kernelName === "ResizeBilinearGrad" ? bilinearSources : nearestSources;
      const rows = sources(inHeight, height, attributes);
      const columns = sources(inWidth, width, attributes);
      memory.scratch(3 * (height + width), (at) => {
        let next = at;
        const put = (array: Int32Array<ArrayBuffer> | Float32Array<ArrayBuffer>): number => {
          const address = next;
          memory.view(address, array.byteLength).set(new Uint8Array(array.buffer));
          next += array.byteLength;
          return address;
        };
        const tables = [put(rows.places), put(rows.shares), put(columns.places), put(columns.shares)];
        for (let i = 0; i < count; i++) {
          memory.nets.resizeGradient(
            ...[height, width, channels, inWidth, ...tables],
            memory.address(dy) + 4 * i * height * width * channels,
            memory.address(dx) + 4 * i * inHeight * inWidth * channels,
          );
        }
      });
      return dx;
    },
  }));
}

/** Output position i takes share 1 - shares[i] from places[2 i] and shares[i] from places[2 i + 1]. */
interface Sources {
  readonly places: Int32Array<ArrayBuffer>;
  readonly shares: Float32Array<ArrayBuffer>;
}

type Convention = Pick<ResizeBilinearAttrs, "alignCorners" | "halfPixelCenters">;

function bilinearSources(inSize: number, outSize: number, convention: Convention): Sources {
  const places = new Int32Array(2 * outSize);
  const shares = new Float32Array(outSize);
  const ratio = ratioOf(inSize, outSize, convention);
  for (let i = 0; i < outSize; i++) {
    const position = convention.halfPixelCenters ? ratio * (i + 0.5) - 0.5 : ratio * i;
    const first = Math.max(0, Math.floor(position));
    places[2 * i] = first;
    places[2 * i + 1] = Math.min(inSize - 1, Math.max(0, Math.ceil(position)));
    shares[i] = Math.max(0, position - first);
  }
  return { places, shares };
}

function nearestSources(inSize: number, outSize: number, convention: Convention): Sources {
  const places = new Int32Array(2 * outSize);
  const ratio = ratioOf(inSize, outSize, convention);
  for (let i = 0; i < outSize; i++) {
    const position = ratio * (convention.halfPixelCenters ? i + 0.5 : i);
    const nearest = convention.alignCorners ? Math.round(position) : Math.floor(position);
    places.fill(Math.min(inSize - 1, nearest), 2 * i, 2 * i + 2);
  }
  return { places, shares: new Float32Array(outSize) };
}

function ratioOf(inSize: number, outSize: number, { alignCorners }: Convention): number {
  return alignCorners && outSize > 1 ? (inSize - 1) / (outSize - 1) : inSize / outSize;
}
