"""Features by scikit-image and class probabilities by scikit-learn on the image that pixelSpeed.ts wrote; prints JSON."""

import json
import sys
import time

import numpy
import skimage
import sklearn
from skimage.feature import multiscale_basic_features
from sklearn.ensemble import RandomForestClassifier

folder, size, pixels, trees, leaf, jobs, compared = sys.argv[1], *map(int, sys.argv[2:8])
image = numpy.fromfile(f"{folder}/image", dtype="<f4").reshape(size, size)
truth = numpy.fromfile(f"{folder}/truth", dtype="u1")
picked = numpy.fromfile(f"{folder}/picked", dtype="<i4")

started = time.perf_counter()
features = multiscale_basic_features(image, edges=True, texture=True, sigma_min=1, sigma_max=16, num_workers=jobs)
features = features.reshape(size * size, -1)
feature_seconds = time.perf_counter() - started
forest = RandomForestClassifier(trees, min_samples_leaf=leaf, n_jobs=jobs, random_state=0)
started = time.perf_counter()
forest.fit(features[picked], truth[picked])
fit_seconds = time.perf_counter() - started
started = time.perf_counter()
probabilities = forest.predict_proba(features)
seconds = feature_seconds + time.perf_counter() - started
print(
    json.dumps(
        {
            "seconds": seconds,
            "fitSeconds": fit_seconds,
            "accuracy": float((forest.classes_[probabilities.argmax(1)] == truth).mean()),
            "features": features[picked[:compared]].ravel().astype(float).tolist(),
            "versions": {"scikit-image": skimage.__version__, "scikit-learn": sklearn.__version__},
        }
    )
)
