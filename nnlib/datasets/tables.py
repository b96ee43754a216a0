"""The data sets that are tables: the tutorial's houses, eight flats, and two real ones.

Functions return X (samples, features) and y (samples, outputs). Nothing is downloaded: the real
data sets are files beside this one; README.md names their sources and licences.
"""

import gzip
import io
from importlib.resources import files

import numpy as np

from nnlib.datasets.toy import DATASETS, Dataset, Samples

REAL_ESTATE_COLUMNS = (
    "transaction_date",
    "house_age_years",
    "distance_to_mrt_m",
    "convenience_stores",
    "latitude",
    "longitude",
    "price_per_ping_10k_twd",
)


def houses() -> Samples:
    """Return the tutorial's three houses: X (3, 2) bedrooms and quality, y (3, 1) price of 100."""
    X = np.array([[2, 7], [1, 3], [3, 9]], dtype=float)
    y = np.array([[94], [89], [83]], dtype=float)
    return X, y


def flats() -> Samples:
    """Return eight made-up flats whose prices make sense: more rooms and better quality cost more.

    X (8, 2) rooms and quality, y (8, 1) price of 100, in the shape of the three houses.
    """
    X = np.array([[1, 3], [1, 8], [2, 4], [2, 7], [3, 5], [3, 9], [4, 6], [4, 8]], dtype=float)
    y = np.array([[21], [38], [37], [52], [56], [75], [74], [84]], dtype=float)
    return X, y


def _prices(load):
    """The playground's Dataset of a table of prices: X / maximum of each column, y / 100."""

    def make(samples, *, noise, rng):
        X, y = load()
        return X / X.max(axis=0), y / 100

    return Dataset(make, "regression", scale=1.0, reach=(0.0, 1.4), fixed=True)


DATASETS |= {"houses": _prices(houses), "flats": _prices(flats)}


def xor() -> Samples:
    """Return exclusive or: X (4, 2), y (4, 1) is 1 where exactly one input is 1."""
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
    y = np.array([[0], [1], [1], [0]], dtype=float)
    return X, y


def real_estate() -> Samples:
    """Return 414 house sales in Taipei: X (414, 6), y (414, 1).

    y is the price per ping (3.3 m²) in 10,000 TWD. Columns are named in REAL_ESTATE_COLUMNS.
    Source: Yeh (2018), UCI, doi.org/10.24432/C5J30W.
    """
    text = read_file("real_estate.csv").decode()
    table = np.loadtxt(text.splitlines(), delimiter=",", skiprows=1)
    return table[:, :-1], table[:, -1:]


def digits() -> Samples:
    """Return 1,797 handwritten digits: X (1797, 64) grey values 0 … 16, y (1797, 10) one-hot.

    Each row of X is an 8×8 picture. Source: Alpaydin & Kaynak (1998), UCI, doi.org/10.24432/C50P49.
    """
    text = gzip.decompress(read_file("digits.csv.gz")).decode()
    table = np.loadtxt(text.splitlines(), delimiter=",")
    return table[:, :-1], np.eye(10)[table[:, -1].astype(int)]


def read_file(name: str) -> bytes:
    """Return the content of a file in `nnlib/datasets`."""
    return files("nnlib").joinpath("datasets", name).read_bytes()


def load_arrays(name: str) -> dict[str, np.ndarray]:
    """Return the arrays of an `.npz` file in `nnlib/datasets`, by name."""
    with np.load(io.BytesIO(read_file(name))) as arrays:
        return dict(arrays)
