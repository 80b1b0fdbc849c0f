"""Other tools' files beside a model: what they say of it. A format is one file here and a line in `reader.FORMATS`."""
