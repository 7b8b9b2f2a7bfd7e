"""The journal of a run: its entries, who writes and who reads them. docs/journal.md describes the format."""
