"""Mutations: named defects of the simulated lab, each a class that overrides one decision of an honest part.

`catalogue` lists them, and makes the parts of a lab under those a site file names.
"""
