// What every platform that runs this package has, and the es2023 library does not declare. Declarations of this file
// stay inside the package.

declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports?: object);
    readonly exports: object;
  }
  class Memory {
    readonly buffer: ArrayBuffer;
  }
}

declare function atob(text: string): string;
