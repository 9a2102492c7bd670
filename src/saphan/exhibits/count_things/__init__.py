"""How many things lie in a picture."""
