"""Container loading: how a list of boxes fits into a container."""
