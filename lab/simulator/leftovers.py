"""Mutations that no point of the guide is about: the lab is not as it was, and only comparing its states can tell."""

from __future__ import annotations

from lab.simulator.faults import Mutation

SWITCH_VANISHES = Mutation(
    "switch-vanishes",
    "With a scenario that is removed, a virtual network of the replica host goes too.",
    "",
)
ENGINE_LEFT_STOPPED = Mutation(
    "engine-left-stopped",
    "With a scenario that is removed, the engine on the master host stops.",
    "",
)
CONTROL_SERVICE_LEFT_STOPPED = Mutation(
    "control-service-left-stopped",
    "With a scenario that is removed, the Control Service stops.",
    "",
)
TEST_GUEST_LEFT = Mutation(
    "test-guest-left",
    "With a scenario that is removed, a guest reappears on the replica host as for a test.",
    "",
)
GUEST_UNPLUGGED = Mutation(
    "guest-unplugged",
    "With a scenario that is removed, the guest on the master host loses its network.",
    "",
)
SCENARIO_STAYS = Mutation(
    "scenario-stays",
    "A scenario that is removed stays.",
    "",
)
ENTRIES_STAY = Mutation(
    "entries-stay",
    "Garoon says that it deletes an entry, and keeps it.",
    "",
)

LEFTOVERS = {
    mutation.name: mutation
    for mutation in (
        SWITCH_VANISHES,
        ENGINE_LEFT_STOPPED,
        CONTROL_SERVICE_LEFT_STOPPED,
        TEST_GUEST_LEFT,
        GUEST_UNPLUGGED,
        SCENARIO_STAYS,
        ENTRIES_STAY,
    )
}
