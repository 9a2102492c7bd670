"""Forecast contest: a plain method, two of statistics and a learned one forecast your numbers."""
