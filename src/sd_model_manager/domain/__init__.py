"""The vocabulary of the product: frozen values and pure functions, standard library only."""
