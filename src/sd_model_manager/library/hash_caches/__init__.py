"""Hashes that other programs have computed already. A program's cache is one file here and a line in `reader.CACHES`."""
