"""Packaged data files, and made-up data sets."""
