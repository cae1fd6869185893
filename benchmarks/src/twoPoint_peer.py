"""Times SciPy on the cases of twoPoint.ts, one worker: python3 twoPoint_peer.py FOLDER SIZE.

Reads FOLDER/phase.u8, writes the maps to FOLDER/NAME.f64, prints milliseconds (clock and processor) of three repeats as JSON.
"""

import json
import os
import sys
import time

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np
import scipy
import scipy.fft
import scipy.signal

folder, n = sys.argv[1], int(sys.argv[2])
a = np.fromfile(f"{folder}/phase.u8", dtype=np.uint8).reshape(n, n).astype(float)


def overlap(last):
    line = n - np.abs(np.arange(-last, last + 1))
    return np.multiply.outer(line, line)


def centred(r, last):
    """Shifts −last … last of a map whose shift 0 is its first element."""
    out = np.empty((2 * last + 1, 2 * last + 1))
    out[last:, last:] = r[: last + 1, : last + 1]
    if last > 0:
        out[:last, last:] = r[-last:, : last + 1]
        out[last:, :last] = r[: last + 1, -last:]
        out[:last, :last] = r[-last:, -last:]
    return out


def power(f):
    return f.real**2 + f.imag**2


def transforms(last):
    m = scipy.fft.next_fast_len(n + last, real=True)
    f = scipy.fft.rfft2(a, s=(m, m), workers=1)
    return centred(scipy.fft.irfft2(power(f), s=(m, m), workers=1), last) / overlap(last)


def correlate(last):
    full = scipy.signal.correlate(a, a, mode="full", method="fft")
    middle = slice(n - 1 - last, n + last)
    return full[middle, middle] / overlap(last)


def periodic():
    r = scipy.fft.irfft2(power(scipy.fft.rfft2(a, workers=1)), s=(n, n), workers=1)
    return centred(r, n // 2) / (n * n)


cases = {
    "all": {"transforms": lambda: transforms(n - 1), "correlate": lambda: correlate(n - 1)},
    "half": {"transforms": lambda: transforms(n // 2), "correlate": lambda: correlate(n // 2)},
    "periodic": {"transforms": periodic},
}
milliseconds = {}
for name, methods in cases.items():
    milliseconds[name] = {}
    for method, run in methods.items():
        result = run()
        times = {"wall": [], "processor": []}
        for _ in range(3):
            before, started = time.process_time(), time.perf_counter()
            run()
            times["wall"].append(1000 * (time.perf_counter() - started))
            times["processor"].append(1000 * (time.process_time() - before))
        milliseconds[name][method] = times
        if method == "transforms":
            result.tofile(f"{folder}/{name}.f64")
print(json.dumps({"milliseconds": milliseconds, "scipy": scipy.__version__}))
