"""Exhibit: which heading of the Harmonised System may a good belong to?"""
