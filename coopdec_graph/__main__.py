"""`python -m coopdec_graph`: the `coopdec` command."""

from coopdec_graph.cli import main

main()
