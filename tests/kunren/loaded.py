"""All that the command loads, for processes that are divided from one in which it is loaded."""

from importlib import import_module
from pkgutil import walk_packages

import drills
import journal
import kunren
import lab
import reports
import steps
from steps.modules import vocabulary

for package in (drills, journal, kunren, lab, reports, steps):
    for module in walk_packages(package.__path__, f"{package.__name__}."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
import_module("playwright.sync_api")
vocabulary()
