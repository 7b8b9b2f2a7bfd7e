"""`make bench`: what a drill sends, what a large report and a long history cost, whether figures are true."""

from tests.bench import failovers, many_records, open_loop, pages, reports, wire

COUNT = 1000
SECONDS = 60.0

wire.main()
reports.main()
pages.main()
many_records.main()
kept = open_loop.main(SECONDS)
true = failovers.main(COUNT)
raise SystemExit(not (kept and true))
