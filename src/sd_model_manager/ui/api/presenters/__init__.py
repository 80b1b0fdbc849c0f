"""From the values of the domain to the shapes of the API."""
