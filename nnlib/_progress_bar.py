"""A progress bar (tqdm) that appears only when a loop turns out to be long."""

import os
import sys
from collections.abc import Iterator
from time import perf_counter

QUIET_SECONDS = 1.5


def progress_bar(epochs: int) -> Iterator[int]:
    """Yield 0, 1, …, `epochs`: how many are done. After 1.5 s a bar appears.

    TQDM_DISABLE=1 in the environment turns the bar off, as the tests do. (tqdm's own reading of the
    variable does not reach its notebook class, which always passes `disable` itself.)
    """
    start, bar = perf_counter(), None
    silent = bool(os.environ.get("TQDM_DISABLE"))
    try:
        for done in range(epochs + 1):
            if bar is not None:
                bar.update()
            elif not silent and perf_counter() - start > QUIET_SECONDS:
                bar = _tqdm()(total=epochs, initial=done, unit="epoch", leave=False)
            yield done
    finally:
        if bar is not None:
            bar.close()


def _tqdm():
    """Return the tqdm class for where this runs: a notebook or a terminal."""
    if sys.platform == "emscripten" and "IPython" in sys.modules:
        from tqdm.notebook import tqdm  # tqdm.auto takes the kernel in the browser for a terminal
    else:
        from tqdm.auto import tqdm
    tqdm.monitor_interval = 0  # no thread: WebAssembly has none
    return tqdm
