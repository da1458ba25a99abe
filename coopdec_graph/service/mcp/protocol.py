"""The tools handed to the official SDK: lists, answers, errors that a model can act upon."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from typing import Any

import mcp_types as types
from mcp.server import Server, ServerRequestContext
from mcp.shared.exceptions import MCPError

from coopdec_graph import __version__
from coopdec_graph.errors import CoopdecError, UsageError
from coopdec_graph.language import Bilingual
from coopdec_graph.questions.refusals import nearest_of, refused, shortened
from coopdec_graph.resources import resource_folder
from coopdec_graph.service.mcp.holdings import Holdings
from coopdec_graph.service.mcp.tool import TEXT, Tool, object_of
from coopdec_graph.service.mcp.tools import tools_over

__all__ = ["INSTRUCTIONS", "ONTOLOGY_URI", "mcp_server"]

_LOG = logging.getLogger(__name__)

ONTOLOGY_URI = "coopdec://ontology"
_TURTLE = "text/turtle"
_NAME = "coopdec-graph"
_TITLE = Bilingual(
    "Partenariats des collectivités françaises avec l'étranger",
    "French local authorities' partnerships abroad",
)
INSTRUCTIONS = Bilingual(
    "Graphe des partenariats des collectivités françaises avec l'étranger. Prenez d'abord l'outil de"
    " la question qui convient ; « search » donne les IRI des noms, « describe » ce qui est dit d'une"
    " chose. Sinon « schema », puis « sparql ». Si « truncated » est vrai, il manque des lignes. Citez"
    " « release » ; lisez « reading » avant d'additionner des montants. N'inventez ni IRI ni terme.",
    "Graph of French local authorities' partnerships abroad. First take the tool of the question that"
    " fits; “search” gives the IRIs of names, “describe” what is said of a thing. Otherwise “schema”,"
    " then “sparql”. If “truncated” is true, rows are missing. Cite “release”; read “reading” before"
    " adding amounts up. Invent neither IRIs nor terms.",
)
_NO_TOOL = Bilingual(
    "Il n'y a pas d'outil « {name} ».{nearest}", "There is no tool “{name}”.{nearest}"
)
_NO_RESOURCE = Bilingual(
    "Il n'y a pas de ressource « {name} ».{nearest}", "There is no resource “{name}”.{nearest}"
)
_DEFECT = Bilingual(
    "Le serveur a rencontré un défaut. Il est noté dans son journal.",
    "The server met a defect of its own. It is noted in its log.",
)
_ONTOLOGY = Bilingual("L'ontologie, en Turtle", "The ontology, in Turtle")
# Nothing changes but with the release, of which a client learns in each answer.
_FRESH_MS = 60_000

Context = ServerRequestContext[Any]


def mcp_server(holdings: Holdings) -> Server[Any]:
    """The server over one release; it holds nothing of one client."""
    tools = tools_over(holdings)
    listed = types.ListToolsResult(
        tools=[_listed(tool) for tool in tools.values()], ttl_ms=_FRESH_MS, cache_scope="public"
    )

    async def list_tools(context: Context, asked: object) -> types.ListToolsResult:
        return listed

    async def call_tool(
        context: Context, asked: types.CallToolRequestParams
    ) -> types.CallToolResult:
        tool = tools.get(asked.name)
        if tool is None:
            raise _not_found(_NO_TOOL, asked.name, tools)
        return await _called(holdings.release, tool, asked.arguments or {})

    return Server(
        _NAME,
        version=__version__,
        title=_both(_TITLE),
        instructions=_both(INSTRUCTIONS),
        # No argument of a tool travels in a header.
        get_tool_input_schema=lambda name: None,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=_list_resources,
        on_read_resource=_read_resource,
    )


def _both(text: Bilingual) -> str:
    return f"{text.fr} / {text.en}"


def _listed(tool: Tool) -> types.Tool:
    answer = {"release": TEXT, "took_ms": {"type": "integer", "minimum": 0}, **tool.output}
    return types.Tool(
        name=tool.name,
        title=_both(tool.title),
        description=_both(tool.description),
        input_schema=tool.input,
        output_schema=object_of(answer),
        annotations=types.ToolAnnotations(
            title=_both(tool.title),
            read_only_hint=True,
            destructive_hint=False,
            idempotent_hint=True,
            open_world_hint=tool.open_world,
        ),
    )


async def _called(
    release: str, tool: Tool, arguments: Mapping[str, object]
) -> types.CallToolResult:
    began = time.monotonic()
    try:
        answer = await tool.answer(arguments)
    except CoopdecError as error:
        return _refused(error)
    except Exception:
        # Whoever asks gets no detail; whoever runs the server finds it in the log.
        _LOG.exception("tool %s", tool.name)
        raise MCPError(types.INTERNAL_ERROR, _both(_DEFECT)) from None
    ms = round(1000 * (time.monotonic() - began))
    return _result({"release": release, "took_ms": ms, **answer})


def _result(answer: dict[str, object], failed: bool = False) -> types.CallToolResult:
    """The answer twice: as data, and as the text that clients without data read."""
    text = json.dumps(answer, ensure_ascii=False)
    return types.CallToolResult(
        content=[types.TextContent(type="text", text=text)],
        structured_content=answer,
        is_error=failed,
    )


def _refused(error: CoopdecError) -> types.CallToolResult:
    """The message in both languages, and all that the error tells a program."""
    message = {"fr": error.text("fr"), "en": error.text("en")}
    told = {"code": type(error).__name__, "message": message, **error.details}
    text = f"{message['fr']}\n{message['en']}"
    return types.CallToolResult(
        content=[types.TextContent(type="text", text=text)],
        structured_content={"error": told},
        is_error=True,
    )


def _not_found(message: Bilingual, name: str, known: Mapping[str, object]) -> MCPError:
    text = shortened(name.encode("utf-8", "replace").decode())
    error = refused(UsageError, message, nearest_of(text, known), name=text)
    told = f"{error.text('fr')} / {error.text('en')}"
    return MCPError(types.INVALID_PARAMS, told, dict(error.details))


async def _list_resources(context: Context, asked: object) -> types.ListResourcesResult:
    ontology = types.Resource(
        uri=ONTOLOGY_URI,
        name="ontology",
        title=_both(_ONTOLOGY),
        mime_type=_TURTLE,
    )
    return types.ListResourcesResult(resources=[ontology])


async def _read_resource(
    context: Context, asked: types.ReadResourceRequestParams
) -> types.ReadResourceResult:
    if asked.uri != ONTOLOGY_URI:
        raise _not_found(_NO_RESOURCE, asked.uri, {ONTOLOGY_URI: None})
    text = (resource_folder("ontology") / "coopdec.ttl").read_text("utf-8")
    content = types.TextResourceContents(uri=ONTOLOGY_URI, mime_type=_TURTLE, text=text)
    return types.ReadResourceResult(contents=[content])
