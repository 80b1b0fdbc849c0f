"""Hashes that other programs have computed. A program's cache is one file here and a line in `reader.CACHES`."""
