"""The features that travel with Kunren, as files."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from words import LANGUAGES


def features_folder() -> Path:
    return Path(str(resources.files("features")))


def feature_digests() -> Mapping[str, frozenset[str]]:
    """SHA-256 of each drill's feature in all its languages, by the drill's name."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for language in LANGUAGES:
        for path in (features_folder() / language).glob("*.feature"):
            found[path.stem].add(hashlib.sha256(path.read_bytes()).hexdigest())
    return {name: frozenset(digests) for name, digests in found.items()}
