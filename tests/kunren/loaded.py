"""All that the command loads, for processes that are divided from one in which it is loaded.

What a first lab compiles and parses, and a first report, takes as long as a short drill.
"""

import gc
import tempfile
import threading
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from unittest import mock

import drills
import journal
import kunren
import lab
import reports
import steps
from drills.preflight.site import SiteCheck
from lab.opening import GaroonClients, open_lab
from lab.scratch import sweep_once
from lab.site.file import simulated_site
from steps.modules import vocabulary
from tests.kunren.visitor import without_browser
from tests.reports.samples import write_sample

gc.disable()  # until all is loaded: it stays
for package in (drills, journal, kunren, lab, reports, steps):
    for module in walk_packages(package.__path__, f"{package.__name__}."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
import_module("playwright.sync_api")
vocabulary()
with tempfile.TemporaryDirectory() as folder:
    write_sample("passed-en", Path(folder))
    reports.write_reports(Path(folder))
site = simulated_site()
with mock.patch.object(GaroonClients, "_browser"):
    without_browser()
    with open_lab(site) as opened:
        SiteCheck(lab=opened, subject=site.subject, zone=site.time_zone, language="en", attended=False).check()
tempfile.tempdir = None  # each process finds its own
sweep_once.cache_clear()
for thread in {*threading.enumerate()} - {threading.main_thread()}:  # of the lab that is closed
    thread.join(30)
assert threading.active_count() == 1, "what is divided has one thread"
gc.collect()
gc.freeze()  # no pass over what is loaded, which would be copied by it
gc.enable()
