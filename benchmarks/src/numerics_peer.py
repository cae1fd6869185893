"""Times NumPy, SciPy and scikit-learn, on one thread, on the numbers that numerics.ts wrote; prints best seconds of three
after a warm-up, and results, per case as JSON."""

import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import json
import sys
import time

import numpy as np
import scipy
import sklearn
from scipy.optimize import minimize, rosen, rosen_der
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist
from sklearn.cluster import KMeans

file, n, d, queries, k, draws = sys.argv[1], *map(int, sys.argv[2:7])
points = np.fromfile(file, dtype="<f8").reshape(n, d)
rng = np.random.default_rng(0)
x0 = np.where(np.arange(50) % 2 == 0, -1.2, 1.0)
seconds, results = {}, {}


def time_case(name, work, result):
    results[name] = float(result(work()))
    times = []
    for _ in range(3):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    seconds[name] = min(times)


time_case("cdist", lambda: cdist(points[:queries], points), lambda v: v.sum())
time_case("nearest tree 3d", lambda: cKDTree(points[:, :3].copy()).query(points[:queries, :3], 5), lambda v: v[0].sum())
kmeans = KMeans(k, n_init=3, random_state=0)
time_case("k-means", lambda: kmeans.fit(points), lambda v: v.inertia_)
options = {"ftol": 1e-14, "gtol": 1e-8, "maxiter": 5000, "maxfun": 50000}
time_case(
    "L-BFGS-B 50",
    lambda: minimize(rosen, x0, jac=rosen_der, method="L-BFGS-B", options=options),
    lambda r: r.fun,
)
time_case("normals", lambda: rng.standard_normal(draws), lambda v: v.std())
time_case("gammas", lambda: rng.standard_gamma(2.5, draws), lambda v: v.mean())
versions = {"numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__}
print(json.dumps({"seconds": seconds, "results": results, "versions": versions}))
