"""Garoon, over HTTP and in a browser."""
