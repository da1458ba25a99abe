"""Every format is written by a process that may write no file and has little memory."""

from __future__ import annotations

import subprocess
import sys

from coopdec_graph.graph.query import Form
from coopdec_graph.results.formats import formats_of

_SCRIPT = """
import resource, sys
import pyoxigraph as ox
from tests.results.answers import values, written

resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
resource.setrlimit(resource.RLIMIT_AS, (700 << 20, 700 << 20))
for name in sys.argv[1:]:
    query = values('1', '"POINT(1 2)"^^geo:wktLiteral')
    if name in ("turtle", "jsonld", "nt", "rdfxml"):
        query = "CONSTRUCT { <a:a> <a:b> 1 , 2 } {}"
    body, done = written(query, name, 10)
    assert body and (done.rows, done.truncated) == (2, False), name
    print(name)
"""


def test_every_format_is_written_within_the_walls():
    kinds = [*formats_of(Form.SELECT), *formats_of(Form.GRAPH)]
    names = [format.name for format in kinds if format.name != "html"]
    assert len(names) == 12
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, *names], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == names
