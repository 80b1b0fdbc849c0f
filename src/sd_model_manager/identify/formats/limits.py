"""How much of a file a reader believes. Real headers stay far below; what goes beyond is hostile or broken.

Together they keep the memory for any header under 600 MiB and the time for it within seconds.
"""

MAX_TENSORS = 500_000
"""Of one file. The largest published checkpoints have some ten thousand."""

MAX_DIMENSIONS = 64
"""As torch and numpy allow."""

MAX_SIZE = 2**63 - 1
"""Of a dimension, an offset or a count: what a signed 64-bit number holds."""

MAX_NAMES_IN_MESSAGE = 5
