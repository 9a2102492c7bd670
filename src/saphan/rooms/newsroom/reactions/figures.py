"""Figures and the desk that checks them: what the house does on its own."""
