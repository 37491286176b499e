"""Which weights there are, whether the bytes here are the published ones, and whether this machine can run them.

Knows nothing about how a model is run: `engine/` is handed a path, `cli/` prints what this package found.
"""
