"""The numbers in docs/performance.md, re-run."""
