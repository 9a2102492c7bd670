"""The exhibition's pages."""
