"""Times the chain of segmentSpeed.ts with scikit-image and SciPy on one thread.

Arguments: raw float32 image, width, height, peak distance, raw uint32 file for the labels. Prints milliseconds of every stage as JSON.
"""

import json
import os
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np
import scipy
import skimage
from scipy import ndimage
from skimage.feature import peak_local_max
from skimage.filters import threshold_otsu
from skimage.measure import regionprops_table
from skimage.segmentation import watershed

path, width, height, spacing, labels_path = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
image = np.fromfile(path, dtype=np.float32).reshape(height, width)
PROPERTIES = (
    "label",
    "area",
    "centroid",
    "bbox",
    "major_axis_length",
    "minor_axis_length",
    "orientation",
    "perimeter_crofton",
    "mean_intensity",
)
times = {}


def stage(name, run):
    started = time.perf_counter()
    result = run()
    times[name] = 1000 * (time.perf_counter() - started)
    return result


def seeds_of(distance):
    seeds = np.zeros(distance.shape, dtype=np.int32)
    found = peak_local_max(distance, min_distance=spacing, threshold_abs=0, exclude_border=False)
    seeds[tuple(found.T)] = np.arange(1, len(found) + 1)
    return seeds


mask = stage("otsu", lambda: image > threshold_otsu(image))
distance = stage("distance", lambda: ndimage.distance_transform_edt(mask))
seeds = stage("markers", lambda: seeds_of(distance))
labels = stage("watershed", lambda: watershed(-distance, seeds, mask=mask, connectivity=1))
table = stage("regionTable", lambda: regionprops_table(labels, intensity_image=image, properties=PROPERTIES))
labels.astype(np.uint32).tofile(labels_path)
print(
    json.dumps(
        {
            "milliseconds": times,
            "foreground": int(mask.sum()),
            "markers": int(seeds.max()),
            "regions": len(table["label"]),
            "meanArea": float(np.mean(table["area"])),
            "meanPerimeter": float(np.mean(table["perimeter_crofton"])),
            "versions": {"scikit-image": skimage.__version__, "scipy": scipy.__version__, "numpy": np.__version__},
        }
    )
)
