"""What the product costs, measured: `python -m bench` (docs/bench.md)."""
