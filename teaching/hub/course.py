"""The course's settings for The Littlest JupyterHub.

Copy it to /opt/tljh/config/jupyterhub_config.d/ and run `sudo tljh-config reload hub`. It takes
effect for servers that start afterwards.
"""

CORES = 8
PLAYING_AT_ONCE = 24  # learners, in your largest class

c = get_config()  # noqa: F821 (JupyterHub provides it)
c.Spawner.environment.update(
    {
        # The share of a core that a playing figure may use: more learners, fewer pictures.
        "NNLIB_FRAME_BUDGET": f"{min(1, CORES / PLAYING_AT_ONCE):.2f}",
        # A second thread for products of small matrices mostly waits, and takes time from others.
        "OPENBLAS_NUM_THREADS": "1",
    }
)
