"""A progress bar (tqdm) that appears only when a loop turns out to be long."""

import os
from time import perf_counter

QUIET_SECONDS = 1.5


def progress(epochs):
    """0, 1, … `epochs`: how many are done. After 1.5 s a bar shows it, in notebooks and terminals.

    TQDM_DISABLE=1 in the environment keeps it silent, as the tests do. (tqdm's own reading of it
    reaches terminals only: its notebook class always passes a `disable` of its own.)
    """
    begin, bar = perf_counter(), None
    silent = bool(os.environ.get("TQDM_DISABLE"))
    try:
        for done in range(epochs + 1):
            if bar is not None:
                bar.update()
            elif not silent and perf_counter() - begin > QUIET_SECONDS:
                from tqdm.auto import tqdm

                bar = tqdm(total=epochs, initial=done, unit="epoch", leave=False)
            yield done
    finally:
        if bar is not None:
            bar.close()
