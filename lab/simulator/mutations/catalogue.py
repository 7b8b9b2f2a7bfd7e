"""All mutations by name, and the parts of a lab under some of them."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping

from lab.errors import SiteError
from lab.simulator.mutations import (
    creation,
    guests,
    installation,
    integrity_test,
    leftovers,
    maintenance,
    replication,
    running,
    switchover,
    watching,
)
from lab.simulator.mutations.declaration import Mutation, declared, declared_in
from lab.simulator.parts import Parts
from words import sentence

_IN_ORDER_OF_THE_GUIDE = (
    *(installation, creation, running, replication, switchover),
    *(watching, integrity_test, maintenance, guests, leftovers),
)
MUTATIONS = tuple(each for module in _IN_ORDER_OF_THE_GUIDE for each in declared_in(module))
_ALL: Mapping[str, Mutation] = {each.name: each for each in map(declared, MUTATIONS)}
CATALOGUE: Mapping[str, Mutation] = {name: each for name, each in _ALL.items() if each.point}
"""Each breaks a point of the guide that a drill has to notice it by."""
LEFTOVERS: Mapping[str, Mutation] = {name: each for name, each in _ALL.items() if not each.point}


def chosen(names: Collection[str], catalogue: Mapping[str, Mutation]) -> frozenset[Mutation]:
    """The mutations of these names; a name the catalogue does not have is a SiteError."""
    for name in names:
        if name not in catalogue:
            near = difflib.get_close_matches(name, catalogue, n=1)
            key = "site.no_mutation_near" if near else "site.no_mutation"
            raise SiteError(sentence(key, name=name, near="".join(near)))
    return frozenset(catalogue[name] for name in names)


def mutated(names: Collection[str]) -> Parts:
    """The parts of a lab under these mutations, in any order; raises SiteError for an unknown name."""
    wanted = chosen(names, _ALL)
    return Parts(each for each in MUTATIONS if declared(each) in wanted)
