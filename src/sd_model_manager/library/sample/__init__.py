"""A sample library: valid model files with true structures, metadata, sidecars and previews, and hardly any weights.

For trying the program out without a model at hand. `synthetic` makes many more, for measuring.
"""

from sd_model_manager.library.sample.fill import fill_sample_library

__all__ = ["fill_sample_library"]
