"""Other programs that use the models: where they are installed, and what they are told of the library."""
