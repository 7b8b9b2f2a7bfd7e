"""Binds every drill; which of them run is the command's choice."""

from pytest_bdd import scenarios

scenarios("en", "ja")
