"""Every tool over one release."""

from __future__ import annotations

from collections.abc import Mapping

from coopdec_graph.service.mcp.describe_tool import describe_tool
from coopdec_graph.service.mcp.holdings import Holdings
from coopdec_graph.service.mcp.known import Knowledge
from coopdec_graph.service.mcp.question_tools import question_tools
from coopdec_graph.service.mcp.schema_tool import schema_tool
from coopdec_graph.service.mcp.search_tool import search_tool
from coopdec_graph.service.mcp.searching import NameSearch
from coopdec_graph.service.mcp.sparql_tool import sparql_tool
from coopdec_graph.service.mcp.tool import Tool

__all__ = ["tools_over"]


def tools_over(holdings: Holdings) -> Mapping[str, Tool]:
    """By name: those that find and describe first, then the questions."""
    knowledge = Knowledge(holdings)
    tools = (
        search_tool(NameSearch(holdings), NameSearch.ABOUT),
        describe_tool(holdings, knowledge),
        schema_tool(holdings),
        sparql_tool(holdings, knowledge),
        *question_tools(holdings),
    )
    return {tool.name: tool for tool in tools}
