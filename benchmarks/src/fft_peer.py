"""Times scipy.fft with one worker on the jobs of fft.ts; prints milliseconds of ten repeats as JSON."""

import json
import time

import numpy as np
import scipy
import scipy.fft

random = np.random.default_rng(1)
noise = random.standard_normal(2**21)
pairs = noise.view(np.complex128)


def real(*shape):
    x = noise[: int(np.prod(shape))].reshape(shape).copy()
    return lambda: scipy.fft.rfftn(x, workers=1)


spectrum = scipy.fft.rfft2(noise[: 2**20].reshape(1024, 1024))
square = pairs.reshape(1024, 1024).copy()
jobs = {
    "real 1024 x 1024": real(1024, 1024),
    "inverse real 1024 x 1024": lambda: scipy.fft.irfft2(spectrum, workers=1),
    "real 1000 x 750": real(1000, 750),
    "real 128 x 128 x 64": real(128, 128, 64),
    "complex 1024 x 1024": lambda: scipy.fft.fft2(square, workers=1),
    "complex 2^20": lambda: scipy.fft.fft(pairs, workers=1),
    "real 1009 x 997": real(1009, 997),
}
milliseconds = {}
for name, run in jobs.items():
    run()
    times = []
    for _ in range(10):
        started = time.perf_counter()
        run()
        times.append(1000 * (time.perf_counter() - started))
    milliseconds[name] = times
print(json.dumps({"milliseconds": milliseconds, "scipy": scipy.__version__}))
