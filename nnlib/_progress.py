"""A progress bar (tqdm) that appears only when a loop turns out to be long."""

import os
from time import perf_counter

QUIET_SECONDS = 1.5


def progress(count):
    """0, 1, … count − 1; after 1.5 s a bar joins in, in notebooks and terminals alike.

    TQDM_DISABLE=1 in the environment keeps it silent, as the tests do. (tqdm's own reading of it
    reaches terminals only: its notebook class always passes a `disable` of its own.)
    """
    begin, bar = perf_counter(), None
    silent = bool(os.environ.get("TQDM_DISABLE"))
    try:
        for i in range(count):
            if bar is None and not silent and perf_counter() - begin > QUIET_SECONDS:
                from tqdm.auto import tqdm

                bar = tqdm(total=count, initial=i, unit="epoch", leave=False)
            if bar is not None:
                bar.update()
            yield i
    finally:
        if bar is not None:
            bar.close()
