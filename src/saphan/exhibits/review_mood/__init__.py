"""Exhibit: what mood are customers in, and about what?"""
