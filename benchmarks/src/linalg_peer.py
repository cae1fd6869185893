"""Times NumPy and SciPy on the jobs of linalg.ts with the number of threads given; prints best seconds as JSON."""

import os
import sys

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = sys.argv[1]

import json
import time

import numpy as np
import scipy
import scipy.linalg
import scipy.linalg.blas

random = np.random.default_rng(1)


def positive(n):
    g = random.standard_normal((n, n))
    return g @ g.T + n / 10 * np.eye(n)


def best(run):
    seconds = []
    for _ in range(3):
        started = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - started)
    return min(seconds)


a, b = random.standard_normal((2, 1000, 1000))
spd = {n: positive(n) for n in (500, 1000, 2000)}
lower = np.linalg.cholesky(spd[2000])
right = random.standard_normal((2000, 500))
identity = np.eye(1000)
jobs = {f"cholesky {n}": lambda m=m: np.linalg.cholesky(m) for n, m in spd.items()}
jobs["gemm 1000"] = lambda: a @ b
jobs["syrk 1000"] = lambda: a.T @ a
jobs["trsm 2000 x 500"] = lambda: scipy.linalg.solve_triangular(lower, right, lower=True)
jobs["inverse 1000"] = lambda: scipy.linalg.cho_solve(scipy.linalg.cho_factor(spd[1000], lower=True), identity)
seconds = {name: best(run) for name, run in jobs.items()}
print(json.dumps({"seconds": seconds, "numpy": np.__version__, "scipy": scipy.__version__}))
