"""Stains and cell nuclei in a picture of tissue."""
