"""Golden values of outlier measures by scikit-learn: writes measures.json beside itself."""

import json
import pathlib

import numpy
import sklearn
from sklearn.ensemble import IsolationForest
from sklearn.neighbors import LocalOutlierFactor

random = numpy.random.default_rng(7)
training = numpy.vstack([random.normal(size=(50, 3)), random.normal(4, 0.3, size=(30, 3))]).round(6)
rows = numpy.vstack([random.normal(size=(8, 3)), random.normal(4, 0.3, size=(4, 3)), random.normal(2, 2.0, size=(12, 3))]).round(6)
z = (training - training.mean(0)) / training.std(0)
asked = (rows - training.mean(0)) / training.std(0)
leverage = 1 / len(z) + numpy.einsum("ij,jk,ik->i", asked, numpy.linalg.inv(z.T @ z + 1e-6 * len(z) * numpy.eye(3)), asked)
factor = LocalOutlierFactor(n_neighbors=10, novelty=True).fit(training)
forest = IsolationForest(n_estimators=2000, max_samples=64, random_state=1).fit(training)
out = {
    "source": f"scikit-learn {sklearn.__version__}, numpy {numpy.__version__}",
    "training": training.ravel().tolist(),
    "rows": rows.ravel().tolist(),
    "leverage": leverage.tolist(),
    "localOutlierFactor": (-factor.score_samples(rows)).tolist(),
    "isolation": (-forest.score_samples(rows)).tolist(),
}
pathlib.Path(__file__).with_name("measures.json").write_text(json.dumps(out) + "\n")
