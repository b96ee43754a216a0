"""The exercises: the answers in a module for each notebook, the known mistakes in TOML beside it.

To add an exercise, decorate its answer in `notebook_NN.py`, write its mistakes into
`notebook_NN.toml`, and add its cells to the notebook. The decorator's first argument says which
notebook counts it; to move it to another part, change that.

A mistake is a table `[[name of the exercise]]` with a sentence for the learner, `says`, and one of:
- `edit = ["old", "new"]`, or a list of such pairs: what turns the answer's source into the mistake
- `body`: other lines for the whole function
- `value`: the wrong value, if the answer is one
`when`: a regular expression that the learner's code has to match for the sentence to be true of it.
`each = [...]` makes a mistake of every entry, which takes the place of VALUE in the other texts. Of
two mistakes with the same results, learners see the sentence of the upper one.
"""
