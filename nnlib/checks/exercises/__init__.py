"""The exercises: the answers in a module for each notebook, the known mistakes in TOML beside it.

To add an exercise, decorate its answer in `notebook_NN.py`, write its mistakes into
`notebook_NN.toml`, and add its cells to the notebook. The decorator's first argument says which
notebook counts it; to move it to another part, change that.
"""
