"""The `coopdec` command: one verb per stage.

Exit codes: 0 fine, 1 data refused, 2 wrong usage.
"""

from coopdec_graph.cli.main import main

__all__ = ["main"]
