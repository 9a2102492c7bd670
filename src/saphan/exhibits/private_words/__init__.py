"""Exhibit: find and black out personal data before a text leaves the country."""
