"""`make bench`: what a drill sends over the wire, whether probes keep their schedule, and whether figures are true."""

from tests.bench import failovers, open_loop, wire

COUNT = 1000
SECONDS = 60.0

wire.main()
kept = open_loop.main(SECONDS)
true = failovers.main(COUNT)
raise SystemExit(not (kept and true))
