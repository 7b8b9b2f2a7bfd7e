"""A runbook for people: the steps of drills as click paths, with usual times and last proofs (docs/runbook.md)."""
