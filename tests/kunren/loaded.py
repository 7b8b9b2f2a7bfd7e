"""All that the command loads, for processes that are divided from one in which it is loaded."""

import tempfile
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import drills
import journal
import kunren
import lab
import reports
import steps
from steps.modules import vocabulary
from tests.reports.samples import write_sample

for package in (drills, journal, kunren, lab, reports, steps):
    for module in walk_packages(package.__path__, f"{package.__name__}."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
import_module("playwright.sync_api")
vocabulary()
with tempfile.TemporaryDirectory() as folder:  # to compile what a report is written by takes as long as a short drill
    write_sample("passed-en", Path(folder))
    reports.write_reports(Path(folder))
tempfile.tempdir = None  # each process finds its own
