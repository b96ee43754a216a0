"""Settings of the kernels, for start.py and for Binder: a notebook's folder comes last on the path.

A numpy.py or nnlib.py beside a notebook then doesn't hide the real one. Other modules there can
still be imported.
"""

c = get_config()  # noqa: F821 (IPython provides it)
c.InteractiveShellApp.ignore_cwd = True
c.InteractiveShellApp.exec_lines = ["__import__('sys').path.append('')"]
